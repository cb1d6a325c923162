package io.waymark.gateway.bridge;

import io.waymark.gateway.bridge.BridgeConfig.Protocol;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A bridge as tests want it, to be varied. */
final class BridgeSample {
    String name = "plant";
    String uri;
    Protocol protocol = Protocol.MQTT_5;
    Optional<BridgeConfig.Login> login = Optional.empty();
    BridgeConfig.Tls tls = BridgeConfig.Tls.NONE;
    List<String> filters = List.of("plant/#");
    int qos = 1;
    int inFlightMax = 100;
    boolean retained = true;
    Duration keepAlive = Duration.ofSeconds(30);

    BridgeSample(String uri) {
        this.uri = uri;
    }

    BridgeConfig config() {
        return new BridgeConfig(
                name,
                URI.create(uri),
                protocol,
                "waymark-" + name,
                login,
                tls,
                filters,
                qos,
                Duration.ofHours(1),
                inFlightMax,
                keepAlive,
                retained,
                DeviceTemplate.of("plant/{device}/#"),
                Duration.ofMillis(200));
    }
}
