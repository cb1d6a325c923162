package io.waymark.storage.device;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Layout of a device in the store, big-endian; the id is the key.
 *
 * <pre>
 * off 0  u1 version = 2
 *     1  u1 flags: bit 0 = enabled
 *     2  i8 created at, milliseconds since 1970 UTC
 *    10  u2 length + password hash (UTF-8)
 *     …  u2 length + group (UTF-8)
 *     …  u2 length + SCRAM verifier (UTF-8), to the end; not in version 1
 * </pre>
 */
final class DeviceCodec {
    static final int VERSION = 2;
    static final int ENABLED = 1;
    static final int STRING_BYTES_MAX = 0xffff;

    private static final int FIXED_BYTES = 16;

    private DeviceCodec() {}

    /** @throws IllegalArgumentException if a string is longer than its length can say */
    static byte[] encode(Device device) {
        byte[] hash = string("password hash", device.passwordHash());
        byte[] group = string("group", device.group());
        byte[] scram = string("SCRAM verifier", device.scram());
        return ByteBuffer.allocate(FIXED_BYTES + hash.length + group.length + scram.length)
                .put((byte) VERSION)
                .put((byte) (device.enabled() ? ENABLED : 0))
                .putLong(device.createdAtMillis())
                .putShort((short) hash.length)
                .put(hash)
                .putShort((short) group.length)
                .put(group)
                .putShort((short) scram.length)
                .put(scram)
                .array();
    }

    /** @throws IllegalArgumentException if the octets are no device of a known version */
    static Device decode(String id, byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        try {
            int version = in.get() & 0xff;
            if (version < 1 || version > VERSION) {
                throw new IllegalArgumentException(
                        "has version " + version + " but only 1 to " + VERSION + " are known");
            }
            boolean enabled = (in.get() & ENABLED) != 0;
            long createdAt = in.getLong();
            String hash = text(in);
            String group = text(in);
            String scram = version == 1 ? "" : text(in);
            Device device = new Device(id, hash, scram, group, enabled, createdAt);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("has " + in.remaining() + " bytes too many");
            }
            return device;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("is cut short at " + stored.length + " bytes", e);
        }
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[Math.min(in.getShort() & 0xffff, in.remaining() + 1)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
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
