package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.waymark.resolver.tls.TlsSettings;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on the HTTP port: which key is shown to whom, what is refused, and how certificates are exchanged. */
class TlsIT {
    private static final Duration OFTEN = Duration.ofMillis(100);

    @TempDir
    Path directory;

    @TempDir
    static Path plainDirectory;

    private static NodeHarness plain;

    @BeforeAll
    static void start() {
        plain = new NodeHarness(plainDirectory).withRecords();
    }

    @AfterAll
    static void stop() {
        plain.close();
    }

    private NodeHarness with(OpenSsl.Pem pem) {
        TlsSettings tls =
                new TlsSettings(true, Optional.of(new TlsSettings.Files(pem.certificate(), pem.key())), true, OFTEN);
        return new NodeHarness(directory, Duration.ofMinutes(1), tls);
    }

    /** What curl calls a pinned key: the digest of the public key in the form certificates hold it. */
    private static String nodeKeyPin(Path directory) throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(
                        Files.readAllBytes(directory.resolve("keys").resolve("node-key.der"))));
        byte[] publicKey = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                .getEncoded();
        return pin(publicKey);
    }

    private static String pin(byte[] publicKey) throws Exception {
        return "sha256//"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(publicKey));
    }

    private static String https(NodeHarness harness, String path) {
        return "https://127.0.0.1:" + harness.node.httpAddress().getPort() + path;
    }

    private static SSLSocket connect(NodeHarness harness, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setEnabledProtocols(protocols);
        socket.setSoTimeout(10_000);
        socket.connect(harness.node.httpAddress());
        return socket;
    }

    private static X509Certificate shown(NodeHarness harness, String host) throws Exception {
        try (SSLSocket socket = connect(harness, "TLSv1.3")) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void curlGetsARecordAndSeesTheNodesOwnKey() throws Exception {
        NodeHarness harness = plain;
        Curl.Result right = Curl.run(
                "-k",
                "--pinnedpubkey",
                nodeKeyPin(plainDirectory),
                https(harness, "/api/handles/88.118.8/ABC123?type=URL"));
        Curl.Result wrong =
                Curl.run("-k", "--pinnedpubkey", pin(new byte[] {1}), https(harness, "/api/handles/88.118.8/ABC123"));

        assertThat(right.exit()).isZero();
        assertThat(right.status()).isEqualTo(200);
        assertThat(right.body()).contains(NodeHarness.URL);
        assertThat(wrong.exit()).as("curl's code for another key than pinned").isEqualTo(90);
    }

    @Test
    void onePortSpeaksBoth() throws Exception {
        NodeHarness harness = plain;
        String address = harness.http("/api/site").toString();

        assertThat(Curl.run(address).status()).isEqualTo(200);
        assertThat(Curl.run("-k", address.replace("http:", "https:")).status()).isEqualTo(200);
    }

    @Test
    void theSiteRecordSaysSo() throws Exception {
        NodeHarness harness = plain;
        assertThat(Curl.run(harness.http("/api/site").toString()).body())
                .contains("\"protocol\":\"HTTPS\",\"port\":"
                        + harness.node.httpAddress().getPort());
    }

    @Test
    void switchedOffItIsNeitherSpokenNorAdvertised() throws Exception {
        TlsSettings off = new TlsSettings(false, Optional.empty(), false, OFTEN);
        try (NodeHarness harness = new NodeHarness(directory, Duration.ofMinutes(1), off)) {
            assertThat(Curl.run("-k", https(harness, "/api/site")).exit()).isNotZero();
            assertThat(Curl.run(harness.http("/api/site").toString()).body()).doesNotContain("HTTPS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1", "TLSv1.1"})
    void oldProtocolsAreRefused(String protocol) throws Exception {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), plain.node.httpAddress().getPort())) {
            // Java's own client refuses to speak these, so the hello is written by hand
            int minor = protocol.equals("TLSv1") ? 1 : 2;
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(hello(minor));
            byte[] answer = socket.getInputStream().readNBytes(7);

            assertThat(answer[0]).as("a TLS alert").isEqualTo((byte) 0x15);
            assertThat(answer[6]).as("protocol_version").isEqualTo((byte) 70);
        }
    }

    /** ClientHello of TLS 1.0 or 1.1: record and handshake headers, version, random, one cipher suite, no compression. */
    private static byte[] hello(int minor) {
        byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 2 + 2];
        int body = hello.length - 9;
        hello[0] = 0x16;
        hello[1] = 3;
        hello[2] = 1;
        hello[4] = (byte) (body + 4);
        hello[5] = 1; // client_hello
        hello[8] = (byte) body;
        hello[9] = 3;
        hello[10] = (byte) minor;
        hello[45] = 2; // one suite of two octets:
        hello[46] = 0x00;
        hello[47] = 0x2f; // RSA with AES-128-CBC and SHA-1
        hello[48] = 1; // one compression method: none
        return hello;
    }

    @Test
    void clientsThatNameAHostAreShownTheOperatorsCertificate() throws Exception {
        OpenSsl.Pem pem = OpenSsl.certificate(directory, "operator", "ec", "/CN=node.example");
        try (NodeHarness harness = with(pem)) {
            assertThat(shown(harness, "node.example").getSubjectX500Principal().getName())
                    .isEqualTo("CN=node.example");
            assertThat(pin(shown(harness, "").getPublicKey().getEncoded()))
                    .as("Handle clients connect by address and demand the key of the site record")
                    .isEqualTo(nodeKeyPin(directory));
            assertThat(Curl.run(
                                    "--cacert",
                                    pem.certificate().toString(),
                                    "--resolve",
                                    "node.example:" + harness.node.httpAddress().getPort() + ":127.0.0.1",
                                    "https://node.example:"
                                            + harness.node.httpAddress().getPort() + "/api/site")
                            .status())
                    .as("verified by name and authority")
                    .isEqualTo(200);
        }
    }

    @Test
    void aNewCertificateIsTakenWithoutARestart() throws Exception {
        OpenSsl.Pem used = OpenSsl.certificate(directory, "used", "rsa:2048", "/CN=old.example");
        OpenSsl.Pem fresh = OpenSsl.certificate(directory, "fresh", "rsa:2048", "/CN=new.example");
        try (NodeHarness harness = with(used)) {
            Files.copy(fresh.key(), used.key(), StandardCopyOption.REPLACE_EXISTING);
            Awaitility.await().until(() -> reloads(harness, "refused") == 1); // half exchanged: the old one stays
            assertThat(subject(harness)).isEqualTo("CN=old.example");

            Files.copy(fresh.certificate(), used.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Awaitility.await().until(() -> reloads(harness, "taken") == 1);
            assertThat(subject(harness)).isEqualTo("CN=new.example");
        }
    }

    private static double reloads(NodeHarness harness, String outcome) {
        return harness.count("waymark.resolver.tls.reloads", "outcome", outcome);
    }

    private static String subject(NodeHarness harness) throws Exception {
        return shown(harness, "any.example").getSubjectX500Principal().getName();
    }

    @Test
    void aBrokenFileAtTheStartIsNamed() throws Exception {
        OpenSsl.Pem pem = OpenSsl.certificate(directory, "one", "ec", "/CN=a");
        OpenSsl.Pem other = OpenSsl.certificate(directory, "two", "ec", "/CN=b");
        Path text = Files.writeString(directory.resolve("text"), "no key at all", StandardCharsets.UTF_8);

        assertThatThrownBy(() -> with(new OpenSsl.Pem(pem.certificate(), other.key())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("two.key is not that of certificate")
                .hasMessageContaining("one.crt");
        assertThatThrownBy(() -> with(new OpenSsl.Pem(pem.certificate(), text)))
                .hasMessageContaining("text holds no unencrypted private key");
    }

    @Test
    void aCertificateForTheNodesOwnKeyIsShownToEverybody() throws Exception {
        new NodeHarness(directory).close(); // makes the key
        OpenSsl.Pem node = OpenSsl.withKeyAs(
                new OpenSsl.Pem(
                        directory.resolve("node.crt"), directory.resolve("keys").resolve("node-key.der")),
                "node",
                "pkey",
                "-inform",
                "DER");
        OpenSsl.Pem signed = OpenSsl.certificateOf(directory, "signed", node.key(), "/CN=by.an.authority");
        try (NodeHarness harness = with(signed)) {
            assertThat(shown(harness, "").getSubjectX500Principal().getName()).isEqualTo("CN=by.an.authority");
            assertThat(subject(harness)).isEqualTo("CN=by.an.authority");
        }
    }

    @Test
    void handshakesAreCounted() throws Exception {
        NodeHarness harness = plain;
        double before = harness.count("waymark.resolver.tls.handshakes", "outcome", "success");
        double failures = harness.count("waymark.resolver.tls.handshakes", "outcome", "failure");
        Curl.run("-k", https(harness, "/api/site"));
        assertThat(harness.count("waymark.resolver.tls.handshakes", "outcome", "success"))
                .isEqualTo(before + 1);
        try (SSLSocket weak = connect(harness, "TLSv1.2")) {
            weak.setEnabledCipherSuites(new String[] {"TLS_RSA_WITH_AES_128_CBC_SHA"}); // no forward secrecy
            assertThatThrownBy(weak::startHandshake).isInstanceOf(SSLException.class);
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(harness.count("waymark.resolver.tls.handshakes", "outcome", "failure"))
                        .isEqualTo(failures + 1));
    }
}
