package io.waymark.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.RawClient;
import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.access.ConnectAuthenticator;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.session.SessionLimits;
import io.waymark.gateway.session.SessionTable;
import io.waymark.storage.device.DeviceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The server alone, with the test's own journal in the place of the spool. */
final class ServerFixture implements AutoCloseable {
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final MqttServer server;

    private final DeviceStore devices;
    private final ConnectAuthenticator authenticator;

    ServerFixture(Path directory, Offer offer, Journal journal) {
        devices = DeviceStore.open(directory, metrics);
        authenticator = new ConnectAuthenticator(devices, 1, metrics);
        server = MqttServer.start(
                new ServerSettings(
                        new ServerSettings.Listeners(
                                new ServerSettings.Listener(List.of("127.0.0.1"), 0),
                                Optional.empty(),
                                Optional.empty()),
                        new ServerSettings.Connections(100, 0, Duration.ofSeconds(20)),
                        true,
                        offer,
                        2),
                journal,
                (queue, from, entries, octets) -> List.of(),
                authenticator,
                new SessionTable(SessionLimits.defaults(), metrics, Clock.systemUTC()),
                new LiveDevices(new AccessRules(List.of()), metrics, Clock.systemUTC()),
                new Rejections(RejectionLimits.defaults(), "rejected", "test", journal::offer, metrics),
                metrics,
                Clock.systemUTC());
    }

    void register(String device, String password) {
        new DeviceRegistry(devices, Clock.systemUTC()).create(device, "", Optional.of(password));
    }

    int port() {
        return server.address().getPort();
    }

    double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    /** Not even what should come later. */
    static void assertNothingComes(RawClient client) throws IOException {
        client.send("c000");
        assertThat(client.receive()).as("nothing before PINGRESP").isEqualTo("d000");
    }

    @Override
    public void close() {
        server.close();
        authenticator.close();
        devices.close();
    }
}
