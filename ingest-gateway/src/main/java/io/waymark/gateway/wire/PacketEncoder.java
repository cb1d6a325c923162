package io.waymark.gateway.wire;

import static io.waymark.gateway.wire.PropertySet.ASSIGNED_CLIENT_ID;
import static io.waymark.gateway.wire.PropertySet.AUTHENTICATION_DATA;
import static io.waymark.gateway.wire.PropertySet.AUTHENTICATION_METHOD;
import static io.waymark.gateway.wire.PropertySet.CONTENT_TYPE;
import static io.waymark.gateway.wire.PropertySet.CORRELATION_DATA;
import static io.waymark.gateway.wire.PropertySet.MAXIMUM_PACKET_SIZE;
import static io.waymark.gateway.wire.PropertySet.MAXIMUM_QOS;
import static io.waymark.gateway.wire.PropertySet.MESSAGE_EXPIRY;
import static io.waymark.gateway.wire.PropertySet.PAYLOAD_FORMAT;
import static io.waymark.gateway.wire.PropertySet.REASON_STRING;
import static io.waymark.gateway.wire.PropertySet.RECEIVE_MAXIMUM;
import static io.waymark.gateway.wire.PropertySet.RESPONSE_INFORMATION;
import static io.waymark.gateway.wire.PropertySet.RESPONSE_TOPIC;
import static io.waymark.gateway.wire.PropertySet.RETAIN_AVAILABLE;
import static io.waymark.gateway.wire.PropertySet.SERVER_KEEP_ALIVE;
import static io.waymark.gateway.wire.PropertySet.SESSION_EXPIRY;
import static io.waymark.gateway.wire.PropertySet.SHARED_SUBSCRIPTION_AVAILABLE;
import static io.waymark.gateway.wire.PropertySet.SUBSCRIPTION_ID;
import static io.waymark.gateway.wire.PropertySet.SUBSCRIPTION_ID_AVAILABLE;
import static io.waymark.gateway.wire.PropertySet.TOPIC_ALIAS;
import static io.waymark.gateway.wire.PropertySet.TOPIC_ALIAS_MAXIMUM;
import static io.waymark.gateway.wire.PropertySet.USER_PROPERTY;
import static io.waymark.gateway.wire.PropertySet.WILDCARD_SUBSCRIPTION_AVAILABLE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.ConnAck;
import io.waymark.gateway.packet.Disconnect;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.SubscribeAck;
import java.util.List;

/** Encodes what a server sends. Stateless; needs no channel. */
public final class PacketEncoder {
    private PacketEncoder() {}

    /**
     * Appends the packet to the buffer, which grows as needed.
     *
     * @throws IllegalArgumentException for a packet only clients send, and for a failing CONNACK that 3.1.1 has no code for
     */
    public static void encode(Packet packet, ProtocolVersion version, ByteBuf out) {
        switch (packet.type()) {
            case PUBLISH -> publish((Publish) packet, version, out);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> ack((Ack) packet, version, out);
            case CONNACK -> connAck((ConnAck) packet, version, out);
            case SUBACK, UNSUBACK -> subscribeAck((SubscribeAck) packet, version, out);
            case PINGRESP -> out.writeShort(0xD000);
            case DISCONNECT -> disconnect((Disconnect) packet, version, out);
            case AUTH -> auth((Auth) packet, out);
            case CONNECT, SUBSCRIBE, UNSUBSCRIBE, PINGREQ ->
                throw new IllegalArgumentException("a server does not send " + packet.type());
        }
    }

    /** Octets the PUBLISH takes on the wire. */
    public static long sizeOf(Publish publish, ProtocolVersion version) {
        int properties = version.hasProperties() ? publishPropertiesSize(publish) : 0;
        long remaining = remainingLength(publish, version, properties);
        return 1 + varintSize(remaining) + remaining;
    }

    private static void publish(Publish publish, ProtocolVersion version, ByteBuf out) {
        int properties = version.hasProperties() ? publishPropertiesSize(publish) : 0;
        int flags = (publish.duplicate() ? 8 : 0) | publish.qos() << 1 | (publish.retain() ? 1 : 0);
        out.writeByte(PacketType.PUBLISH.code() << 4 | flags);
        varint(out, Math.toIntExact(remainingLength(publish, version, properties)));
        text(out, publish.topic());
        if (publish.qos() > 0) {
            out.writeShort(publish.packetId());
        }
        if (version.hasProperties()) {
            varint(out, properties);
            publishProperties(publish, out);
        }
        out.writeBytes(publish.payload());
    }

    private static long remainingLength(Publish publish, ProtocolVersion version, int properties) {
        return 2L
                + ByteBufUtil.utf8Bytes(publish.topic())
                + (publish.qos() > 0 ? 2 : 0)
                + (version.hasProperties() ? varintSize(properties) + properties : 0)
                + publish.payload().length;
    }

    private static int publishPropertiesSize(Publish publish) {
        MessageProperties message = publish.properties();
        int size = message.payloadFormat() < 0 ? 0 : 2;
        size += publish.topicAlias() == 0 ? 0 : 3;
        size += message.expirySeconds() < 0 ? 0 : 5;
        size += optionalTextSize(message.contentType()) + optionalTextSize(message.responseTopic());
        size += message.correlation().length == 0 ? 0 : 3 + message.correlation().length;
        for (int id : publish.subscriptionIds()) {
            size += 1 + varintSize(id);
        }
        List<String> user = message.userProperties();
        for (int i = 0; i < user.size(); i += 2) {
            size += 5 + ByteBufUtil.utf8Bytes(user.get(i)) + ByteBufUtil.utf8Bytes(user.get(i + 1));
        }
        return size;
    }

    private static void publishProperties(Publish publish, ByteBuf out) {
        MessageProperties message = publish.properties();
        if (message.payloadFormat() >= 0) {
            out.writeByte(PAYLOAD_FORMAT).writeByte(message.payloadFormat());
        }
        if (message.expirySeconds() >= 0) {
            out.writeByte(MESSAGE_EXPIRY).writeInt((int) message.expirySeconds());
        }
        if (publish.topicAlias() != 0) {
            out.writeByte(TOPIC_ALIAS).writeShort(publish.topicAlias());
        }
        optionalText(out, CONTENT_TYPE, message.contentType());
        optionalText(out, RESPONSE_TOPIC, message.responseTopic());
        if (message.correlation().length > 0) {
            out.writeByte(CORRELATION_DATA).writeShort(message.correlation().length);
            out.writeBytes(message.correlation());
        }
        for (int id : publish.subscriptionIds()) {
            out.writeByte(SUBSCRIPTION_ID);
            varint(out, id);
        }
        userProperties(message.userProperties(), out);
    }

    private static void userProperties(List<String> user, ByteBuf out) {
        for (int i = 0; i < user.size(); i += 2) {
            out.writeByte(USER_PROPERTY);
            text(out, user.get(i));
            text(out, user.get(i + 1));
        }
    }

    private static void ack(Ack ack, ProtocolVersion version, ByteBuf out) {
        int flags = ack.type() == PacketType.PUBREL ? 2 : 0;
        out.writeByte(ack.type().code() << 4 | flags);
        boolean reason = version.hasProperties() && ack.reason() != ReasonCode.SUCCESS;
        out.writeByte(reason ? 3 : 2).writeShort(ack.packetId());
        if (reason) {
            out.writeByte(ack.reason().code());
        }
    }

    private static void connAck(ConnAck ack, ProtocolVersion version, ByteBuf out) {
        int code = version.hasProperties() ? ack.reason().code() : ack.reason().connectReturnCode();
        if (code < 0) {
            throw new IllegalArgumentException("MQTT 3.1.1 has no return code for " + ack.reason());
        }
        ByteBuf properties = Unpooled.buffer(32);
        if (version.hasProperties()) {
            optionalText(properties, REASON_STRING, ack.reasonString());
            ConnAck.Grants grants = ack.grants();
            if (grants != null) {
                grants(grants, properties);
            }
        }
        out.writeByte(PacketType.CONNACK.code() << 4);
        varint(
                out,
                2
                        + (version.hasProperties() ? varintSize(properties.readableBytes()) : 0)
                        + properties.readableBytes());
        // Before 3.1.1 the octet is not used.
        boolean present = ack.sessionPresent() && version != ProtocolVersion.MQTT_3_1;
        out.writeByte(present ? 1 : 0).writeByte(code);
        if (version.hasProperties()) {
            varint(out, properties.readableBytes());
            out.writeBytes(properties);
        }
    }

    private static void grants(ConnAck.Grants grants, ByteBuf out) {
        if (grants.sessionExpirySeconds() >= 0) {
            out.writeByte(SESSION_EXPIRY).writeInt((int) grants.sessionExpirySeconds());
        }
        offer(grants.offer(), out);
        out.writeByte(TOPIC_ALIAS_MAXIMUM).writeShort(grants.topicAliasMaximum());
        optionalText(out, ASSIGNED_CLIENT_ID, grants.assignedClientId());
        if (grants.keepAliveSeconds() >= 0) {
            out.writeByte(SERVER_KEEP_ALIVE).writeShort(grants.keepAliveSeconds());
        }
        optionalText(out, RESPONSE_INFORMATION, grants.responseInformation());
        userProperties(grants.userProperties(), out);
        Auth authentication = grants.authentication();
        if (authentication != null) {
            authentication(authentication, out);
        }
    }

    /** What is not said is available. */
    private static void offer(Offer offer, ByteBuf out) {
        out.writeByte(RECEIVE_MAXIMUM).writeShort(offer.receiveMaximum());
        out.writeByte(MAXIMUM_PACKET_SIZE).writeInt(offer.packetBytesMax());
        if (offer.qosMax() < 2) {
            out.writeByte(MAXIMUM_QOS).writeByte(offer.qosMax());
        }
        unavailable(RETAIN_AVAILABLE, offer.features().retain(), out);
        unavailable(WILDCARD_SUBSCRIPTION_AVAILABLE, offer.features().wildcards(), out);
        unavailable(SUBSCRIPTION_ID_AVAILABLE, offer.features().subscriptionIds(), out);
        unavailable(SHARED_SUBSCRIPTION_AVAILABLE, offer.features().shared(), out);
    }

    private static void unavailable(int property, boolean available, ByteBuf out) {
        if (!available) {
            out.writeByte(property).writeByte(0);
        }
    }

    private static void authentication(Auth auth, ByteBuf out) {
        optionalText(out, AUTHENTICATION_METHOD, auth.method());
        if (auth.data().length > 0) {
            out.writeByte(AUTHENTICATION_DATA).writeShort(auth.data().length).writeBytes(auth.data());
        }
    }

    private static void auth(Auth auth, ByteBuf out) {
        int properties = optionalTextSize(auth.method()) + (auth.data().length == 0 ? 0 : 3 + auth.data().length);
        out.writeByte(PacketType.AUTH.code() << 4);
        varint(out, 1 + varintSize(properties) + properties);
        out.writeByte(auth.reason().code());
        varint(out, properties);
        authentication(auth, out);
    }

    private static void subscribeAck(SubscribeAck ack, ProtocolVersion version, ByteBuf out) {
        boolean five = version.hasProperties();
        boolean reasons = five || ack.type() == PacketType.SUBACK;
        out.writeByte(ack.type().code() << 4);
        varint(out, 2 + (five ? 1 : 0) + (reasons ? ack.reasons().size() : 0));
        out.writeShort(ack.packetId());
        if (five) {
            out.writeByte(0);
        }
        if (reasons) {
            for (ReasonCode reason : ack.reasons()) {
                out.writeByte(!five && reason.isError() ? 0x80 : reason.code());
            }
        }
    }

    private static void disconnect(Disconnect disconnect, ProtocolVersion version, ByteBuf out) {
        if (!version.hasProperties()) {
            throw new IllegalArgumentException("an MQTT 3.1.1 server does not send DISCONNECT");
        }
        int properties = optionalTextSize(disconnect.reasonString());
        out.writeByte(PacketType.DISCONNECT.code() << 4);
        varint(out, 1 + varintSize(properties) + properties);
        out.writeByte(disconnect.reason().code());
        varint(out, properties);
        optionalText(out, REASON_STRING, disconnect.reasonString());
    }

    private static int optionalTextSize(String text) {
        return text.isEmpty() ? 0 : 3 + ByteBufUtil.utf8Bytes(text);
    }

    private static void optionalText(ByteBuf out, int property, String text) {
        if (!text.isEmpty()) {
            out.writeByte(property);
            text(out, text);
        }
    }

    private static void text(ByteBuf out, String text) {
        out.writeShort(ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(out, text);
    }

    private static int varintSize(long value) {
        return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
    }

    private static void varint(ByteBuf out, int value) {
        int rest = value;
        while (rest >= 128) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
