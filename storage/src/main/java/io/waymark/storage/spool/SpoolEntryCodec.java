package io.waymark.storage.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Layout of a spool entry, big-endian.
 *
 * <pre>
 * off 0  u1 version = 2
 *     1  u1 QoS
 *     2  u2 number of property strings, names and values counted singly
 *     4  i4 CRC32C over: i8 position, octets 0..3, octets 8..end
 *     8  i8 end offset: bytes of all entries ever spooled up to and including this one
 *    16  i8 received at, milliseconds since 1970 UTC
 *    24  u2 length of device id
 *    26  u2 length of topic
 *    28  u2 length of content type
 *    30  u2 length of group
 *    32  i4 length of payload
 *    36  i8 number in the group
 *    44  device id, topic, content type, group (UTF-8)
 *     …  property strings: each u2 length + UTF-8
 *     …  payload, to the end
 * </pre>
 *
 * <p>Version 1 ends its header at 36 and has neither group nor number.
 *
 * <p>The position is the entry's key and part of the checksum, so an entry found under a wrong key does not pass. The end
 * offsets say how many bytes lie between two positions without reading what is between them.
 *
 * <p>Encoding has two steps: {@link #encode} where the message comes from, {@link #seal} where its position is known.
 */
final class SpoolEntryCodec {
    static final int VERSION = 2;
    static final int VERSION_WITHOUT_GROUP = 1;
    static final int VERSION_OFFSET = 0;
    static final int QOS_OFFSET = 1;
    static final int PROPERTY_COUNT_OFFSET = 2;
    static final int CRC_OFFSET = 4;
    static final int END_OFFSET_OFFSET = 8;
    static final int RECEIVED_AT_OFFSET = 16;
    static final int DEVICE_LENGTH_OFFSET = 24;
    static final int TOPIC_LENGTH_OFFSET = 26;
    static final int CONTENT_TYPE_LENGTH_OFFSET = 28;
    static final int GROUP_LENGTH_OFFSET = 30;
    static final int PAYLOAD_LENGTH_OFFSET = 32;
    static final int NUMBER_OFFSET = 36;
    static final int HEADER_BYTES = 44;
    static final int HEADER_BYTES_WITHOUT_GROUP = 36;

    /** Longest string, in UTF-8 bytes; also the most property strings. */
    static final int STRING_BYTES_MAX = 0xffff;
    /** Longest entry. */
    static final int ENTRY_BYTES_MAX = 32 << 20;

    private SpoolEntryCodec() {}

    /**
     * The entry without position, end offset and checksum.
     *
     * @throws IllegalArgumentException if a field is longer than its length can say, QoS is not 0..2, or the properties
     *     are not pairs
     */
    static byte[] encode(SpoolMessage message) {
        byte[] device = string("device id", message.deviceId());
        byte[] topic = string("topic", message.topic());
        byte[] contentType = string("content type", message.contentType());
        byte[] group = string("group", message.group());
        List<byte[]> properties = properties(message.properties());
        checkQos(message.qos());
        int strings = device.length + topic.length + contentType.length + group.length;
        ByteBuffer out = ByteBuffer.allocate(size(message, strings, properties));
        out.put((byte) VERSION).put((byte) message.qos()).putShort((short) properties.size());
        out.putInt(0).putLong(0).putLong(message.receivedAtMillis());
        out.putShort((short) device.length).putShort((short) topic.length).putShort((short) contentType.length);
        out.putShort((short) group.length).putInt(message.payload().length).putLong(message.number());
        out.put(device).put(topic).put(contentType).put(group);
        properties.forEach(p -> out.putShort((short) p.length).put(p));
        return out.put(message.payload()).array();
    }

    /**
     * Completes an encoded entry that fills the buffer from 0 to its limit.
     *
     * @param endOffset see the layout
     * @param number see the layout
     * @param crc scratch
     */
    static void seal(ByteBuffer entry, long position, long endOffset, long number, CRC32C crc) {
        entry.putLong(END_OFFSET_OFFSET, endOffset);
        entry.putLong(NUMBER_OFFSET, number);
        entry.putInt(CRC_OFFSET, checksum(entry, position, crc));
    }

    /** End offset of a sealed entry, unchecked. */
    static long endOffset(byte[] entry) {
        return ByteBuffer.wrap(entry).getLong(END_OFFSET_OFFSET);
    }

    /**
     * Reads a sealed entry.
     *
     * @throws DamagedEntryException if it is anything but what {@link #seal} left under this position
     */
    static SpoolMessage decode(long position, byte[] entry) throws DamagedEntryException {
        ByteBuffer in = ByteBuffer.wrap(entry);
        int header = header(entry);
        int expected = checksum(in, position, new CRC32C());
        if (in.getInt(CRC_OFFSET) != expected) {
            throw new DamagedEntryException("has checksum " + Integer.toHexString(in.getInt(CRC_OFFSET)) + " but "
                    + Integer.toHexString(expected) + " was computed");
        }
        return fields(in.position(header), header == HEADER_BYTES);
    }

    private static int header(byte[] entry) throws DamagedEntryException {
        int version = entry.length == 0 ? VERSION : entry[VERSION_OFFSET] & 0xff;
        int header = version == VERSION_WITHOUT_GROUP ? HEADER_BYTES_WITHOUT_GROUP : HEADER_BYTES;
        if (entry.length < header) {
            throw new DamagedEntryException("has " + entry.length + " bytes but its header alone needs " + header);
        }
        if (version != VERSION && version != VERSION_WITHOUT_GROUP) {
            throw new DamagedEntryException("has version " + version + " but only 1 to " + VERSION + " are known");
        }
        return header;
    }

    private static SpoolMessage fields(ByteBuffer in, boolean grouped) throws DamagedEntryException {
        String device = text(in, in.getShort(DEVICE_LENGTH_OFFSET) & 0xffff);
        String topic = text(in, in.getShort(TOPIC_LENGTH_OFFSET) & 0xffff);
        String contentType = text(in, in.getShort(CONTENT_TYPE_LENGTH_OFFSET) & 0xffff);
        String group = grouped ? text(in, in.getShort(GROUP_LENGTH_OFFSET) & 0xffff) : SpoolMessage.NO_GROUP;
        List<String> properties = new ArrayList<>();
        for (int left = in.getShort(PROPERTY_COUNT_OFFSET) & 0xffff; left > 0; left--) {
            properties.add(text(in, octets(in, 2).getShort() & 0xffff));
        }
        int length = in.getInt(PAYLOAD_LENGTH_OFFSET);
        if (length != in.remaining()) {
            throw new DamagedEntryException(
                    "says its payload has " + length + " bytes but " + in.remaining() + " are left");
        }
        byte[] payload = new byte[length];
        in.get(payload);
        return new SpoolMessage(
                device,
                topic,
                in.get(QOS_OFFSET),
                in.getLong(RECEIVED_AT_OFFSET),
                contentType,
                properties,
                payload,
                group,
                grouped ? in.getLong(NUMBER_OFFSET) : 0);
    }

    private static int checksum(ByteBuffer entry, long position, CRC32C crc) {
        crc.reset();
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (position >>> shift));
        }
        int limit = entry.limit();
        crc.update(entry.position(0).limit(CRC_OFFSET));
        crc.update(entry.limit(limit).position(END_OFFSET_OFFSET));
        entry.position(0);
        return (int) crc.getValue();
    }

    private static String text(ByteBuffer in, int length) throws DamagedEntryException {
        byte[] bytes = new byte[length];
        octets(in, length).get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ByteBuffer octets(ByteBuffer in, int length) throws DamagedEntryException {
        if (in.remaining() < length) {
            throw new DamagedEntryException("needs " + length + " more bytes but " + in.remaining() + " are left");
        }
        return in;
    }

    private static int size(SpoolMessage message, int strings, List<byte[]> properties) {
        long size = (long) HEADER_BYTES + strings + message.payload().length;
        for (byte[] property : properties) {
            size += 2 + property.length;
        }
        if (size > ENTRY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "spool entry must be at most " + ENTRY_BYTES_MAX + " bytes but was " + size);
        }
        return (int) size;
    }

    private static List<byte[]> properties(List<String> properties) {
        if (properties.isEmpty()) {
            return List.of();
        }
        if (properties.size() % 2 != 0 || properties.size() > STRING_BYTES_MAX) {
            throw new IllegalArgumentException("properties must be names and values in turn, at most "
                    + STRING_BYTES_MAX + " strings, but were " + properties.size());
        }
        return properties.stream().map(p -> string("property", p)).toList();
    }

    private static void checkQos(int qos) {
        if (qos < 0 || qos > 2) {
            throw new IllegalArgumentException("QoS must be in 0..2 but was " + qos);
        }
    }

    private static byte[] string(String what, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > STRING_BYTES_MAX) {
            throw new IllegalArgumentException(
                    what + " must be at most " + STRING_BYTES_MAX + " bytes but was " + bytes.length);
        }
        return bytes;
    }
}
