package io.waymark.resolver.admin;

import io.waymark.resolver.message.ResponseCode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The proof that a client knows a secret key, {@code HS_SECKEY}.
 *
 * <pre>
 * i1 algorithm, then
 *   0x22        bytes salt, i4 iterations, i4 key length in bits, bytes HMAC-SHA1 with PBKDF2-HMAC-SHA1(secret)
 *   0x12, 0x13  HMAC-SHA1, HMAC-SHA256 with the secret
 *   0x01, 0x02, 0x03  MD5, SHA-1, SHA-256 of secret ‖ input ‖ secret
 * input = nonce ‖ digest of the request challenged
 * </pre>
 *
 * <p>Salt, iterations and key length are chosen by the client, so they are bounded: else a request could burn any amount
 * of time.
 *
 * @see "RFC 3652 §3.5.2 Challenge-Response"
 */
public final class SecretKeyProof {
    static final int ITERATIONS_MIN = 1_000;
    static final int ITERATIONS_MAX = 200_000;
    private static final int KEY_BITS_MIN = 128;
    private static final int KEY_BITS_MAX = 512;
    private static final int SALT_BYTES_MAX = 128;
    private static final int MAC_BYTES_MAX = 64;

    private static final int MD5 = 0x01;
    private static final int SHA1 = 0x02;
    private static final int SHA256 = 0x03;
    private static final int HMAC_SHA1 = 0x12;
    private static final int HMAC_SHA256 = 0x13;
    private static final int PBKDF2_HMAC_SHA1 = 0x22;

    private SecretKeyProof() {}

    /**
     * Judges a proof; takes constant time in the secret.
     *
     * @param proof as the client sent it
     * @param secret the data of the HS_SECKEY value
     * @param input nonce and request digest
     * @return SUCCESS, AUTHENTICATION_FAILED if it is wrong, INVALID_CREDENTIAL if it cannot be checked
     */
    public static ResponseCode judge(byte[] proof, byte[] secret, byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(proof);
        try {
            int algorithm = in.get() & 0xff;
            return switch (algorithm) {
                case PBKDF2_HMAC_SHA1 -> judgeDerived(in, secret, input);
                case HMAC_SHA1 -> verdict(rest(in), hmac("HmacSHA1", secret, input));
                case HMAC_SHA256 -> verdict(rest(in), hmac("HmacSHA256", secret, input));
                case MD5 -> verdict(rest(in), sandwich("MD5", secret, input));
                case SHA1 -> verdict(rest(in), sandwich("SHA-1", secret, input));
                case SHA256 -> verdict(rest(in), sandwich("SHA-256", secret, input));
                default -> ResponseCode.INVALID_CREDENTIAL;
            };
        } catch (BufferUnderflowException e) {
            return ResponseCode.INVALID_CREDENTIAL;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has MD5, SHA-1, SHA-256 and PBKDF2", e);
        }
    }

    private static ResponseCode judgeDerived(ByteBuffer in, byte[] secret, byte[] input)
            throws GeneralSecurityException {
        byte[] salt = bytes(in, SALT_BYTES_MAX);
        int iterations = in.getInt();
        int keyBits = in.getInt();
        byte[] mac = bytes(in, MAC_BYTES_MAX);
        boolean bounded = salt.length > 0
                && iterations >= ITERATIONS_MIN
                && iterations <= ITERATIONS_MAX
                && keyBits >= KEY_BITS_MIN
                && keyBits <= KEY_BITS_MAX;
        if (!bounded || secret.length == 0) {
            return ResponseCode.INVALID_CREDENTIAL;
        }
        // the reference client reads the secret's octets as Latin-1 characters
        char[] password = new String(secret, StandardCharsets.ISO_8859_1).toCharArray();
        byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                .generateSecret(new PBEKeySpec(password, salt, iterations, keyBits))
                .getEncoded();
        return verdict(mac, hmac("HmacSHA1", key, input));
    }

    private static byte[] bytes(ByteBuffer in, int max) {
        int length = in.getInt();
        if (length < 0 || length > max) {
            throw new BufferUnderflowException();
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] octets = new byte[in.remaining()];
        in.get(octets);
        return octets;
    }

    private static ResponseCode verdict(byte[] given, byte[] expected) {
        return MessageDigest.isEqual(given, expected) ? ResponseCode.SUCCESS : ResponseCode.AUTHENTICATION_FAILED;
    }

    private static byte[] hmac(String algorithm, byte[] key, byte[] input) throws GeneralSecurityException {
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
}
