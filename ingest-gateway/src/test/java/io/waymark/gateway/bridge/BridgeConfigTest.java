package io.waymark.gateway.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BridgeConfigTest {
    private static void refused(Consumer<BridgeSample> change, String saying) {
        BridgeSample sample = new BridgeSample("tcp://127.0.0.1:1883");
        change.accept(sample);
        assertThatThrownBy(sample::config)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(saying);
    }

    @Test
    void whatIsOutOfBoundsIsNamed() {
        refused(s -> s.name = "a b", "name must be");
        refused(s -> s.uri = "http://127.0.0.1:80", "began with http");
        refused(s -> s.uri = "tcp://127.0.0.1", "host and port");
        refused(s -> s.uri = "tcp://me:secret@127.0.0.1:1883", "must not hold user name");
        refused(s -> s.filters = List.of(), "filters must be 1..256 but were 0");
        refused(s -> s.filters = List.of("a/#/b"), "a/#/b");
        refused(s -> s.filters = List.of("a", "a"), "must differ");
        refused(s -> s.qos = 3, "qos must be in 0..2 but was 3");
        refused(s -> s.inFlightMax = 0, "in-flight-max must be in 1..65535 but was 0");
    }

    @Test
    void onlyMqtt5Shares() {
        refused(
                s -> {
                    s.protocol = BridgeConfig.Protocol.MQTT_3_1_1;
                    s.filters = List.of("$share/g/plant/#");
                },
                "shared only with version 5");
    }

    @Test
    void aPasswordIsNotShown() {
        BridgeSample sample = new BridgeSample("wss://127.0.0.1:443/mqtt");
        sample.login = Optional.of(new BridgeConfig.Login("waymark", "hunter2"));
        assertThat(sample.config().toString()).contains("waymark").doesNotContain("hunter2");
        assertThat(sample.config().isSecure()).isTrue();
    }
}
