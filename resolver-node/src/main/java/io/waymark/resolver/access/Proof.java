package io.waymark.resolver.access;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The answer to a challenge as the web writes it. It covers nonce ‖ cnonce, where the binary protocol's covers nonce ‖
 * digest of the request.
 *
 * @param type {@code HS_SECKEY} or {@code HS_PUBKEY}
 * @param cnonce the caller's part of what is signed. Owned by the value, never written
 * @param octets the proof in the binary protocol's form. Owned by the value, never written
 */
public record Proof(String type, byte[] cnonce, byte[] octets) {
    private static final String SECRET_KEY = "HS_SECKEY";
    private static final String PUBLIC_KEY = "HS_PUBKEY";
    private static final int BYTES_MAX = 4096;
    private static final int PBKDF2 = 0x22;

    /** Names of algorithms without hyphens, to the first octet of a proof. */
    private static final Map<String, Integer> SECRET_ALGORITHMS = Map.of(
            "SHA1", 0x02,
            "SHA256", 0x03,
            "HMACSHA1", 0x12,
            "HMACSHA256", 0x13,
            "PBKDF2WITHHMACSHA1", PBKDF2);

    /**
     * Reads a proof from its parts.
     *
     * @param type {@code HS_SECKEY} or {@code HS_PUBKEY}
     * @param part finds {@code cnonce}, {@code alg}, {@code signature} and, for PBKDF2, {@code salt}, {@code iterations}
     *     and {@code length} (of the key, in bits); octets are base64
     * @throws Wrong naming the part
     */
    public static Proof of(String type, Function<String, Optional<String>> part) throws Wrong {
        byte[] cnonce = octets("cnonce", part);
        byte[] signature = octets("signature", part);
        String algorithm = text("alg", part);
        return switch (type) {
            case SECRET_KEY -> new Proof(type, cnonce, secretProof(algorithm, signature, part));
            case PUBLIC_KEY -> new Proof(type, cnonce, signatureProof(algorithm, signature));
            default -> throw new Wrong("type must be " + SECRET_KEY + " or " + PUBLIC_KEY + " but was " + type);
        };
    }

    /** A proof that cannot be read. Stackless. */
    public static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    /** As the binary protocol has it. */
    Request.ChallengeAnswer answer(ValueReference identity) {
        return new Request.ChallengeAnswer(type, identity.handle(), identity.index(), octets);
    }

    /** What it must cover. */
    byte[] input(byte[] nonce) {
        return ByteBuffer.allocate(nonce.length + cnonce.length)
                .put(nonce)
                .put(cnonce)
                .array();
    }

    private static byte[] secretProof(String algorithm, byte[] mac, Function<String, Optional<String>> part)
            throws Wrong {
        Integer code = SECRET_ALGORITHMS.get(algorithm.replace("-", "").toUpperCase(Locale.ROOT));
        if (code == null) {
            throw new Wrong("alg must be one of SHA1, SHA256, HMAC-SHA1, HMAC-SHA256 and PBKDF2WithHmacSHA1 but was "
                    + algorithm);
        }
        if (code != PBKDF2) {
            return ByteBuffer.allocate(1 + mac.length)
                    .put(code.byteValue())
                    .put(mac)
                    .array();
        }
        byte[] salt = octets("salt", part);
        return ByteBuffer.allocate(1 + 4 + salt.length + 4 + 4 + 4 + mac.length)
                .put(code.byteValue())
                .putInt(salt.length)
                .put(salt)
                .putInt(number("iterations", part))
                .putInt(number("length", part))
                .putInt(mac.length)
                .put(mac)
                .array();
    }

    private static byte[] signatureProof(String algorithm, byte[] signature) {
        byte[] name = algorithm.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + name.length + signature.length)
                .putInt(name.length)
                .put(name)
                .putInt(signature.length)
                .put(signature)
                .array();
    }

    private static String text(String name, Function<String, Optional<String>> part) throws Wrong {
        return part.apply(name).orElseThrow(() -> new Wrong(name + " is missing"));
    }

    public static byte[] octets(String name, Function<String, Optional<String>> part) throws Wrong {
        String text = text(name, part);
        if (text.length() > BYTES_MAX) {
            throw new Wrong(name + " must be at most " + BYTES_MAX + " characters but was " + text.length());
        }
        try {
            // queries turn a plus into a space; some write the URL-safe alphabet
            return Base64.getDecoder()
                    .decode(text.replace(' ', '+').replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new Wrong(name + " must be base64");
        }
    }

    private static int number(String name, Function<String, Optional<String>> part) throws Wrong {
        String text = text(name, part);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Wrong(name + " must be a whole number but was " + text);
        }
    }

    @Override
    public String toString() {
        return type + " proof";
    }
}
