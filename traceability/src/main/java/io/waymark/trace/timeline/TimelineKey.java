package io.waymark.trace.timeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Keys of the timeline store: an item's events lie side by side in the order of event time, however late they arrived.
 *
 * <pre>
 *   UTF-8 canonical identity | u1 0 | i8 event time, epoch milliseconds, sign flipped, big-endian | 16 octets of event id
 * </pre>
 *
 * The last part is the head of SHA-256 of the event id: it tells events of one millisecond apart and makes putting an event
 * twice the same as once.
 */
public final class TimelineKey {
    private static final int ID_BYTES = 16;
    private static final int TAIL_BYTES = 1 + Long.BYTES + ID_BYTES;

    private TimelineKey() {}

    /** The key of one event of one item. */
    public static byte[] of(String canonical, Instant eventTime, String eventId) {
        byte[] key = first(canonical);
        ByteBuffer.wrap(key, key.length - Long.BYTES - ID_BYTES, Long.BYTES + ID_BYTES)
                .putLong(eventTime.toEpochMilli() ^ Long.MIN_VALUE)
                .put(digest(eventId), 0, ID_BYTES);
        return key;
    }

    /** Not after any key of the item. */
    public static byte[] first(String canonical) {
        byte[] identity = canonical.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(identity, identity.length + TAIL_BYTES);
    }

    /** Not before any key of the item. */
    public static byte[] last(String canonical) {
        byte[] key = first(canonical);
        Arrays.fill(key, key.length - TAIL_BYTES + 1, key.length, (byte) 0xff);
        return key;
    }

    /** Whether an identity can be a key: it must not hold the separator. */
    public static boolean accepts(String canonical) {
        return !canonical.isEmpty() && canonical.indexOf('\0') < 0;
    }

    private static byte[] digest(String eventId) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(eventId.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
