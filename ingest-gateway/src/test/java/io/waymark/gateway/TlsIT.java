package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.gateway.server.ServerSettings;
import io.waymark.testing.JavaProcess;
import io.waymark.testing.Tool;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MQTT over TLS with a certificate made here. */
class TlsIT {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    private KeyStore keyPair() throws Exception {
        Path store = directory.resolve("pair.p12");
        Tool.of(List.of(JavaProcess.program("keytool")))
                .run(
                        "-genkeypair",
                        "-alias",
                        "gateway",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .succeeded();
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD);
        }
        return loaded;
    }

    private Path pem(String name, String type, byte[] der) throws Exception {
        String text = "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
        return Files.writeString(directory.resolve(name), text);
    }

    private static GatewayConfig with(Path certificate, Path key) {
        return GatewayFixture.config()
                .withServer(server -> server.withMqtts(new ServerSettings.Tls(
                        new ServerSettings.Listener(List.of("127.0.0.1"), 0),
                        certificate,
                        key,
                        ServerSettings.ClientCertificates.NONE,
                        Duration.ofSeconds(10))));
    }

    @Test
    void clientsConnectOverTls13() throws Exception {
        KeyStore pair = keyPair();
        Certificate certificate = pair.getCertificate("gateway");
        Key key = pair.getKey("gateway", PASSWORD);
        GatewayConfig config = with(
                pem("cert.pem", "CERTIFICATE", certificate.getEncoded()),
                pem("key.pem", "PRIVATE KEY", key.getEncoded()));
        try (GatewayFixture fixture = new GatewayFixture(directory.resolve("data"), config)) {
            int port = fixture.gateway.mqttsAddress().orElseThrow().getPort();
            Socket socket = trusting(certificate).getSocketFactory().createSocket("127.0.0.1", port);
            assertThat(((SSLSocket) socket).getSession().getProtocol()).isEqualTo("TLSv1.3");
            try (RawClient client = new RawClient(socket)) {
                client.send(RawClient.connect(4, "secret", true, 0));
                assertThat(client.receive()).isEqualTo("20020000");
                client.send(RawClient.publish(4, 2, "t", 1, "x".repeat(100_000)));
                assertThat(client.receive()).isEqualTo("40020001");
            }
            try (RawClient plain = new RawClient(port)) {
                plain.send(RawClient.connect(4, "open", true, 0));
                assertThat(plain.receive()).as("TLS alert or end, no CONNACK").doesNotStartWith("20");
            }
            assertThat(fixture.spooled()).hasSize(1);
        }
    }

    private static SSLContext trusting(Certificate certificate) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("gateway", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Test
    void aMissingCertificateIsNamed() {
        GatewayConfig config = with(directory.resolve("absent.pem"), directory.resolve("absent.key"));
        assertThatThrownBy(() -> new GatewayFixture(directory.resolve("data"), config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absent.pem");
    }
}
