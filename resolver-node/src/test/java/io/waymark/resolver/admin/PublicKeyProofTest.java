package io.waymark.resolver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.resolver.message.ResponseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.jcajce.spec.SM2ParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** Every kind of key in every encoding it comes in, with every digest it signs. */
class PublicKeyProofTest {
    private static final String IDENTITY = "88.118.8/员工";
    private static final byte[] INPUT = "nonce and digest of the request".getBytes(StandardCharsets.UTF_8);
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();

    static byte[] pem(PublicKey key) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return ("-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] cnri(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return HandleKeys.encode(HandleKeys.RSA, rsa.getPublicExponent(), rsa.getModulus());
        }
        DSAPublicKey dsa = (DSAPublicKey) key;
        return HandleKeys.encode(
                HandleKeys.DSA,
                dsa.getParams().getQ(),
                dsa.getParams().getP(),
                dsa.getParams().getG(),
                dsa.getY());
    }

    private static KeyPair pair(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    static KeyPair sm2() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
        generator.initialize(new ECGenParameterSpec("sm2p256v1"));
        return generator.generateKeyPair();
    }

    private static byte[] sign(Signature signature, byte[] input) throws Exception {
        signature.update(input);
        return signature.sign();
    }

    private static byte[] signed(String jca, KeyPair keys) throws Exception {
        Signature signature = Signature.getInstance(jca);
        signature.initSign(keys.getPrivate());
        return sign(signature, INPUT);
    }

    static byte[] sm2Signature(KeyPair keys, String identity, byte[] input) throws Exception {
        Signature signature = Signature.getInstance("SM3withSM2", BC);
        signature.setParameter(new SM2ParameterSpec(identity.getBytes(StandardCharsets.UTF_8)));
        signature.initSign(keys.getPrivate());
        return sign(
                signature, java.security.MessageDigest.getInstance("SM3", BC).digest(input));
    }

    static byte[] proof(String digest, byte[] signature) {
        return ByteBuffer.allocate(8 + digest.length() + signature.length)
                .putInt(digest.length())
                .put(digest.getBytes(StandardCharsets.US_ASCII))
                .putInt(signature.length)
                .put(signature)
                .array();
    }

    private static ResponseCode judge(String digest, byte[] signature, byte[] key) {
        return PublicKeyProof.judge(proof(digest, signature), key, INPUT, IDENTITY);
    }

    @Test
    void acceptsRsaInBothEncodingsAndEverySpellingOfItsDigests() throws Exception {
        KeyPair keys = pair("RSA", 2048);
        for (byte[] key : new byte[][] {cnri(keys.getPublic()), pem(keys.getPublic())}) {
            for (String digest : new String[] {"SHA-256", "SHA256", "\u0003"}) {
                assertThat(judge(digest, signed("SHA256withRSA", keys), key)).isEqualTo(ResponseCode.SUCCESS);
            }
            for (String digest : new String[] {"SHA-1", "SHA1", "\u0002"}) {
                assertThat(judge(digest, signed("SHA1withRSA", keys), key)).isEqualTo(ResponseCode.SUCCESS);
            }
        }
    }

    @Test
    void acceptsDsaInBothEncodings() throws Exception {
        KeyPair keys = pair("DSA", 2048);
        KeyPair old = pair("DSA", 1024);
        assertThat(judge("SHA-256", signed("SHA256withDSA", keys), cnri(keys.getPublic())))
                .isEqualTo(ResponseCode.SUCCESS);
        assertThat(judge("SHA-256", signed("SHA256withDSA", keys), pem(keys.getPublic())))
                .isEqualTo(ResponseCode.SUCCESS);
        assertThat(judge("SHA1", signed("SHA1withDSA", old), cnri(old.getPublic())))
                .isEqualTo(ResponseCode.SUCCESS);
    }

    @Test
    void acceptsEllipticCurves() throws Exception {
        for (int bits : new int[] {256, 384}) {
            KeyPair keys = pair("EC", bits);
            assertThat(judge("SHA-256", signed("SHA256withECDSA", keys), pem(keys.getPublic())))
                    .isEqualTo(ResponseCode.SUCCESS);
        }
    }

    @Test
    void acceptsSm2OverTheSm3DigestUnderTheIdentitysName() throws Exception {
        KeyPair keys = sm2();
        byte[] key = pem(keys.getPublic());

        assertThat(judge("SM3", sm2Signature(keys, IDENTITY, INPUT), key)).isEqualTo(ResponseCode.SUCCESS);
        assertThat(judge("SM3", sm2Signature(keys, "88.118.8/OTHER", INPUT), key))
                .isEqualTo(ResponseCode.AUTHENTICATION_FAILED);
        assertThat(judge("SHA-256", sm2Signature(keys, IDENTITY, INPUT), key))
                .isEqualTo(ResponseCode.INVALID_CREDENTIAL);
    }

    @Test
    void refusesOthersSignaturesAndOtherInput() throws Exception {
        KeyPair keys = pair("RSA", 2048);
        KeyPair others = pair("RSA", 2048);
        byte[] key = cnri(keys.getPublic());

        assertThat(judge("SHA-256", signed("SHA256withRSA", others), key))
                .isEqualTo(ResponseCode.AUTHENTICATION_FAILED);
        assertThat(judge("SHA-1", signed("SHA256withRSA", keys), key)).isNotEqualTo(ResponseCode.SUCCESS);
        assertThat(judge("MD5", signed("MD5withRSA", keys), key)).isEqualTo(ResponseCode.INVALID_CREDENTIAL);
        assertThat(PublicKeyProof.judge(proof("SHA-256", signed("SHA256withRSA", keys)), key, new byte[] {1}, IDENTITY))
                .isEqualTo(ResponseCode.AUTHENTICATION_FAILED);
    }

    @Test
    void refusesKeysThatAreCutUnknownSmallOrNone() throws Exception {
        KeyPair keys = pair("RSA", 2048);
        byte[] pem = pem(keys.getPublic());
        byte[] signature = signed("SHA256withRSA", keys);
        for (byte[] key : new byte[][] {
            new byte[0],
            Arrays.copyOf(pem, 40),
            Arrays.copyOf(pem, pem.length - 40),
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----".getBytes(StandardCharsets.US_ASCII),
            "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----".getBytes(StandardCharsets.US_ASCII),
            pem(pair("RSA", 512).getPublic()),
            cnri(pair("RSA", 512).getPublic()),
            pem(pair("Ed25519", 255).getPublic())
        }) {
            assertThat(judge("SHA-256", signature, key)).isEqualTo(ResponseCode.INVALID_CREDENTIAL);
        }
    }
}
