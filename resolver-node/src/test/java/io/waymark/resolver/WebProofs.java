package io.waymark.resolver;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What a client of the web does to prove a secret key, written from the protocol's description and not from our code. */
final class WebProofs {
    private static final byte[] CNONCE = "a-client's-nonce".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SALT = "sixteen-of-salt!".getBytes(StandardCharsets.UTF_8);
    private static final int ITERATIONS = 2_000;
    private static final int KEY_BITS = 160;

    private WebProofs() {}

    /** @param wish with {@code session, nonce, id, alg, secret} */
    static String header(JsonNode wish) throws Exception {
        String alg = wish.path("alg").asText();
        byte[] signature = sign(
                alg,
                wish.path("secret").asText(NodeHarness.SECRET).getBytes(StandardCharsets.UTF_8),
                Base64.getDecoder().decode(wish.path("nonce").asText()));
        String header = "Handle version=\"0\", sessionId=\""
                + wish.path("session").asText() + "\", id=\""
                + wish.path("id").asText("300:" + NodeHarness.PREFIX + "/ADMIN") + "\", type=\"HS_SECKEY\", cnonce=\""
                + base64(CNONCE) + "\", alg=\"" + alg + "\", signature=\"" + base64(signature) + '"';
        return alg.startsWith("PBKDF2")
                ? header + ", salt=\"" + base64(SALT) + "\", iterations=\"" + ITERATIONS + "\", length=\"" + KEY_BITS
                        + '"'
                : header;
    }

    /** As a query of {@code /api/verifications}. */
    static String query(String secret, byte[] nonce) throws Exception {
        byte[] signature = sign("SHA256", secret.getBytes(StandardCharsets.UTF_8), nonce);
        return "nonce=" + url(nonce) + "&cnonce=" + url(CNONCE) + "&alg=SHA256&signature=" + url(signature);
    }

    static byte[] sign(String alg, byte[] secret, byte[] nonce) throws Exception {
        byte[] input = new byte[nonce.length + CNONCE.length];
        System.arraycopy(nonce, 0, input, 0, nonce.length);
        System.arraycopy(CNONCE, 0, input, nonce.length, CNONCE.length);
        return switch (alg) {
            case "SHA1", "SHA-1" -> sandwich("SHA-1", secret, input);
            case "SHA256", "SHA-256" -> sandwich("SHA-256", secret, input);
            case "HMAC-SHA1" -> hmac("HmacSHA1", secret, input);
            case "HMAC-SHA256" -> hmac("HmacSHA256", secret, input);
            case "PBKDF2WithHmacSHA1" -> hmac("HmacSHA1", derived(secret), input);
            default -> new byte[] {1, 2, 3};
        };
    }

    static byte[] cnonce() {
        return CNONCE.clone();
    }

    private static byte[] derived(byte[] secret) throws Exception {
        char[] password = new String(secret, StandardCharsets.ISO_8859_1).toCharArray();
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                .generateSecret(new PBEKeySpec(password, SALT, ITERATIONS, KEY_BITS))
                .getEncoded();
    }

    private static byte[] sandwich(String algorithm, byte[] secret, byte[] input) throws Exception {
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        digest.update(secret);
        digest.update(input);
        return digest.digest(secret);
    }

    private static byte[] hmac(String algorithm, byte[] secret, byte[] input) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret, algorithm));
        return mac.doFinal(input);
    }

    static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private static String url(byte[] octets) {
        return java.net.URLEncoder.encode(base64(octets), StandardCharsets.UTF_8);
    }
}
