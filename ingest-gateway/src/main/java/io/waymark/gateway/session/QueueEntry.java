package io.waymark.gateway.session;

import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.route.StoredMessage;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a session's queue on disk, big-endian.
 *
 * <pre>
 *  u1 kind: 1 = to be sent, 2 = the client has it (PUBREC), its identifier is not yet free; nothing follows
 *  u1 bits 0-1 QoS, 2 RETAIN
 *  i8 kept until, milliseconds since 1970 UTC: its expiry, or earlier the longest time a message may wait
 *  u1 number of subscription identifiers, u4 each
 *  the message, see StoredMessage
 * </pre>
 */
final class QueueEntry {
    /** In an entry's place once the client has the message and before it has let go of the identifier. */
    static final byte[] RELEASED = {2};

    /** Subscription identifiers kept; more would need as many overlapping subscriptions. */
    private static final int IDS_MAX = 255;

    private QueueEntry() {}

    /** Everything in front of the message. */
    static byte[] head(Delivery delivery, long keptUntilMillis) {
        List<Integer> ids = delivery.subscriptionIds();
        int count = Math.min(ids.size(), IDS_MAX);
        ByteBuffer head = ByteBuffer.allocate(11 + 4 * count)
                .put((byte) 1)
                .put((byte) (delivery.qos() | (delivery.retain() ? 4 : 0)))
                .putLong(keptUntilMillis)
                .put((byte) count);
        for (int i = 0; i < count; i++) {
            head.putInt(ids.get(i));
        }
        return head.array();
    }

    static boolean isReleased(byte[] entry) {
        return entry.length > 0 && entry[0] == RELEASED[0];
    }

    /** The message in an entry, or null when there is none to be sent. */
    static @Nullable LiveMessage message(byte[] entry) {
        try {
            return isReleased(entry)
                    ? null
                    : decode(entry, 0, new StoredMessage.Now(0, 0)).message();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static boolean isOver(byte[] entry, long nowMillis) {
        return endsAtMillis(entry) <= nowMillis;
    }

    /** When it is over, milliseconds since 1970 UTC; never for one whose message the client has. */
    static long endsAtMillis(byte[] entry) {
        return entry.length >= 10 ? ByteBuffer.wrap(entry).getLong(2) : Long.MAX_VALUE;
    }

    /** @throws IllegalArgumentException for anything but a message to be sent */
    static Delivery decode(byte[] entry, long sequence, StoredMessage.Now now) {
        try {
            ByteBuffer in = ByteBuffer.wrap(entry);
            int kind = in.get();
            if (kind != 1) {
                throw new IllegalArgumentException("queue entry kind must be 1 but was " + kind);
            }
            int flags = in.get();
            in.getLong();
            int count = in.get() & 0xFF;
            List<Integer> ids = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                ids.add(in.getInt());
            }
            return new Delivery(StoredMessage.decode(in, now), flags & 3, (flags & 4) != 0, ids, null, sequence);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("queue entry of " + entry.length + " octets ends too early", e);
        }
    }
}
