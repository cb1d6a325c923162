package io.waymark.resolver.access;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Challenges that cost no memory, so that asking for them in thousands does no harm: a session's number is its birth, its
 * nonce and a MAC over both, made with a key that only this process has.
 *
 * <pre>
 * off 0  i8 born, seconds of the node's monotonic clock
 *     8  16 octets nonce
 *    24  16 octets HMAC-SHA-256 of the first 24, cut
 * </pre>
 *
 * <p>Safe for any thread.
 */
final class Challenges {
    static final long SECONDS_MAX = 300;

    private static final int NONCE_BYTES = 16;
    private static final int SEALED_BYTES = 8 + NONCE_BYTES;
    private static final int MAC_BYTES = 16;
    private static final String HMAC = "HmacSHA256";

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    Challenges() {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        this.key = new SecretKeySpec(octets, HMAC);
    }

    /**
     * A challenge.
     *
     * @param sessionId unforeseeable, safe in quotes
     * @param nonce to be signed. Owned by the value, never written
     */
    record Challenge(String sessionId, byte[] nonce) {}

    Challenge fresh(long nowNanos) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = ByteBuffer.allocate(SEALED_BYTES)
                .putLong(seconds(nowNanos))
                .put(nonce)
                .array();
        byte[] whole = ByteBuffer.allocate(SEALED_BYTES + MAC_BYTES)
                .put(sealed)
                .put(mac(sealed))
                .array();
        return new Challenge(Base64.getUrlEncoder().withoutPadding().encodeToString(whole), nonce);
    }

    /** The challenge of this number, unless it is too old or none of ours. */
    Optional<Challenge> find(String sessionId, long nowNanos) {
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(sessionId);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (whole.length != SEALED_BYTES + MAC_BYTES) {
            return Optional.empty();
        }
        byte[] sealed = Arrays.copyOf(whole, SEALED_BYTES);
        boolean ours = MessageDigest.isEqual(mac(sealed), Arrays.copyOfRange(whole, SEALED_BYTES, whole.length));
        long age = seconds(nowNanos) - ByteBuffer.wrap(sealed).getLong();
        return ours && age <= SECONDS_MAX
                ? Optional.of(new Challenge(sessionId, Arrays.copyOfRange(sealed, 8, SEALED_BYTES)))
                : Optional.empty();
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    private byte[] mac(byte[] sealed) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(sealed), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
