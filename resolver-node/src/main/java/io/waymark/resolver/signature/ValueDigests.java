package io.waymark.resolver.signature;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.resolver.signature.Claims.Digest;
import io.waymark.resolver.signature.Claims.Digests;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** Digests of values: over their encoding without index and timestamp, which are its first eight octets. */
final class ValueDigests {
    private static final int FROM = 8;
    private static final Set<String> ALGORITHMS = Set.of("SHA-256", "SHA-384", "SHA-512");

    private ValueDigests() {}

    static Digests sha256(List<HandleValue> values) {
        return digests(values, "SHA-256");
    }

    static Digests of(List<HandleValue> values, String algorithm) throws MalformedSignatureException {
        if (!ALGORITHMS.contains(algorithm)) {
            throw new MalformedSignatureException("digests must be of " + ALGORITHMS);
        }
        return digests(values, algorithm);
    }

    private static Digests digests(List<HandleValue> values, String algorithm) {
        try {
            MessageDigest digester = MessageDigest.getInstance(algorithm);
            return new Digests(
                    algorithm,
                    values.stream()
                            .map(v -> new Digest(v.index(), digest(v, digester)))
                            .toList());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has " + algorithm, e);
        }
    }

    private static String digest(HandleValue v, MessageDigest digester) {
        ByteBuffer encoded = ByteBuffer.allocate(HandleValueCodec.encodedSize(v));
        HandleValueCodec.encode(v, encoded);
        digester.update(encoded.array(), FROM, encoded.position() - FROM);
        return Base64.getEncoder().encodeToString(digester.digest());
    }
}
