package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.admin.HandleKeys;
import io.waymark.resolver.admin.NodeKey;
import io.waymark.resolver.upstream.SignaturePolicy;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** People of a delegated prefix prove at this node who they are, with keys that live at the enterprise's. */
@Timeout(90)
class ForeignIdentityIT {
    private static final String PREFIX = "88.118.9";
    private static final String STAFF = PREFIX + "/STAFF";
    private static final String SHARED = "88.118.8/shared";
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    @TempDir
    static Path directory;

    private static KeyPair keys;
    private static NodeHarness enterprise;
    private static NodeHarness node;
    private static NodeHarness incurious;

    @BeforeAll
    static void start() throws Exception {
        keys = pair();
        enterprise = new NodeHarness(Files.createDirectory(directory.resolve("enterprise")));
        NodeHarness.done(enterprise.node.registrar().homePrefix(PREFIX, new byte[] {1}));
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        byte[] octets = HandleKeys.encode(HandleKeys.RSA, key.getPublicExponent(), key.getModulus());
        enterprise.put(
                STAFF, HandleValue.of(300, "HS_PUBKEY", octets, 0), HandleValue.text(301, "HS_SECKEY", "open", 0));
        enterprise.put(PREFIX + "/KEYLESS", HandleValue.text(1, "URL", "https://nobody.example", 0));
        node = node("curious", Set.of("*"));
        incurious = node("incurious", Set.of("88.118.7"));
    }

    private static NodeHarness node(String name, Set<String> identities) throws IOException {
        NodeHarness made = new NodeHarness(
                        Files.createDirectory(directory.resolve(name)),
                        Delegations.asking(SignaturePolicy.IGNORED, identities, DEADLINE))
                .withRecords();
        made.put(
                SHARED,
                HandleValue.text(1, "URL", NodeHarness.URL, 0),
                HandleValue.of(
                        100, "HS_ADMIN", new io.waymark.identifier.handle.AdminRecord(0xfff, STAFF, 300).encode(), 0));
        Delegations.delegate(made, PREFIX, enterprise.node.site());
        return made;
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    @BeforeEach
    void delegate() {
        Delegations.delegate(node, PREFIX, enterprise.node.site());
    }

    @AfterAll
    static void stop() {
        incurious.close();
        node.close();
        enterprise.close();
    }

    private static double remote(String outcome) {
        return node.count("waymark.resolver.identities.remote", "outcome", outcome);
    }

    // --- the binary protocol

    private static byte[] proof(PrivateKey key, byte[] nonceAndDigest) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(nonceAndDigest);
        byte[] octets = signature.sign();
        return IdPointerClient.join(IdPointerClient.utf8("SHA-256"), IdPointerClient.i4(octets.length), octets);
    }

    private static int login(NodeHarness at, String identity, int index, PrivateKey key) throws Exception {
        try (IdPointerClient client = new IdPointerClient(at.node.handleTcpAddress())) {
            return client.logIn(7, identity, index, "HS_PUBKEY", input -> proof(key, input))
                    .responseCode();
        }
    }

    @Test
    void whoseKeyLivesElsewhereAdministersWhatNamesHim() throws Exception {
        try (IdPointerClient client = new IdPointerClient(node.node.handleTcpAddress())) {
            int login = client.logIn(9, STAFF, 300, "HS_PUBKEY", input -> proof(keys.getPrivate(), input))
                    .responseCode();
            byte[] values = IdPointerClient.join(
                    IdPointerClient.utf8(SHARED),
                    IdPointerClient.i4(1),
                    IdPointerClient.value(2, "NOTE", "by the enterprise's staff"));

            assertThat(login).isEqualTo(1);
            assertThat(client.send(9, IdPointerClient.ADD, IdPointerClient.DEFAULT, values)
                            .responseCode())
                    .isEqualTo(1);
            byte[] others = IdPointerClient.join(
                    IdPointerClient.utf8("88.118.8/ABC123"),
                    IdPointerClient.i4(1),
                    IdPointerClient.value(9, "NOTE", "not his"));
            assertThat(client.send(9, IdPointerClient.ADD, IdPointerClient.DEFAULT, others)
                            .responseCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void keysAreRememberedForAWhile() throws Exception {
        login(node, STAFF, 300, keys.getPrivate());
        double before = enterprise.count("waymark.resolver.requests");

        assertThat(login(node, STAFF, 0, keys.getPrivate())).isEqualTo(1);
        assertThat(enterprise.count("waymark.resolver.requests")).isEqualTo(before);
    }

    @Test
    void aWrongKeyProvesNothing() throws Exception {
        assertThat(login(node, STAFF, 300, pair().getPrivate())).isEqualTo(403);
        assertThat(login(node, STAFF, 299, keys.getPrivate())).isEqualTo(403);
        assertThat(login(node, PREFIX + "/KEYLESS", 300, keys.getPrivate())).isEqualTo(404);
        assertThat(login(node, PREFIX + "/NOBODY", 300, keys.getPrivate())).isEqualTo(404);
    }

    @Test
    void aSecretAnybodyCanReadProvesNothing() throws Exception {
        try (IdPointerClient client = new IdPointerClient(node.node.handleTcpAddress())) {
            byte[] secret = "open".getBytes(StandardCharsets.UTF_8);
            int login = client.logIn(7, STAFF, 301, "HS_SECKEY", input -> {
                        var digest = java.security.MessageDigest.getInstance("SHA-256");
                        digest.update(IdPointerClient.join(secret, input, secret));
                        return IdPointerClient.join(new byte[] {3}, digest.digest());
                    })
                    .responseCode();

            assertThat(login).isEqualTo(404);
        }
    }

    @Test
    void nobodyIsAskedUnlessSetSo() throws Exception {
        double before = enterprise.count("waymark.resolver.requests");

        assertThat(login(incurious, STAFF, 300, keys.getPrivate())).isEqualTo(404);
        assertThat(login(node, "88.77/STAFF", 300, keys.getPrivate())).isEqualTo(404);
        assertThat(enterprise.count("waymark.resolver.requests")).isEqualTo(before);
    }

    /** Though this node believes unsigned answers when it resolves. */
    @Test
    void keysMustBeSignedByTheSite() throws Exception {
        byte[] stranger = NodeKey.loadOrCreate(directory.resolve("stranger")).publicKey();
        SiteInfo site = enterprise.node.site();
        double before = remote("unanswered");

        Delegations.delegate(node, PREFIX, Delegations.keyed(site, stranger));
        assertThat(login(node, STAFF, 300, keys.getPrivate())).isEqualTo(404);
        Delegations.delegate(node, PREFIX, Delegations.keyed(site, new byte[0]));
        assertThat(login(node, STAFF, 300, keys.getPrivate())).isEqualTo(404);

        assertThat(remote("unanswered")).isEqualTo(before + 2);
    }

    // --- prefixes somebody else delegated

    @Test
    void theRootTellsWhoServesAPrefixNobodyDelegatedHere() throws Exception {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        byte[] octets = HandleKeys.encode(HandleKeys.RSA, key.getPublicExponent(), key.getModulus());
        for (String prefix : List.of("88.55", "88.66.1")) {
            NodeHarness.done(enterprise.node.registrar().homePrefix(prefix, new byte[] {1}));
            enterprise.put(prefix + "/STAFF", HandleValue.of(300, "HS_PUBKEY", octets, 0));
        }
        try (NodeHarness root = new NodeHarness(Files.createDirectory(directory.resolve("root")))) {
            Delegations.delegate(root, "88.55", enterprise.node.site());
            // who serves the prefixes derived from 88.66 knows those who serve 88.66.1
            root.records
                    .apply(List.of(new RecordChange.Put(
                            new Handle("0.NA/88.66"),
                            List.of(HandleValue.of(
                                    1, "HS_SITE.PREFIX", SiteInfoCodec.encode(enterprise.node.site()), 0)),
                            List.of())))
                    .join();
            Path file = Files.writeString(directory.resolve("root.json"), site(root));
            try (NodeHarness below = below("below", file)) {
                assertThat(login(below, "88.55/STAFF", 300, keys.getPrivate())).isEqualTo(1);
                assertThat(login(below, "88.55/STAFF", 300, pair().getPrivate()))
                        .isEqualTo(403);
                assertThat(login(below, "88.66.1/STAFF", 300, keys.getPrivate()))
                        .as("referred by the root")
                        .isEqualTo(1);
                assertThat(login(below, "88.44/STAFF", 300, keys.getPrivate()))
                        .as("unknown to the root")
                        .isEqualTo(404);
                assertThat(login(below, "88.118.8/STAFF", 300, keys.getPrivate()))
                        .as("would live here")
                        .isEqualTo(403);
            }
            Path forged = Files.writeString(directory.resolve("forged.json"), site(enterprise));
            String port = Integer.toString(root.node.handleTcpAddress().getPort());
            String enterprisesPort =
                    Integer.toString(enterprise.node.handleTcpAddress().getPort());
            Files.writeString(forged, Files.readString(forged).replace(":" + enterprisesPort, ":" + port));
            try (NodeHarness below = below("misled", forged)) {
                assertThat(login(below, "88.55/STAFF", 300, keys.getPrivate()))
                        .as("the root's address, another key")
                        .isEqualTo(404);
            }
        }
    }

    private static String site(NodeHarness of) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(of.http("/api/site")).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static NodeHarness below(String name, Path root) throws IOException {
        return new NodeHarness(
                        Files.createDirectory(directory.resolve(name)),
                        Delegations.asking(SignaturePolicy.KEYED, Set.of("*"), DEADLINE, Optional.of(root)))
                .withRecords();
    }

    @Test
    void aRootMustHaveAKey() throws Exception {
        Path file = Files.writeString(
                directory.resolve("keyless.json"),
                "{\"version\":1,\"protocolVersion\":\"2.11\",\"serialNumber\":1,\"primarySite\":true,\"servers\":"
                        + "[{\"serverId\":1,\"address\":\"192.0.2.1\",\"interfaces\":[]}]}");

        assertThatThrownBy(() -> RootSite.read(file)).hasMessageContaining("keyless.json", "no public key");
        assertThatThrownBy(() -> RootSite.read(directory.resolve("none.json"))).hasMessageContaining("none.json");
    }

    // --- a site that is silent

    @Test
    void aSilentSiteHoldsUpNobodyElse() throws Exception {
        List<Thread> claims = new ArrayList<>();
        try (DatagramSocket blackHole =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Interface udp = new Interface(Service.QUERY, Protocol.UDP, blackHole.getLocalPort());
            byte[] key = enterprise.node.site().servers().get(0).publicKey();
            Server server = Server.at(1, InetAddress.getLoopbackAddress(), key, List.of(udp));
            Delegations.delegate(
                    node,
                    PREFIX,
                    new SiteInfo(1, 2, 11, 1, true, false, HashOption.WHOLE_HANDLE, List.of(), List.of(server)));
            double unanswered = remote("unanswered");
            double busy = remote("busy");
            int[] codes = new int[8];
            for (int n = 0; n < codes.length; n++) {
                int number = n;
                Thread claim = new Thread(() -> {
                    try {
                        codes[number] = login(node, PREFIX + "/SILENT" + number, 300, keys.getPrivate());
                    } catch (Exception e) {
                        codes[number] = -1;
                    }
                });
                claim.setDaemon(true);
                claim.start();
                claims.add(claim);
            }

            // one source has four on their way; what it claims beyond is not looked for
            await().atMost(Duration.ofSeconds(20)).until(() -> remote("busy") - busy >= 4);
            try (IdPointerClient local = new IdPointerClient(node.node.handleTcpAddress())) {
                assertThat(local.logIn(3, "88.118.8/ADMIN", 300, "HS_SECKEY", ForeignIdentityIT::secretProof)
                                .responseCode())
                        .isEqualTo(1);
            }
            assertThat(remote("unanswered")).as("they still hang").isEqualTo(unanswered);
            for (Thread claim : claims) {
                claim.join(20_000);
            }
            assertThat(codes).containsOnly(404);
            assertThat(remote("unanswered")).isEqualTo(unanswered + 4);
        }
    }

    private static byte[] secretProof(byte[] nonceAndDigest) throws Exception {
        byte[] secret = NodeHarness.SECRET.getBytes(StandardCharsets.UTF_8);
        var digest = java.security.MessageDigest.getInstance("SHA-256");
        digest.update(IdPointerClient.join(secret, nonceAndDigest, secret));
        return IdPointerClient.join(new byte[] {3}, digest.digest());
    }

    // --- the web

    @Test
    void provesHimselfOverHttpsToo() throws Exception {
        String refusal =
                curl("/api/handles/88.118.8/secretive?publicOnly=false", "-i").body();
        byte[] nonce = Base64.getDecoder().decode(found(refusal, " nonce=\"([^\"]+)\""));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(nonce);
        signature.update(WebProofs.cnonce());
        String header = "Authorization: Handle sessionId=\"" + found(refusal, "sessionId=\"([^\"]+)\"")
                + "\", id=\"300%3A" + STAFF + "\", type=\"HS_PUBKEY\", alg=\"SHA256\", cnonce=\""
                + WebProofs.base64(WebProofs.cnonce()) + "\", signature=\"" + WebProofs.base64(signature.sign()) + '"';

        Curl.Result proven = curl("/api/sessions/this", "-X", "PUT", "-H", header);

        assertThat(proven.status()).as(proven.body()).isEqualTo(200);
        assertThat(proven.body()).contains("300:" + STAFF);
    }

    private static Curl.Result curl(String path, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-k"));
        all.addAll(List.of(arguments));
        all.add("https://127.0.0.1:" + node.node.httpAddress().getPort() + path);
        return Curl.run(all.toArray(String[]::new));
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
