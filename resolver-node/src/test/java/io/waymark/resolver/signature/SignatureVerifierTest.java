package io.waymark.resolver.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.admin.HandleKeys;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.Util;
import net.handle.hdllib.ValueReference;
import net.handle.hdllib.trust.HandleSigner;
import net.handle.hdllib.trust.Permission;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signatures and certificates made by the Handle System's own signer, judged by us. */
class SignatureVerifierTest {
    private static final String HANDLE = "88.118.8/X";
    private static final String PREFIX_KEY = "300:0.NA/88.118.8";
    private static final String QA_KEY = "300:10.55/QA";
    private static final long NOW = System.currentTimeMillis() / 1000;

    private static KeyPair prefix;
    private static KeyPair quality;
    private static KeyPair stranger;

    private final Map<String, List<HandleValue>> store = new HashMap<>();
    private final SignatureVerifier verifier =
            new SignatureVerifier(handle -> Optional.ofNullable(store.get(handle.canonical())));

    @BeforeAll
    static void keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        prefix = generator.generateKeyPair();
        quality = generator.generateKeyPair();
        stranger = generator.generateKeyPair();
    }

    @BeforeEach
    void records() {
        store.put("0.NA/88.118.8", List.of(publicKey(300, prefix.getPublic())));
        store.put(
                HANDLE, List.of(HandleValue.text(1, "URL", "https://a.example/", 5), HandleValue.text(2, "B", "b", 5)));
    }

    private static HandleValue publicKey(int index, PublicKey key) {
        RSAPublicKey rsa = (RSAPublicKey) key;
        byte[] data = HandleKeys.encode(HandleKeys.RSA, rsa.getPublicExponent(), rsa.getModulus());
        return HandleValue.of(index, "HS_PUBKEY", data, 0);
    }

    private SignatureReport judge(KeyPair key, String issuer, List<String> chain, long from, long to) throws Exception {
        List<HandleValue> values = new ArrayList<>(store.get(HANDLE));
        List<net.handle.hdllib.HandleValue> theirs = new ArrayList<>();
        for (HandleValue v : values) {
            theirs.add(new net.handle.hdllib.HandleValue(
                    v.index(), Util.encodeString(v.type()), v.data().clone()));
        }
        String jws = HandleSigner.getInstance()
                .signHandleValues(HANDLE, theirs, ValueReference.fromString(issuer), key.getPrivate(), chain, from, to)
                .serialize();
        values.add(HandleValue.text(400, "HS_SIGNATURE", jws, 0));
        return verifier.verify(new Handle(HANDLE), values, NOW).get(0);
    }

    private SignatureReport judge(KeyPair key, String issuer) throws Exception {
        return judge(key, issuer, List.of(), NOW - 10, NOW + 1000);
    }

    private static HandleValue certificate(
            int index, String subject, KeyPair about, String issuer, KeyPair by, Permission... grants)
            throws Exception {
        return certificate(index, subject, about, issuer, by, NOW + 1000, grants);
    }

    private static HandleValue certificate(
            int index, String subject, KeyPair about, String issuer, KeyPair by, long to, Permission... grants)
            throws Exception {
        String jws = HandleSigner.getInstance()
                .signPermissions(
                        ValueReference.fromString(subject),
                        about.getPublic(),
                        List.of(grants),
                        ValueReference.fromString(issuer),
                        by.getPrivate(),
                        null,
                        NOW - 1000,
                        to)
                .serialize();
        return HandleValue.text(index, "HS_CERT", jws, 0);
    }

    @Test
    void believesAKeyOfTheHandlesOwnPrefix() throws Exception {
        SignatureReport report = judge(prefix, PREFIX_KEY);

        assertThat(report.faults()).isEmpty();
        assertThat(report.verified()).containsExactly(1, 2);
        assertThat(report.issuer()).isEqualTo(PREFIX_KEY);
    }

    @Test
    void believesAKeyOfThePrefixAPrefixIsDerivedFrom() throws Exception {
        store.put("0.NA/88.118", List.of(publicKey(300, quality.getPublic())));

        assertThat(judge(quality, "300:0.NA/88.118").faults()).isEmpty();
        assertThat(judge(quality, "300:0.NA/88.11").faults()).containsExactly("nobody vouches for 300:0.NA/88.11");
    }

    @Test
    void doesNotBelieveAnotherKeyThanTheIssuers() throws Exception {
        assertThat(judge(stranger, PREFIX_KEY).faults())
                .containsExactly("it was not made with the key of " + PREFIX_KEY);
        assertThat(judge(stranger, "301:0.NA/88.118.8").faults())
                .containsExactly("there is no key at 301:0.NA/88.118.8");
    }

    @Test
    void holdsForItsTimeOnly() throws Exception {
        assertThat(judge(prefix, PREFIX_KEY, List.of(), NOW - 10, NOW - 1).faults())
                .containsExactly("it does not hold now");
        assertThat(judge(prefix, PREFIX_KEY, List.of(), NOW + 5, NOW + 10).isGood())
                .isFalse();
    }

    @Test
    void believesWhomThePrefixCertifies() throws Exception {
        store.put(
                "10.55/QA",
                List.of(certificate(
                        400,
                        QA_KEY,
                        quality,
                        PREFIX_KEY,
                        prefix,
                        new Permission("0.NA/88.118.8", Permission.HANDLES_UNDER_THIS_PREFIX))));

        assertThat(judge(quality, QA_KEY).faults()).isEmpty();
        assertThat(judge(quality, QA_KEY, List.of("400:10.55/QA"), 0, NOW + 9).faults())
                .isEmpty();
        assertThat(judge(stranger, QA_KEY).faults()).containsExactly("it was not made with the key of " + QA_KEY);
    }

    @Test
    void doesNotBelieveWhoIsCertifiedForOtherHandles() throws Exception {
        store.put(
                "10.55/QA",
                List.of(certificate(
                        400,
                        QA_KEY,
                        quality,
                        PREFIX_KEY,
                        prefix,
                        new Permission("88.118.8/Y", Permission.THIS_HANDLE))));

        assertThat(judge(quality, QA_KEY).faults()).containsExactly(QA_KEY + " is not permitted to sign for " + HANDLE);
    }

    @Test
    void doesNotBelieveCertificatesThatHaveEnded() throws Exception {
        store.put(
                "10.55/QA",
                List.of(certificate(
                        400,
                        QA_KEY,
                        quality,
                        PREFIX_KEY,
                        prefix,
                        NOW - 1,
                        new Permission(null, Permission.EVERYTHING))));

        assertThat(judge(quality, QA_KEY).faults())
                .containsExactly("the certificate of " + QA_KEY + " does not hold now");
    }

    @Test
    void doesNotBelieveCertificatesSomebodyElseSigned() throws Exception {
        store.put(
                "10.55/QA",
                List.of(certificate(
                        400, QA_KEY, quality, PREFIX_KEY, stranger, new Permission(null, Permission.EVERYTHING))));

        assertThat(judge(quality, QA_KEY).faults())
                .containsExactly("the certificate of " + QA_KEY + " was not signed by " + PREFIX_KEY);
    }

    @Test
    void doesNotBelieveWhoVouchesForHimself() throws Exception {
        store.put(
                "10.55/QA",
                List.of(certificate(
                        400, QA_KEY, quality, QA_KEY, quality, new Permission(null, Permission.EVERYTHING))));

        assertThat(judge(quality, QA_KEY).faults())
                .containsExactly("the certificates of " + QA_KEY + " lead in a circle or too far");
    }

    @Test
    void followsNoCirclesAndNotFar() throws Exception {
        Permission all = new Permission(null, Permission.EVERYTHING);
        store.put("1/A", List.of(certificate(400, "300:1/A", quality, "300:1/B", quality, all)));
        store.put("1/B", List.of(certificate(400, "300:1/B", quality, "300:1/A", quality, all)));
        assertThat(judge(quality, "300:1/A").faults()).allMatch(f -> f.contains("circle"), "one fault, the circle");

        for (int i = 0; i < 20; i++) {
            String next = i == 19 ? PREFIX_KEY : "300:2/" + (i + 1);
            KeyPair by = i == 19 ? prefix : quality;
            store.put("2/" + i, List.of(certificate(400, "300:2/" + i, quality, next, by, all)));
        }
        assertThat(judge(quality, "300:2/0").isGood()).isFalse();
        assertThat(judge(quality, "300:2/15").isGood()).isTrue();
    }

    @Test
    void verifiesDsaKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("DSA");
        generator.initialize(2048);
        KeyPair dsa = generator.generateKeyPair();
        byte[] data = Util.getBytesFromPublicKey(dsa.getPublic());
        store.put("0.NA/88.118.8", List.of(HandleValue.of(300, "HS_PUBKEY", data, 0)));

        assertThat(judge(dsa, PREFIX_KEY).faults()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithWhatIsNoSignature() {
        List<HandleValue> values = List.of(
                HandleValue.text(1, "URL", "https://a.example/", 0),
                HandleValue.text(400, "HS_SIGNATURE", "nonsense", 0),
                HandleValue.text(401, "HS_SIGNATURE", "e30.e30.", 0));

        List<SignatureReport> reports = verifier.verify(new Handle(HANDLE), values, NOW);

        assertThat(reports.get(0).faults()).containsExactly("signature must have 3 parts but had 1");
        assertThat(reports.get(1).faults()).singleElement().asString().startsWith("alg must be one of");
    }

    @Test
    void digestsValuesAsTheHandleSystemDoes() throws Exception {
        HandleValue ours = HandleValue.text(1, "URL", "https://a.example/", 1_700_000_000);
        net.handle.hdllib.HandleValue theirs = new net.handle.hdllib.HandleValue();
        Encoder.decodeHandleValue(encoded(ours), 0, theirs);

        assertThat(ValueDigests.sha256(List.of(ours)).values().get(0).base64())
                .isEqualTo(new net.handle.hdllib.trust.HandleValueDigester()
                        .digest(List.of(theirs), "SHA-256")
                        .digests
                        .get(0)
                        .digest);
    }

    private static byte[] encoded(HandleValue v) {
        java.nio.ByteBuffer out =
                java.nio.ByteBuffer.allocate(io.waymark.identifier.handle.HandleValueCodec.encodedSize(v));
        io.waymark.identifier.handle.HandleValueCodec.encode(v, out);
        return out.array();
    }
}
