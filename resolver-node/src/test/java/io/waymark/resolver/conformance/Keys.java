package io.waymark.resolver.conformance;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jcajce.spec.SM2ParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Keys the scenarios name, and what is proven with them. */
final class Keys {
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private Keys() {}

    private static KeyPair pair(String name) {
        return PAIRS.computeIfAbsent(name, n -> {
            try {
                return switch (n) {
                    case "rsa", "rsa2" -> generate("RSA", 2048);
                    case "dsa" -> generate("DSA", 2048);
                    case "ec" -> generate("EC", 256);
                    case "sm2" -> generate(new ECGenParameterSpec("sm2p256v1"));
                    default -> throw new AssertionError("the scenario names the key " + n);
                };
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static KeyPair generate(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static KeyPair generate(AlgorithmParameterSpec curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
        generator.initialize(curve);
        return generator.generateKeyPair();
    }

    /** The data of an HS_PUBKEY value. */
    static byte[] publicKey(String name, String encoding) {
        PublicKey key = pair(name).getPublic();
        if (encoding.equals("pem")) {
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
            return ("-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }
        if (key instanceof RSAPublicKey rsa) {
            return new Octets()
                    .text("RSA_PUB_KEY")
                    .i2(0)
                    .number(rsa.getPublicExponent())
                    .number(rsa.getModulus())
                    .all();
        }
        DSAPublicKey dsa = (DSAPublicKey) key;
        return new Octets()
                .text("DSA_PUB_KEY")
                .i2(0)
                .number(dsa.getParams().getQ())
                .number(dsa.getParams().getP())
                .number(dsa.getParams().getG())
                .number(dsa.getY())
                .all();
    }

    /** The answer to a challenge: {@code utf8 digest, bytes signature}. */
    static byte[] signature(String name, String digest, String identity, byte[] input) {
        try {
            KeyPair keys = pair(name);
            Signature signer;
            byte[] message = input;
            if (digest.equals("SM3")) {
                signer = Signature.getInstance("SM3withSM2", BC);
                signer.setParameter(new SM2ParameterSpec(identity.getBytes(StandardCharsets.UTF_8)));
                message = MessageDigest.getInstance("SM3", BC).digest(input);
            } else {
                String algorithm = keys.getPublic().getAlgorithm();
                signer = Signature.getInstance(
                        digest.replace("-", "") + "with" + (algorithm.equals("EC") ? "ECDSA" : algorithm));
            }
            signer.initSign(keys.getPrivate());
            signer.update(message);
            return new Octets().text(digest).bytes(signer.sign()).all();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The answer to a challenge: {@code i1 algorithm} and what belongs to it. */
    static byte[] mac(String by, byte[] secret, byte[] input, int rounds, int keyBits) {
        try {
            return switch (by) {
                case "PBKDF2-HMAC-SHA1" -> {
                    byte[] salt = "salt of 16 octet".getBytes(StandardCharsets.US_ASCII);
                    char[] password = new String(secret, StandardCharsets.ISO_8859_1).toCharArray();
                    // what must be refused before the work is not worked out here either
                    byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                            .generateSecret(
                                    new PBEKeySpec(password, salt, Math.min(rounds, 200_000), Math.min(keyBits, 4096)))
                            .getEncoded();
                    yield new Octets()
                            .i1(0x22)
                            .bytes(salt)
                            .i4(rounds)
                            .i4(keyBits)
                            .bytes(hmac("HmacSHA1", key, input))
                            .all();
                }
                case "HMAC-SHA1" ->
                    new Octets().i1(0x12).raw(hmac("HmacSHA1", secret, input)).all();
                case "HMAC-SHA256" ->
                    new Octets().i1(0x13).raw(hmac("HmacSHA256", secret, input)).all();
                case "MD5" ->
                    new Octets().i1(1).raw(sandwich("MD5", secret, input)).all();
                case "SHA-1" ->
                    new Octets().i1(2).raw(sandwich("SHA-1", secret, input)).all();
                case "SHA-256" ->
                    new Octets().i1(3).raw(sandwich("SHA-256", secret, input)).all();
                case "UNKNOWN" -> new Octets().i1(0x77).raw(new byte[20]).all();
                default -> throw new AssertionError("the scenario proves by " + by);
            };
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] hmac(String algorithm, byte[] key, byte[] input) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(input);
    }

    private static byte[] sandwich(String algorithm, byte[] secret, byte[] input) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        digest.update(secret);
        digest.update(input);
        return digest.digest(secret);
    }

    /** The key of a site's server, as the site record has it. */
    static PublicKey rsa(byte[] octets) {
        var in = Octets.read(octets);
        String algorithm = Octets.takeText(in);
        in.getShort();
        if (!algorithm.equals("RSA_PUB_KEY")) {
            throw new AssertionError("the site's key is a " + algorithm);
        }
        BigInteger e = new BigInteger(Octets.takeBytes(in));
        BigInteger n = new BigInteger(Octets.takeBytes(in));
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, e));
        } catch (GeneralSecurityException x) {
            throw new AssertionError(x);
        }
    }
}
