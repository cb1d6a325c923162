package io.waymark.storage.device;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Layout of a device in the store, big-endian; the id is the key.
 *
 * <pre>
 * off 0  u1 version = 3
 *     1  u1 flags: bit 0 = enabled
 *     2  i8 created at, milliseconds since 1970 UTC
 *    10  u2 length + password hash (UTF-8)
 *     …  u2 length + group (UTF-8)
 *     …  u2 length + SCRAM verifier (UTF-8); not in version 1
 *     …  u2 number of certificates, each u2 length + name (UTF-8), to the end; not in versions 1 and 2
 * </pre>
 */
final class DeviceCodec {
    static final int VERSION = 3;
    static final int ENABLED = 1;

    private DeviceCodec() {}

    /** @throws IllegalArgumentException if a string is longer than its length can say */
    static byte[] encode(Device device) {
        Layout.Writer out = new Layout.Writer()
                .u1(VERSION)
                .u1(device.enabled() ? ENABLED : 0)
                .i8(device.createdAtMillis())
                .text("password hash", device.passwordHash())
                .text("group", device.group())
                .text("SCRAM verifier", device.scram())
                .count("certificates", device.certificates().size());
        device.certificates().forEach(name -> out.text("certificate", name));
        return out.octets();
    }

    /** @throws IllegalArgumentException if the octets are no device of a known version */
    static Device decode(String id, byte[] stored) {
        return Layout.read(stored, VERSION, (in, version) -> decode(id, in, version));
    }

    private static Device decode(String id, ByteBuffer in, int version) {
        boolean enabled = (in.get() & ENABLED) != 0;
        long createdAt = in.getLong();
        String hash = Layout.text(in);
        String group = Layout.text(in);
        String scram = version == 1 ? "" : Layout.text(in);
        List<String> certificates = new ArrayList<>();
        for (int i = version < 3 ? 0 : in.getShort() & 0xffff; i > 0; i--) {
            certificates.add(Layout.text(in));
        }
        return new Device(id, hash, scram, group, enabled, createdAt, certificates);
    }
}
