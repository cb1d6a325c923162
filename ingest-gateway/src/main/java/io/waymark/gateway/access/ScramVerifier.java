package io.waymark.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the server keeps to check SCRAM-SHA-256 without knowing the password. Arrays are not written to.
 *
 * @param salt of the password
 * @param iterations of PBKDF2
 * @param storedKey SHA-256 of the client's key
 * @param serverKey proves to the client that the server has this
 * @see "RFC 5802, RFC 7677; text form as in RFC 5803"
 */
record ScramVerifier(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    /** Enough to be costly for whoever steals the store, and little enough for a small device. */
    static final int ITERATIONS = 16_384;

    private static final int SALT_OCTETS = 16;
    private static final String MAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern TEXT =
            Pattern.compile("SCRAM-SHA-256\\$(\\d{1,9}):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

    /** Of a password, with a fresh salt; takes its time. */
    static ScramVerifier of(String password) {
        byte[] salt = new byte[SALT_OCTETS];
        RANDOM.nextBytes(salt);
        return of(password, salt, ITERATIONS);
    }

    static ScramVerifier of(String password, byte[] salt, int iterations) {
        char[] normal = Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(normal, salt, iterations, 256))
                    .getEncoded();
            return new ScramVerifier(salt, iterations, sha256(hmac(salted, "Client Key")), hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java must have PBKDF2 and HMAC with SHA-256", e);
        }
    }

    /** One nobody has a password for, the same each time for one user, so that strangers cannot tell who exists. */
    static ScramVerifier ofNobody(String user, byte[] secret) {
        byte[] key = hmac(secret, "key " + user);
        byte[] salt = java.util.Arrays.copyOf(hmac(secret, "salt " + user), SALT_OCTETS);
        return new ScramVerifier(salt, ITERATIONS, key, key);
    }

    /** The text {@link #toText} wrote; empty for any other. */
    static Optional<ScramVerifier> parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        Base64.Decoder base64 = Base64.getDecoder();
        return Optional.of(new ScramVerifier(
                base64.decode(m.group(2)),
                Integer.parseInt(m.group(1)),
                base64.decode(m.group(3)),
                base64.decode(m.group(4))));
    }

    String toText() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(storedKey) + ":" + base64.encodeToString(serverKey);
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java must have HMAC with SHA-256", e);
        }
    }

    static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java must have SHA-256", e);
        }
    }

    /** Without what could be attacked. */
    @Override
    public String toString() {
        return "ScramVerifier[iterations=" + iterations + "]";
    }
}
