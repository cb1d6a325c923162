package io.waymark.resolver.wire;

import io.waymark.resolver.message.ProtocolVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The digest of a request that an answer starts with, so that the client can tell the answer is to what it asked.
 *
 * <pre>
 * i1 algorithm: 2 SHA-1, 3 SHA-256; the digest itself, without a length
 * </pre>
 *
 * @see "RFC 3652 §2.2.3 Message Body, request digest"
 */
public final class RequestDigest {
    private static final byte SHA1 = 2;
    private static final byte SHA256 = 3;

    private RequestDigest() {}

    /** Algorithm number and digest of a request's header and body, as an answer of this version has it. */
    public static byte[] prefix(ProtocolVersion answerVersion, byte[] headerAndBody) {
        boolean modern = answerVersion.atLeast(ProtocolVersion.SHA256);
        byte[] digest = digest(modern ? "SHA-256" : "SHA-1", headerAndBody);
        byte[] prefix = new byte[1 + digest.length];
        prefix[0] = modern ? SHA256 : SHA1;
        System.arraycopy(digest, 0, prefix, 1, digest.length);
        return prefix;
    }

    /** Whether the octets from {@code at} on are algorithm number and digest of a request's header and body. */
    static boolean isAt(byte[] octets, int at, byte[] headerAndBody) {
        String algorithm = octets[at] == SHA256 ? "SHA-256" : octets[at] == SHA1 ? "SHA-1" : "";
        if (algorithm.isEmpty() || octets.length < at + prefixBytes(octets[at])) {
            return false;
        }
        byte[] digest = Arrays.copyOfRange(octets, at + 1, at + prefixBytes(octets[at]));
        return MessageDigest.isEqual(digest, digest(algorithm, headerAndBody));
    }

    /** Octets of the prefix that starts with this algorithm number; 0 if the number is unknown. */
    static int prefixBytes(byte algorithm) {
        return switch (algorithm) {
            case 1 -> 17;
            case SHA1 -> 21;
            case SHA256 -> 33;
            default -> 0;
        };
    }

    private static byte[] digest(String algorithm, byte[] data) {
        try {
            return MessageDigest.getInstance(algorithm).digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
