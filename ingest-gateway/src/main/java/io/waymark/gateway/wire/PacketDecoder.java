package io.waymark.gateway.wire;

import static io.waymark.gateway.wire.MalformedPacketException.malformed;
import static io.waymark.gateway.wire.MalformedPacketException.protocolError;

import io.netty.buffer.ByteBuf;
import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.Disconnect;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Ping;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.packet.Unsubscribe;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Decodes what one client sends. Remembers the protocol version its CONNECT named and the last topic, so that a device that
 * always publishes to the same topic pays for it once. For one thread; needs no channel.
 */
public final class PacketDecoder {
    private static final Set<ReasonCode> PUBLISH_ACK_REASONS = EnumSet.of(
            ReasonCode.SUCCESS,
            ReasonCode.NO_MATCHING_SUBSCRIBERS,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.NOT_AUTHORIZED,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.PACKET_IDENTIFIER_IN_USE,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.PAYLOAD_FORMAT_INVALID);
    private static final Set<ReasonCode> RELEASE_REASONS =
            EnumSet.of(ReasonCode.SUCCESS, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    private static final Set<ReasonCode> DISCONNECT_REASONS = EnumSet.of(
            ReasonCode.SUCCESS,
            ReasonCode.DISCONNECT_WITH_WILL,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.MALFORMED_PACKET,
            ReasonCode.PROTOCOL_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
            ReasonCode.TOPIC_ALIAS_INVALID,
            ReasonCode.PACKET_TOO_LARGE,
            ReasonCode.MESSAGE_RATE_TOO_HIGH,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.ADMINISTRATIVE_ACTION,
            ReasonCode.PAYLOAD_FORMAT_INVALID);
    private static final Set<ReasonCode> AUTH_REASONS =
            EnumSet.of(ReasonCode.SUCCESS, ReasonCode.CONTINUE_AUTHENTICATION, ReasonCode.RE_AUTHENTICATE);

    private final PacketReader in = new PacketReader();
    private ProtocolVersion version = ProtocolVersion.MQTT_3_1_1;
    private byte[] lastTopicOctets = new byte[0];
    private String lastTopic = "";

    /** The version CONNECT named, or the nearest one in which a refusal can be understood. 3.1.1 before CONNECT. */
    public ProtocolVersion version() {
        return version;
    }

    /**
     * Decodes the packet of this length at the reader index and moves the index behind it.
     *
     * @param packet holds at least {@code length} octets; borrowed
     * @param length as {@link FrameCutter#lengthOf} said, which has checked type and flags
     * @throws MalformedPacketException with the reader index anywhere; the connection is not to be read further
     */
    public Packet decode(ByteBuf packet, int length) throws MalformedPacketException {
        in.wrap(packet, length);
        try {
            int first = in.u8();
            in.varint();
            return decode(PacketType.ofCode(first >> 4), first & 0x0F);
        } finally {
            in.unwrap();
        }
    }

    private Packet decode(PacketType type, int flags) throws MalformedPacketException {
        return switch (type) {
            case PUBLISH -> publish(flags);
            case PUBACK, PUBREC -> ack(type, PUBLISH_ACK_REASONS);
            case PUBREL, PUBCOMP -> ack(type, RELEASE_REASONS);
            case CONNECT -> connect(flags);
            case SUBSCRIBE -> subscribe();
            case UNSUBSCRIBE -> unsubscribe();
            case PINGREQ -> ping();
            case DISCONNECT -> disconnect();
            case AUTH -> auth();
            case CONNACK, SUBACK, UNSUBACK, PINGRESP -> throw protocolError(type + " must not come from a client");
        };
    }

    private boolean five() {
        return version.hasProperties();
    }

    private Packet connect(int flags) throws MalformedPacketException {
        int level = ConnectDecoder.level(in);
        version = switch (level) {
            case 3 -> ProtocolVersion.MQTT_3_1;
            case 5 -> ProtocolVersion.MQTT_5;
            // For one that is not known 3.1.1 demands its own word; a bridge of mosquitto comes again without its upper
            // bit then.
            default -> ProtocolVersion.MQTT_3_1_1;
        };
        // Before 3.1.1 they were not used.
        if (flags != 0 && version != ProtocolVersion.MQTT_3_1) {
            throw FrameCutter.wrongFlags(PacketType.CONNECT.code(), flags);
        }
        if (level < 3 || level > 5) {
            throw new MalformedPacketException(
                    ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, "protocol level must be 3, 4 or 5 but was " + level);
        }
        return ConnectDecoder.decode(in, version);
    }

    private Publish publish(int flags) throws MalformedPacketException {
        int qos = flags >> 1 & 3;
        String topic = topic();
        int packetId = qos == 0 ? 0 : in.packetId();
        PropertySet properties = five() ? PropertySet.read(in, PropertySet.IN_PUBLISH) : PropertySet.NONE;
        if (topic.isEmpty() && properties.topicAlias == 0) {
            throw five()
                    ? protocolError("topic name must not be empty without a topic alias")
                    : malformed("topic name must not be empty");
        }
        MessageProperties message = properties.message();
        return new Publish(
                topic,
                qos,
                (flags & 1) != 0,
                (flags & 8) != 0,
                packetId,
                properties.topicAlias,
                message,
                List.of(),
                in.rest());
    }

    private String topic() throws MalformedPacketException {
        if (in.skipTextIf(lastTopicOctets)) {
            return lastTopic;
        }
        byte[] octets = in.binary();
        String topic = in.text(octets, "topic name");
        if (Topics.hasWildcard(topic)) {
            throw malformed("topic name must not hold wildcards");
        }
        if (Topics.hasControl(topic)) {
            throw new MalformedPacketException(
                    ReasonCode.TOPIC_NAME_INVALID, "topic name must not hold control characters");
        }
        lastTopicOctets = octets;
        lastTopic = topic;
        return topic;
    }

    private Ack ack(PacketType type, Set<ReasonCode> allowed) throws MalformedPacketException {
        int packetId = in.packetId();
        ReasonCode reason = reason(type, allowed);
        if (in.remaining() > 0) {
            PropertySet.read(in, PropertySet.IN_ACK);
        }
        in.requireEnd();
        return new Ack(type, packetId, reason);
    }

    /** The optional reason code of version 5: absent means success. */
    private ReasonCode reason(PacketType type, Set<ReasonCode> allowed) throws MalformedPacketException {
        if (!five() || in.remaining() == 0) {
            in.requireEnd();
            return ReasonCode.SUCCESS;
        }
        int code = in.u8();
        ReasonCode reason = ReasonCode.ofCode(code);
        if (reason == null || !allowed.contains(reason)) {
            throw protocolError(type + " must not have reason code 0x" + Integer.toHexString(code));
        }
        return reason;
    }

    private Subscribe subscribe() throws MalformedPacketException {
        int packetId = in.packetId();
        PropertySet properties = five() ? PropertySet.read(in, PropertySet.IN_SUBSCRIBE) : PropertySet.NONE;
        List<Subscription> subscriptions = new ArrayList<>(2);
        do {
            subscriptions.add(subscription(properties.subscriptionId));
        } while (in.remaining() > 0);
        return new Subscribe(packetId, subscriptions);
    }

    private Subscription subscription(int identifier) throws MalformedPacketException {
        String filter = filter();
        int options = in.u8();
        int reserved = five() ? 0xC0 : 0xFC;
        if ((options & reserved) != 0 || (options & 0x03) == 3 || (options & 0x30) == 0x30) {
            throw malformed("subscription options must not be 0x" + Integer.toHexString(options));
        }
        boolean noLocal = (options & 0x04) != 0;
        if (noLocal && Topics.isShared(filter)) {
            throw protocolError("no local is not allowed in a shared subscription");
        }
        return new Subscription(filter, options & 0x03, noLocal, (options & 0x08) != 0, options >> 4 & 3, identifier);
    }

    /** Whatever else it may be, it is not empty [MQTT-4.7.3-1]. */
    private String filter() throws MalformedPacketException {
        String filter = in.text("topic filter");
        if (filter.isEmpty()) {
            throw malformed("topic filter must not be empty");
        }
        return filter;
    }

    private Unsubscribe unsubscribe() throws MalformedPacketException {
        int packetId = in.packetId();
        if (five()) {
            PropertySet.read(in, PropertySet.IN_UNSUBSCRIBE);
        }
        List<String> filters = new ArrayList<>(2);
        do {
            filters.add(filter());
        } while (in.remaining() > 0);
        return new Unsubscribe(packetId, filters);
    }

    private Ping ping() throws MalformedPacketException {
        in.requireEnd();
        return Ping.REQUEST;
    }

    private Disconnect disconnect() throws MalformedPacketException {
        ReasonCode reason = reason(PacketType.DISCONNECT, DISCONNECT_REASONS);
        PropertySet properties =
                in.remaining() > 0 ? PropertySet.read(in, PropertySet.IN_DISCONNECT) : PropertySet.NONE;
        in.requireEnd();
        return new Disconnect(reason, properties.sessionExpiry, "");
    }

    private Auth auth() throws MalformedPacketException {
        if (!five()) {
            throw protocolError("AUTH is not a packet before MQTT 5.0");
        }
        ReasonCode reason = reason(PacketType.AUTH, AUTH_REASONS);
        PropertySet properties = in.remaining() > 0 ? PropertySet.read(in, PropertySet.IN_AUTH) : PropertySet.NONE;
        in.requireEnd();
        return new Auth(reason, properties.authenticationMethod, properties.authenticationData);
    }
}
