package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import io.waymark.gateway.server.ServerSettings.ClientCertificates.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that prove with a certificate who they are. */
class ClientCertificateIT {
    @TempDir
    static Path directory;

    static Certificates certificates;

    @BeforeAll
    static void issue() throws Exception {
        certificates = new Certificates(directory.resolve("pki"));
        certificates.issue("server", "gateway");
        certificates.issue("oven", "oven-1");
        certificates.issue("mapped", "whoever");
        certificates.writeRevocations();
    }

    static int number;

    private static GatewayFixture open(Mode mode) throws Exception {
        ServerSettings.Tls tls = new ServerSettings.Tls(
                new ServerSettings.Listener(List.of("127.0.0.1"), 0),
                certificates.file("server.pem"),
                certificates.file("server.key"),
                new ClientCertificates(
                        mode,
                        Optional.of(certificates.file("ca.pem")),
                        Optional.of(certificates.file("crl.pem")),
                        true,
                        Map.of(certificates.fingerprint("mapped"), "oven-2")),
                Duration.ofMillis(100));
        GatewayFixture opened = new GatewayFixture(
                directory.resolve("data-" + number++),
                GatewayFixture.config().withServer(server -> server.withMqtts(tls)));
        opened.gateway.devices().create("oven-1", "sensors", Optional.of("password"));
        opened.gateway.devices().create("oven-2", "sensors", Optional.of("password"));
        return opened;
    }

    private static RawClient client(GatewayFixture at, String certificate) throws Exception {
        int port = at.gateway.mqttsAddress().orElseThrow().getPort();
        SSLSocket socket =
                (SSLSocket) certificates.client(certificate).getSocketFactory().createSocket("127.0.0.1", port);
        return new RawClient(socket);
    }

    /** The CONNACK, or "closed". */
    private static String connect(RawClient client, String user) {
        try {
            client.send(RawClient.packet(0x10, body -> {
                body.writeUTF("MQTT");
                body.write(4);
                body.write(user.isEmpty() ? 2 : 0x82);
                body.writeShort(60);
                body.writeUTF("c");
                if (!user.isEmpty()) {
                    body.writeUTF(user);
                }
            }));
            return client.receive();
        } catch (IOException e) {
            return RawClient.CLOSED;
        }
    }

    @Test
    void aCertificateIsTheDeviceItsSubjectNames() throws Exception {
        try (GatewayFixture gateway = open(Mode.REQUIRED)) {
            try (RawClient oven = client(gateway, "oven")) {
                assertThat(connect(oven, "")).isEqualTo("20020000");
                oven.send(RawClient.publish(4, 2, "t", 1, "x"));
                assertThat(oven.receive()).isEqualTo("40020001");
                assertThat(gateway.spooled().get(0).deviceId()).isEqualTo("oven-1");
            }
            try (RawClient same = client(gateway, "oven");
                    RawClient other = client(gateway, "oven");
                    RawClient mapped = client(gateway, "mapped");
                    RawClient none = client(gateway, "")) {
                assertThat(connect(same, "oven-1")).isEqualTo("20020000");
                assertThat(connect(other, "oven-2")).as("somebody else's name").isEqualTo("20020005");
                assertThat(connect(mapped, "oven-2")).as("by fingerprint").isEqualTo("20020000");
                assertThat(connect(none, "")).isEqualTo(RawClient.CLOSED);
            }
            gateway.gateway.devices().setEnabled("oven-1", false);
            try (RawClient oven = client(gateway, "oven")) {
                assertThat(connect(oven, "")).as("disabled").isEqualTo("20020005");
            }
        }
    }

    @Test
    void whereCertificatesAreOptionalOthersNeedAPassword() throws Exception {
        try (GatewayFixture gateway = open(Mode.OPTIONAL);
                RawClient oven = client(gateway, "oven");
                RawClient none = client(gateway, "")) {
            assertThat(connect(oven, "")).isEqualTo("20020000");
            assertThat(connect(none, "oven-1")).as("no password").isEqualTo("20020004");
        }
    }

    @Test
    void certificatesAndRevocationsAreTakenWithoutARestart() throws Exception {
        certificates.issue("stolen", "oven-1");
        certificates.issue("next", "gateway-next");
        try (GatewayFixture gateway = open(Mode.REQUIRED)) {
            try (RawClient stolen = client(gateway, "stolen")) {
                assertThat(connect(stolen, "")).isEqualTo("20020000");
            }
            certificates.revoke("stolen");
            await().until(() -> gateway.metric("waymark.gateway.tls.reloads", "outcome", "ok") >= 1);
            try (RawClient stolen = client(gateway, "stolen");
                    RawClient oven = client(gateway, "oven")) {
                assertThat(connect(stolen, "")).isEqualTo(RawClient.CLOSED);
                assertThat(connect(oven, "")).isEqualTo("20020000");
            }
            Files.copy(
                    certificates.file("next.key"),
                    certificates.file("server.key"),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    certificates.file("next.pem"),
                    certificates.file("server.pem"),
                    StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> shown(gateway).contains("CN=gateway-next"));
            double before = gateway.metric("waymark.gateway.tls.reloads", "outcome", "failed");
            Files.writeString(certificates.file("server.pem"), "damaged");
            Files.setLastModifiedTime(certificates.file("server.pem"), FileTime.fromMillis(1));
            await().until(() -> gateway.metric("waymark.gateway.tls.reloads", "outcome", "failed") > before);
            assertThat(shown(gateway)).as("the old one still holds").contains("CN=gateway-next");
        } finally {
            certificates.issue("server", "gateway");
        }
    }

    private static String shown(GatewayFixture gateway) throws Exception {
        int port = gateway.gateway.mqttsAddress().orElseThrow().getPort();
        try (SSLSocket socket =
                (SSLSocket) certificates.client("oven").getSocketFactory().createSocket("127.0.0.1", port)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }
}
