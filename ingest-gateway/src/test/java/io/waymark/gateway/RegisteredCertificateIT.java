package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.access.DeviceChange;
import io.waymark.gateway.access.NewDevice;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import io.waymark.gateway.server.ServerSettings.ClientCertificates.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that the registry of devices names, and what a change of them does to connections. */
class RegisteredCertificateIT {
    private static final String ACCEPTED = "20020000";
    private static final String NOT_AUTHORIZED = "20020005";

    @TempDir
    static Path directory;

    static Certificates certificates;

    @TempDir
    Path data;

    @BeforeAll
    static void issue() throws Exception {
        certificates = new Certificates(directory.resolve("pki"));
        certificates.issue("server", "gateway");
        certificates.issue("old", "maker-4711");
        certificates.issue("new", "maker-4712");
    }

    private GatewayFixture open() {
        ServerSettings.Tls tls = new ServerSettings.Tls(
                new ServerSettings.Listener(List.of("127.0.0.1"), 0),
                certificates.file("server.pem"),
                certificates.file("server.key"),
                new ClientCertificates(
                        Mode.REQUIRED, Optional.of(certificates.file("ca.pem")), Optional.empty(), true, Map.of()),
                Duration.ofMinutes(1));
        return new GatewayFixture(data, GatewayFixture.config().withServer(server -> server.withMqtts(tls)));
    }

    private static void register(GatewayFixture at, String id, String... names) {
        at.gateway.devices().create(new NewDevice(id, "hall", true, false, Optional.empty(), List.of(names)));
    }

    private static void name(GatewayFixture at, String id, String... names) {
        DeviceChange change = new DeviceChange(Optional.empty(), Optional.empty(), Optional.of(List.of(names)));
        assertThat(at.gateway.devices().change(id, change)).isPresent();
    }

    private static RawClient client(GatewayFixture at, String certificate) throws Exception {
        int port = at.gateway.mqttsAddress().orElseThrow().getPort();
        return new RawClient(
                (SSLSocket) certificates.client(certificate).getSocketFactory().createSocket("127.0.0.1", port));
    }

    private static String connect(RawClient client, String clientId) throws IOException {
        client.send(RawClient.connect(4, clientId, true, 0));
        return client.receive();
    }

    private static void publishes(RawClient client, int packetId) throws IOException {
        client.send(RawClient.publish(4, 2, "t", packetId, "x"));
        assertThat(client.receive()).isEqualTo(String.format("4002%04x", packetId));
    }

    @Test
    void whileItRollsOverADeviceComesWithEitherCertificateAndTheRemovedOneEndsItsConnectionAlone() throws Exception {
        String before = certificates.fingerprint("old");
        String after = certificates.fingerprint("new");
        try (GatewayFixture gateway = open()) {
            register(gateway, "oven-1", before, after);
            try (RawClient old = client(gateway, "old");
                    RawClient rolled = client(gateway, "new")) {
                assertThat(connect(old, "c-old")).isEqualTo(ACCEPTED);
                assertThat(connect(rolled, "c-new")).isEqualTo(ACCEPTED);
                publishes(old, 1);
                publishes(rolled, 1);
                assertThat(gateway.spooled())
                        .allSatisfy(m -> assertThat(m.deviceId())
                                .as("whichever it shows")
                                .isEqualTo("oven-1"));

                name(gateway, "oven-1", after);
                assertThat(old.receive()).isEqualTo(RawClient.CLOSED);
                publishes(rolled, 2);
            }
            try (RawClient old = client(gateway, "old")) {
                assertThat(connect(old, "c-old")).isEqualTo(NOT_AUTHORIZED);
            }
            gateway.restart();
            try (RawClient old = client(gateway, "old");
                    RawClient rolled = client(gateway, "new")) {
                assertThat(connect(old, "c-old")).isEqualTo(NOT_AUTHORIZED);
                assertThat(connect(rolled, "c-new")).as("after a restart").isEqualTo(ACCEPTED);
            }
        }
    }

    @Test
    void aCertificateNamedBySubjectGoesToAnotherDeviceAndTakesNoConnectionAlong() throws Exception {
        try (GatewayFixture gateway = open()) {
            register(gateway, "oven-1", "CN=maker-4711", "CN=spare-1");
            register(gateway, "oven-2", "CN=spare-2");
            try (RawClient oven = client(gateway, "old")) {
                assertThat(connect(oven, "c")).isEqualTo(ACCEPTED);
                publishes(oven, 1);
                name(gateway, "oven-1", "CN=spare-1");
                assertThat(oven.receive()).isEqualTo(RawClient.CLOSED);
            }
            name(gateway, "oven-2", "CN=spare-2", "cn=MAKER-4711");
            try (RawClient oven = client(gateway, "old")) {
                assertThat(connect(oven, "c")).isEqualTo(ACCEPTED);
                publishes(oven, 1);
            }
            assertThat(gateway.spooled())
                    .extracting(message -> message.deviceId())
                    .containsExactly("oven-1", "oven-2");
        }
    }

    @Test
    void aDeviceThatNamesCertificatesAcceptsNoOtherThatBearsItsName() throws Exception {
        try (GatewayFixture gateway = open()) {
            register(gateway, "maker-4711", certificates.fingerprint("new"));
            try (RawClient namesake = client(gateway, "old");
                    RawClient named = client(gateway, "new")) {
                assertThat(connect(namesake, "c")).isEqualTo(NOT_AUTHORIZED);
                assertThat(connect(named, "c")).isEqualTo(ACCEPTED);
            }
        }
    }
}
