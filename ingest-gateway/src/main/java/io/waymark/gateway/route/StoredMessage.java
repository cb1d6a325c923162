package io.waymark.gateway.route;

import io.waymark.gateway.packet.MessageProperties;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An application message on disk, big-endian; strings and correlation data with u2 length in front.
 *
 * <pre>
 *  u1 version = 1
 *  u1 bits 0-1 QoS, 2 RETAIN, 3 expires, 4-5 payload format + 1
 *  i8 expires at, milliseconds since 1970 UTC; 0 = never
 *  topic, content type, response topic, correlation data
 *  u2 number of user property strings, and these
 *  payload, to the end
 * </pre>
 */
public final class StoredMessage {
    private static final int VERSION = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private StoredMessage() {}

    /** Two clocks read at the same moment: an expiry is kept by one in memory and by the other on disk. */
    public record Now(long nanos, long millis) {
        long nanosOf(long atMillis) {
            return nanos + (atMillis - millis) * NANOS_PER_MILLI;
        }

        /** The moment in milliseconds since 1970 UTC, rounded up. */
        public long millisOf(long atNanos) {
            return millis + Math.floorDiv(atNanos - nanos + NANOS_PER_MILLI - 1, NANOS_PER_MILLI);
        }
    }

    /** The octets. */
    public static byte[] encode(LiveMessage message, Now now) {
        MessageProperties properties = message.properties();
        boolean expires = message.expiresAtNanos() != LiveMessage.NEVER;
        int flags =
                message.qos() | (message.retain() ? 4 : 0) | (expires ? 8 : 0) | (properties.payloadFormat() + 1) << 4;
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + message.weight());
        out.writeBytes(ByteBuffer.allocate(10)
                .put((byte) VERSION)
                .put((byte) flags)
                .putLong(expires ? now.millisOf(message.expiresAtNanos()) : 0)
                .array());
        text(message.topic(), out);
        text(properties.contentType(), out);
        text(properties.responseTopic(), out);
        octets(properties.correlation(), out);
        u2(properties.userProperties().size(), out);
        properties.userProperties().forEach(text -> text(text, out));
        out.writeBytes(message.payload());
        return out.toByteArray();
    }

    private static void text(String text, ByteArrayOutputStream out) {
        octets(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static void octets(byte[] octets, ByteArrayOutputStream out) {
        u2(octets.length, out);
        out.writeBytes(octets);
    }

    private static void u2(int value, ByteArrayOutputStream out) {
        out.write(value >>> 8);
        out.write(value);
    }

    /**
     * Reads to the end of the buffer.
     *
     * @throws IllegalArgumentException for anything {@link #encode} does not write
     */
    public static LiveMessage decode(ByteBuffer in, Now now) {
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("stored message version must be 1 but was " + version);
            }
            int flags = in.get();
            long expiresAtMillis = in.getLong();
            long expiresAt = (flags & 8) == 0 ? LiveMessage.NEVER : now.nanosOf(expiresAtMillis);
            String topic = text(in);
            // What is left of the expiry is said when the message is sent.
            MessageProperties properties =
                    new MessageProperties((flags >> 4 & 3) - 1, -1, text(in), text(in), octets(in), userProperties(in));
            byte[] payload = new byte[in.remaining()];
            in.get(payload);
            return new LiveMessage(topic, flags & 3, (flags & 4) != 0, properties, expiresAt, payload);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("stored message of " + in.limit() + " octets ends too early", e);
        }
    }

    private static List<String> userProperties(ByteBuffer in) {
        int count = in.getShort() & 0xFFFF;
        List<String> texts = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }

    private static String text(ByteBuffer in) {
        return new String(octets(in), StandardCharsets.UTF_8);
    }

    private static byte[] octets(ByteBuffer in) {
        int length = in.getShort() & 0xFFFF;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }
}
