package io.waymark.resolver;

import static io.waymark.resolver.IdPointerClient.DEFAULT;
import static io.waymark.resolver.IdPointerClient.i4;
import static io.waymark.resolver.IdPointerClient.join;
import static io.waymark.resolver.IdPointerClient.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.IdPointerClient.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.bouncycastle.jcajce.spec.SM2ParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dialect of the Chinese identifier network's client. */
class IdPointerIT {
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();
    private static final String SM2_USER = "88.118.8/用户";
    private static final String RSA_USER = "88.118.8/RSA.USER";

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private static KeyPair sm2;
    private static KeyPair rsa;

    @BeforeAll
    static void start() throws Exception {
        harness = new NodeHarness(directory).withRecords();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
        generator.initialize(new ECGenParameterSpec("sm2p256v1"));
        sm2 = generator.generateKeyPair();
        rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        harness.put(SM2_USER, key(sm2.getPublic()));
        harness.put(RSA_USER, key(rsa.getPublic()));
        harness.put("0.NA/88.118.8", admin(100, "88.118.8/ADMIN"), admin(101, SM2_USER), admin(102, RSA_USER));
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    private static HandleValue key(PublicKey key) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return HandleValue.text(
                300, "HS_PUBKEY", "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n", 0);
    }

    private static HandleValue admin(int index, String handle) {
        return HandleValue.of(index, "HS_ADMIN", new AdminRecord(AdminRecord.ALL, handle, 300).encode(), 0);
    }

    private static byte[] proof(String digest, byte[] signature) {
        return join(utf8(digest), i4(signature.length), signature);
    }

    private static byte[] sm2Proof(byte[] nonceAndDigest) throws Exception {
        Signature signature = Signature.getInstance("SM3withSM2", BC);
        signature.setParameter(new SM2ParameterSpec(SM2_USER.getBytes(StandardCharsets.UTF_8)));
        signature.initSign(sm2.getPrivate());
        signature.update(MessageDigest.getInstance("SM3", BC).digest(nonceAndDigest));
        return proof("SM3", signature.sign());
    }

    private static byte[] rsaProof(byte[] nonceAndDigest) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(rsa.getPrivate());
        signature.update(nonceAndDigest);
        return proof("SHA-256", signature.sign());
    }

    private static IdPointerClient connect() throws Exception {
        return new IdPointerClient(harness.node.handleTcpAddress());
    }

    private static byte[] record(String handle, byte[]... values) {
        return join(utf8(handle), i4(values.length), join(values));
    }

    @Test
    void answersHeartbeatsOnAPooledConnection() throws Exception {
        try (IdPointerClient client = connect()) {
            for (int beat = 0; beat < 3; beat++) {
                assertThat(client.resolve(0, DEFAULT, "0").opCode()).isEqualTo(1);
            }
            Answer answer = client.resolve(0, DEFAULT | IdPointerClient.AUTH_STRING, "88.118.8/ABC123");
            assertThat(answer.responseCode()).isEqualTo(1);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(NodeHarness.URL);
        }
    }

    @Test
    void logsInWithSm2AndThenWorksWithoutChallenges() throws Exception {
        try (IdPointerClient client = connect()) {
            Answer login = client.logIn(10_001, SM2_USER, 300, "HS_PUBKEY", IdPointerIT::sm2Proof);
            assertThat(login.responseCode()).isEqualTo(1);
            assertThat(login.opCode()).isEqualTo(IdPointerClient.LOGIN);
            assertThat(login.sessionId()).isEqualTo(10_001);
            assertThat(login.content()).isEmpty();

            String handle = "88.118.8/登记";
            byte[] first = record(handle, IdPointerClient.value(2000, "名称", "肉桂"));
            byte[] second = record(handle, IdPointerClient.value(2001, "产地", "武夷山"));
            assertThat(client.send(10_001, IdPointerClient.CREATE, DEFAULT, first)
                            .responseCode())
                    .isEqualTo(1);
            assertThat(client.send(10_001, IdPointerClient.CREATE, DEFAULT, first)
                            .responseCode())
                    .isEqualTo(101);
            int upsert = DEFAULT | IdPointerClient.OVERWRITE;
            assertThat(client.send(10_001, IdPointerClient.CREATE, upsert, first)
                            .responseCode())
                    .isEqualTo(1);
            Answer added = client.send(10_001, IdPointerClient.MODIFY, upsert, second);
            assertThat(added.responseCode()).as("what is not there is added").isEqualTo(1);
            assertThat(added.flags() & IdPointerClient.OVERWRITE).isZero();
            Answer replaced = client.send(10_001, IdPointerClient.ADD, upsert, second);
            assertThat(replaced.responseCode()).isEqualTo(1);
            assertThat(replaced.flags() & IdPointerClient.OVERWRITE).isNotZero();
            assertThat(client.resolve(10_001, DEFAULT, "0").opCode()).isEqualTo(1);
            assertThat(client.resolve(10_001, DEFAULT, handle).responseCode()).isEqualTo(1);
            assertThat(client.send(10_001, IdPointerClient.DELETE, DEFAULT, utf8(handle))
                            .responseCode())
                    .isEqualTo(1);
        }
    }

    @Test
    void logsInWithRsaOrASecretKey() throws Exception {
        try (IdPointerClient client = connect()) {
            assertThat(client.logIn(20_000, RSA_USER, 300, "HS_PUBKEY", IdPointerIT::rsaProof)
                            .responseCode())
                    .isEqualTo(1);
            assertThat(client.logIn(20_001, "88.118.8/ADMIN", 300, "HS_SECKEY", IdPointerIT::secretProof)
                            .responseCode())
                    .isEqualTo(1);
        }
    }

    private static byte[] secretProof(byte[] nonceAndDigest) throws Exception {
        byte[] secret = NodeHarness.SECRET.getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(join(secret, nonceAndDigest, secret));
        return join(new byte[] {3}, digest.digest());
    }

    @Test
    void aLoginCountsOnItsOwnConnectionOnly() throws Exception {
        byte[] body = record("88.118.8/hijacked", IdPointerClient.value(1, "N", "x"));
        try (IdPointerClient owner = connect();
                IdPointerClient thief = connect()) {
            owner.logIn(10_002, RSA_USER, 300, "HS_PUBKEY", IdPointerIT::rsaProof);

            assertThat(thief.send(10_002, IdPointerClient.CREATE, DEFAULT, body).responseCode())
                    .isEqualTo(500);
            assertThat(thief.send(10_002, IdPointerClient.LOGIN, DEFAULT, join(utf8(RSA_USER), i4(300)))
                            .responseCode())
                    .isEqualTo(402);
            assertThat(thief.send(10_002, IdPointerClient.CREATE, DEFAULT, body).responseCode())
                    .as("challenged, not proven")
                    .isEqualTo(500);
            assertThat(owner.send(10_002, IdPointerClient.CREATE, DEFAULT, body).responseCode())
                    .as("the owner is not disturbed")
                    .isEqualTo(1);
        }
    }

    @Test
    void aWrongProofEndsTheLogin() throws Exception {
        byte[] body = record("88.118.8/forged", IdPointerClient.value(1, "N", "x"));
        try (IdPointerClient client = connect()) {
            Answer login = client.logIn(10_003, RSA_USER, 300, "HS_PUBKEY", input -> rsaProof(new byte[] {1}));
            assertThat(login.responseCode()).isEqualTo(403);
            assertThat(login.opCode()).isEqualTo(IdPointerClient.LOGIN);
            assertThat(client.send(10_003, IdPointerClient.CREATE, DEFAULT, body)
                            .responseCode())
                    .isEqualTo(500);
        }
    }

    @Test
    void whoProvesToBeSomebodyElseIsNotLoggedIn() throws Exception {
        try (IdPointerClient client = connect()) {
            Answer challenge =
                    client.send(10_004, IdPointerClient.LOGIN, DEFAULT, join(utf8("88.118.8/ADMIN"), i4(300)));
            byte[] content = challenge.content();
            byte[] input = join(
                    java.util.Arrays.copyOfRange(content, 4, content.length),
                    java.util.Arrays.copyOfRange(challenge.body(), 1, 33));
            byte[] proof = rsaProof(input);
            Answer login = client.send(
                    10_004,
                    IdPointerClient.ANSWER,
                    DEFAULT,
                    join(utf8("HS_PUBKEY"), utf8(RSA_USER), i4(300), i4(proof.length), proof));
            assertThat(login.responseCode()).isEqualTo(403);
        }
    }
}
