package io.waymark.resolver.signature;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

/**
 * A JSON Web Signature in compact form, {@code header.payload.signature}, each in base64url. Algorithms: {@code RS256},
 * {@code RS384}, {@code RS512}, and {@code DS256}, which Handle System servers use with DSA keys and no standard names.
 *
 * @see "RFC 7515 §3.1 JWS Compact Serialization Overview"
 */
public final class Jws {
    /** The longest signature looked at, in bytes: a digest for each of 2048 values is 180 kB. */
    public static final int MAX_BYTES = 262_144;

    private static final Map<String, String> ALGORITHMS = Map.of(
            "RS256", "SHA256withRSA",
            "RS384", "SHA384withRSA",
            "RS512", "SHA512withRSA",
            "DS256", "SHA256withDSA");
    private static final byte[] HEADER = "{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8);
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final String compact;
    private final String jcaAlgorithm;
    private final byte[] payload;
    private final byte[] signature;

    private Jws(String compact, String jcaAlgorithm, byte[] payload, byte[] signature) {
        this.compact = compact;
        this.jcaAlgorithm = jcaAlgorithm;
        this.payload = payload;
        this.signature = signature;
    }

    /**
     * Reads one; says nothing of its truth.
     *
     * @throws MalformedSignatureException if it is not of this form, too long, or of another algorithm
     */
    public static Jws parse(byte[] data) throws MalformedSignatureException {
        if (data.length > MAX_BYTES) {
            throw new MalformedSignatureException(
                    "signature must be at most " + MAX_BYTES + " bytes but was " + data.length);
        }
        String compact = new String(data, StandardCharsets.ISO_8859_1).trim();
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            throw new MalformedSignatureException("signature must have 3 parts but had " + parts.length);
        }
        JsonNode header = StrictJson.object(decoded(parts[0], "header"), "header");
        String name = header.path("alg").asText("");
        String algorithm = ALGORITHMS.get(name);
        if (algorithm == null || header.has("crit")) {
            throw new MalformedSignatureException("alg must be one of RS256, RS384, RS512, DS256, without crit");
        }
        return new Jws(compact, algorithm, decoded(parts[1], "payload"), decoded(parts[2], "signature"));
    }

    private static byte[] decoded(String part, String what) throws MalformedSignatureException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new MalformedSignatureException(what + " of the signature is no base64url");
        }
    }

    /** Makes one with RS256. */
    public static Jws sign(byte[] payload, PrivateKey rsaKey) {
        String covered = ENCODER.encodeToString(HEADER) + '.' + ENCODER.encodeToString(payload);
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(rsaKey);
            signer.update(covered.getBytes(StandardCharsets.US_ASCII));
            byte[] signature = signer.sign();
            return new Jws(
                    covered + '.' + ENCODER.encodeToString(signature), "SHA256withRSA", payload.clone(), signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an RSA key always signs", e);
        }
    }

    /** Whether the owner of the key made it. */
    public boolean isBy(PublicKey key) {
        if (!jcaAlgorithm.endsWith("with" + key.getAlgorithm())) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(jcaAlgorithm);
            verifier.initVerify(key);
            verifier.update(compact.substring(0, compact.lastIndexOf('.')).getBytes(StandardCharsets.ISO_8859_1));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a signature of another length than the key's, or a key that is none
        }
    }

    /** What is signed. A copy. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The form it is stored in. */
    public String compact() {
        return compact;
    }
}
