package io.waymark.storage.device;

import io.waymark.storage.device.DeviceGroup.Quota;
import io.waymark.storage.device.DeviceGroup.Rule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Layout of a device group in the store, big-endian; the name is the key.
 *
 * <pre>
 * off 0  u1 version = 1
 *     1  i8 created at, milliseconds since 1970 UTC
 *     9  i4 connections, i4 connections of a device
 *    17  i8 messages, i8 bytes, i8 messages of a device, i8 bytes of a device, each in a second
 *    49  u1 1 = has rules of its own
 *    50  u2 number of rules; each: u1 flags (bit 0 allows, bit 1 publish, bit 2 subscribe), u2 length + filter (UTF-8)
 * </pre>
 */
final class DeviceGroupCodec {
    static final int VERSION = 1;

    private static final int ALLOWS = 1;
    private static final int PUBLISH = 2;
    private static final int SUBSCRIBE = 4;

    private DeviceGroupCodec() {}

    static byte[] encode(DeviceGroup group) {
        Quota quota = group.quota();
        List<Rule> rules = group.rules().orElse(List.of());
        Layout.Writer out = new Layout.Writer()
                .u1(VERSION)
                .i8(group.createdAtMillis())
                .i4(quota.connections())
                .i4(quota.deviceConnections())
                .i8(quota.messages())
                .i8(quota.bytes())
                .i8(quota.deviceMessages())
                .i8(quota.deviceBytes())
                .u1(group.rules().isPresent() ? 1 : 0)
                .count("rules", rules.size());
        rules.forEach(rule -> out.u1(flags(rule)).text("filter", rule.filter()));
        return out.octets();
    }

    private static int flags(Rule rule) {
        return (rule.allows() ? ALLOWS : 0) | (rule.publish() ? PUBLISH : 0) | (rule.subscribe() ? SUBSCRIBE : 0);
    }

    /** @throws IllegalArgumentException if the octets are no group of a known version */
    static DeviceGroup decode(String name, byte[] stored) {
        return Layout.read(stored, VERSION, (in, version) -> decode(name, in));
    }

    private static DeviceGroup decode(String name, ByteBuffer in) {
        long createdAt = in.getLong();
        Quota quota = new Quota(in.getInt(), in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
        boolean own = in.get() != 0;
        List<Rule> rules = new ArrayList<>();
        for (int i = in.getShort() & 0xffff; i > 0; i--) {
            int flags = in.get();
            rules.add(
                    new Rule((flags & ALLOWS) != 0, (flags & PUBLISH) != 0, (flags & SUBSCRIBE) != 0, Layout.text(in)));
        }
        return new DeviceGroup(name, own ? Optional.of(rules) : Optional.empty(), quota, createdAt);
    }
}
