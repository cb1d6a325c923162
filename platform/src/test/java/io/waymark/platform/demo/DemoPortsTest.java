package io.waymark.platform.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DemoPortsTest {
    @Test
    void fivePortsInARow() {
        assertThat(DemoPorts.from(40_000)).isEqualTo(new DemoPorts(40_000, 40_001, 40_002, 40_003, 40_004));
        assertThat(DemoPorts.from(0)).isEqualTo(new DemoPorts(0, 0, 0, 0, 0));
    }

    @Test
    void refusesABaseThatDoesNotFit() {
        assertThatThrownBy(() -> DemoPorts.from(65_532)).hasMessage("--port-base must be in 0..65531 but was 65532");
        assertThatThrownBy(() -> DemoPorts.from(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
