package io.waymark.gateway.session;

import io.waymark.gateway.packet.Subscription;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A persistent session on disk.
 *
 * <pre>
 *  u1 version = 2
 *  u4 session expiry interval, seconds
 *  i8 number of its queue
 *  u2 number of subscriptions
 *  each: u2 length, filter in UTF-8
 *        u1 bits 0-1 QoS, 2 no local, 3 retain as published, 4-5 retain handling
 *        u4 subscription identifier, 0 = none
 * </pre>
 *
 * Big-endian; the store keeps the checksum. Version 1 had no queue.
 *
 * @param expirySeconds 1..4294967295
 * @param queue its number, 0 in version 1
 * @param subscriptions in order of filter
 */
public record SessionRecord(long expirySeconds, long queue, List<Subscription> subscriptions) {
    private static final int VERSION = 2;

    /** Copies the list. */
    public SessionRecord {
        subscriptions = List.copyOf(subscriptions);
    }

    static byte[] encode(long expirySeconds, long queue, Collection<Subscription> subscriptions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(15 + 32 * subscriptions.size());
        out.write(VERSION);
        out.writeBytes(ByteBuffer.allocate(14)
                .putInt((int) expirySeconds)
                .putLong(queue)
                .putShort((short) subscriptions.size())
                .array());
        for (Subscription subscription : subscriptions) {
            byte[] filter = subscription.filter().getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ByteBuffer.allocate(7 + filter.length)
                    .putShort((short) filter.length)
                    .put(filter)
                    .put((byte) options(subscription))
                    .putInt(subscription.identifier())
                    .array());
        }
        return out.toByteArray();
    }

    private static int options(Subscription s) {
        return s.qos() | (s.noLocal() ? 4 : 0) | (s.retainAsPublished() ? 8 : 0) | s.retainHandling() << 4;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    static SessionRecord decode(byte[] octets) {
        try {
            ByteBuffer in = ByteBuffer.wrap(octets);
            int version = in.get();
            if (version < 1 || version > VERSION) {
                throw new IllegalArgumentException("session record version must be in 1..2 but was " + version);
            }
            long expiry = in.getInt() & 0xFFFF_FFFFL;
            long queue = version == 1 ? 0 : in.getLong();
            int count = in.getShort() & 0xFFFF;
            List<Subscription> subscriptions = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                subscriptions.add(subscription(in));
            }
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("session record has " + in.remaining() + " octets left over");
            }
            return new SessionRecord(expiry, queue, subscriptions);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("session record of " + octets.length + " octets ends too early", e);
        }
    }

    private static Subscription subscription(ByteBuffer in) {
        int length = in.getShort() & 0xFFFF;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] filter = new byte[length];
        in.get(filter);
        int options = in.get();
        return new Subscription(
                new String(filter, StandardCharsets.UTF_8),
                options & 3,
                (options & 4) != 0,
                (options & 8) != 0,
                options >> 4 & 3,
                in.getInt());
    }
}
