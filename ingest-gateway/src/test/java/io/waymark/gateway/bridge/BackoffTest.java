package io.waymark.gateway.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesUpToItsBoundAndBeginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(Duration.ofSeconds(3), () -> 0.999999);
        assertThat(backoff.failed()).isEqualTo(499);
        assertThat(backoff.failed()).isEqualTo(999);
        assertThat(backoff.failed()).isEqualTo(1_999);
        assertThat(backoff.failed()).isEqualTo(2_999);
        assertThat(backoff.failed()).isEqualTo(2_999);
        backoff.succeeded();
        assertThat(backoff.failed()).isEqualTo(499);
    }

    @Test
    void waitsAtLeastHalf() {
        assertThat(new Backoff(Duration.ofSeconds(3), () -> 0).failed()).isEqualTo(250);
        assertThat(new Backoff(Duration.ofMillis(100), () -> 0).failed()).isEqualTo(50);
    }
}
