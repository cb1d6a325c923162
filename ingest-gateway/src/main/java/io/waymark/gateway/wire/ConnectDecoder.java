package io.waymark.gateway.wire;

import static io.waymark.gateway.wire.MalformedPacketException.malformed;
import static io.waymark.gateway.wire.MalformedPacketException.protocolError;

import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.packet.Will;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT behind its fixed header.
 *
 * @see "MQTT 5.0 §3.1, MQTT 3.1.1 §3.1"
 */
final class ConnectDecoder {
    /** Longest client identifier in UTF-16 units; it becomes part of keys on disk. */
    static final int CLIENT_ID_MAX = 256;

    /** Name and level that do not belong together. */
    static final int NO_LEVEL = 0;

    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int WILL_RETAIN = 0x20;
    private static final int WILL = 0x04;
    private static final int CLEAN_START = 0x02;
    private static final int RESERVED = 0x01;

    private ConnectDecoder() {}

    /** Reads protocol name and level; the level may be one this server does not speak. */
    static int level(PacketReader in) throws MalformedPacketException {
        String name = in.text("protocol name");
        if (!name.equals("MQTT") && !name.equals("MQIsdp")) {
            throw malformed("protocol name must be MQTT");
        }
        int level = in.u8();
        return name.equals("MQTT") && level != 3 ? level : name.equals("MQIsdp") && level == 3 ? 3 : NO_LEVEL;
    }

    static Connect decode(PacketReader in, ProtocolVersion version) throws MalformedPacketException {
        int flags = in.u8();
        requireConsistent(flags, version);
        int keepAlive = in.u16();
        boolean five = version.hasProperties();
        PropertySet properties = five ? PropertySet.read(in, PropertySet.IN_CONNECT) : PropertySet.NONE;
        String clientId = clientId(in);
        Will will = (flags & WILL) == 0 ? null : will(in, flags, five);
        String user = (flags & USER_NAME) == 0 ? null : in.text("user name");
        byte[] password = (flags & PASSWORD) == 0 ? null : in.binary();
        in.requireEnd();
        boolean clean = (flags & CLEAN_START) != 0;
        return new Connect(
                version,
                clientId,
                clean,
                keepAlive,
                user,
                password,
                will,
                five ? Math.max(0, properties.sessionExpiry) : clean ? 0 : Connect.NEVER_EXPIRES,
                properties.receiveMaximum < 0 ? 65_535 : properties.receiveMaximum,
                properties.maximumPacketSize < 0 ? Long.MAX_VALUE : properties.maximumPacketSize,
                properties.topicAliasMaximum,
                properties.wantsResponseInformation,
                properties.authenticationMethod,
                properties.authenticationData);
    }

    private static void requireConsistent(int flags, ProtocolVersion version) throws MalformedPacketException {
        // Before 3.1.1 the bit was unused and had no rule.
        if ((flags & RESERVED) != 0 && version != ProtocolVersion.MQTT_3_1) {
            throw malformed("reserved connect flag must be 0");
        }
        if ((flags & WILL) == 0 && (flags & (WILL_RETAIN | 0x18)) != 0) {
            throw malformed("will QoS and will retain must be 0 without a will");
        }
        if (qos(flags) == 3) {
            throw malformed("will QoS must be in 0..2 but was 3");
        }
        if (!version.hasProperties() && (flags & USER_NAME) == 0 && (flags & PASSWORD) != 0) {
            throw malformed("a password needs a user name before MQTT 5.0");
        }
    }

    private static int qos(int flags) {
        return flags >> 3 & 3;
    }

    private static String clientId(PacketReader in) throws MalformedPacketException {
        String id = in.text("client identifier");
        if (id.length() > CLIENT_ID_MAX) {
            throw new MalformedPacketException(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "client identifier must have at most " + CLIENT_ID_MAX + " characters but has " + id.length());
        }
        if (Topics.hasControl(id)) {
            throw new MalformedPacketException(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "client identifier must not hold control characters");
        }
        return id;
    }

    private static @Nullable Will will(PacketReader in, int flags, boolean five) throws MalformedPacketException {
        PropertySet properties = five ? PropertySet.read(in, PropertySet.IN_WILL) : PropertySet.NONE;
        String topic = in.text("will topic");
        if (!Topics.isName(topic)) {
            throw protocolError("will topic must be a topic name without wildcards");
        }
        MessageProperties message = properties.message();
        return new Will(topic, qos(flags), (flags & WILL_RETAIN) != 0, properties.willDelay, message, in.binary());
    }
}
