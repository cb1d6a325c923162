package io.waymark.gateway.wire;

import static io.waymark.gateway.wire.MalformedPacketException.malformed;
import static io.waymark.gateway.wire.MalformedPacketException.protocolError;

import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * The properties of one packet, as read: each identifier only where the standard allows it and, except user properties, once.
 * Absent numbers are -1, absent texts and octets empty.
 *
 * @see "MQTT 5.0 §2.2.2, table 2-4"
 */
final class PropertySet {
    static final int PAYLOAD_FORMAT = 0x01;
    static final int MESSAGE_EXPIRY = 0x02;
    static final int CONTENT_TYPE = 0x03;
    static final int RESPONSE_TOPIC = 0x08;
    static final int CORRELATION_DATA = 0x09;
    static final int SUBSCRIPTION_ID = 0x0B;
    static final int SESSION_EXPIRY = 0x11;
    static final int ASSIGNED_CLIENT_ID = 0x12;
    static final int SERVER_KEEP_ALIVE = 0x13;
    static final int AUTHENTICATION_METHOD = 0x15;
    static final int AUTHENTICATION_DATA = 0x16;
    static final int REQUEST_PROBLEM_INFORMATION = 0x17;
    static final int WILL_DELAY = 0x18;
    static final int REQUEST_RESPONSE_INFORMATION = 0x19;
    static final int SERVER_REFERENCE = 0x1C;
    static final int REASON_STRING = 0x1F;
    static final int RECEIVE_MAXIMUM = 0x21;
    static final int TOPIC_ALIAS_MAXIMUM = 0x22;
    static final int TOPIC_ALIAS = 0x23;
    static final int USER_PROPERTY = 0x26;
    static final int MAXIMUM_PACKET_SIZE = 0x27;
    static final int RESPONSE_INFORMATION = 0x1A;
    static final int MAXIMUM_QOS = 0x24;
    static final int RETAIN_AVAILABLE = 0x25;
    static final int WILDCARD_SUBSCRIPTION_AVAILABLE = 0x28;
    static final int SUBSCRIPTION_ID_AVAILABLE = 0x29;
    static final int SHARED_SUBSCRIPTION_AVAILABLE = 0x2A;

    private static final long MESSAGE =
            mask(PAYLOAD_FORMAT, MESSAGE_EXPIRY, CONTENT_TYPE, RESPONSE_TOPIC, CORRELATION_DATA, USER_PROPERTY);

    /** Where each property may occur in what a client sends: one bit for each identifier. */
    static final long IN_CONNECT = mask(
            SESSION_EXPIRY,
            AUTHENTICATION_METHOD,
            AUTHENTICATION_DATA,
            REQUEST_PROBLEM_INFORMATION,
            REQUEST_RESPONSE_INFORMATION,
            RECEIVE_MAXIMUM,
            TOPIC_ALIAS_MAXIMUM,
            USER_PROPERTY,
            MAXIMUM_PACKET_SIZE);

    static final long IN_WILL = MESSAGE | mask(WILL_DELAY);
    static final long IN_PUBLISH = MESSAGE | mask(TOPIC_ALIAS);
    static final long IN_ACK = mask(REASON_STRING, USER_PROPERTY);
    static final long IN_SUBSCRIBE = mask(SUBSCRIPTION_ID, USER_PROPERTY);
    static final long IN_UNSUBSCRIBE = mask(USER_PROPERTY);
    static final long IN_DISCONNECT = mask(SESSION_EXPIRY, REASON_STRING, USER_PROPERTY);
    static final long IN_AUTH = mask(AUTHENTICATION_METHOD, AUTHENTICATION_DATA, REASON_STRING, USER_PROPERTY);

    /** No properties at all. */
    static final PropertySet NONE = new PropertySet();

    /** Most user properties taken in one packet; each becomes a Kafka header. */
    static final int USER_PROPERTIES_MAX = 256;

    private static final byte[] NO_OCTETS = new byte[0];

    private long seen;

    int payloadFormat = -1;
    long messageExpiry = -1;
    String contentType = "";
    String responseTopic = "";
    byte[] correlation = NO_OCTETS;
    int subscriptionId;
    long sessionExpiry = -1;
    String authenticationMethod = "";
    byte[] authenticationData = NO_OCTETS;
    boolean wantsResponseInformation;
    int topicAliasMaximum;
    int receiveMaximum = -1;
    int topicAlias;
    long maximumPacketSize = -1;
    long willDelay;
    List<String> userProperties = List.of();

    private PropertySet() {}

    private static long mask(int... identifiers) {
        long mask = 0;
        for (int identifier : identifiers) {
            mask |= 1L << identifier;
        }
        return mask;
    }

    /**
     * Reads the property length and the properties.
     *
     * @param allowed one of the {@code IN_} masks
     */
    static PropertySet read(PacketReader in, long allowed) throws MalformedPacketException {
        int length = in.varint();
        if (length == 0) {
            return NONE;
        }
        in.require(length);
        int behind = in.narrow(length);
        PropertySet set = new PropertySet();
        while (in.remaining() > 0) {
            set.readOne(in, allowed);
        }
        in.widen(behind);
        if (set.has(AUTHENTICATION_DATA) && !set.has(AUTHENTICATION_METHOD)) {
            throw protocolError("authentication data need an authentication method");
        }
        return set;
    }

    boolean has(int identifier) {
        return (seen & 1L << identifier) != 0;
    }

    private void readOne(PacketReader in, long allowed) throws MalformedPacketException {
        int id = in.varint();
        if (id > 63 || (allowed & 1L << id) == 0) {
            throw misplaced(id, allowed);
        }
        if (has(id) && id != USER_PROPERTY) {
            throw protocolError("property 0x" + Integer.toHexString(id) + " must not be repeated");
        }
        seen |= 1L << id;
        switch (id) {
            case PAYLOAD_FORMAT -> payloadFormat = flag(in, "payload format indicator");
            case MESSAGE_EXPIRY -> messageExpiry = in.u32();
            case CONTENT_TYPE -> contentType = in.text("content type");
            case RESPONSE_TOPIC -> responseTopic = responseTopic(in);
            case CORRELATION_DATA -> correlation = in.binary();
            case SUBSCRIPTION_ID -> subscriptionId = positive(in.varint(), "subscription identifier");
            case SESSION_EXPIRY -> sessionExpiry = in.u32();
            case AUTHENTICATION_METHOD -> authenticationMethod = in.text("authentication method");
            case AUTHENTICATION_DATA -> authenticationData = in.binary();
            // Reason strings only go into packets that may always have them.
            case REQUEST_PROBLEM_INFORMATION -> flag(in, "request problem information");
            case REQUEST_RESPONSE_INFORMATION ->
                wantsResponseInformation = flag(in, "request response information") == 1;
            case REASON_STRING -> in.text("reason string");
            case RECEIVE_MAXIMUM -> receiveMaximum = positive(in.u16(), "receive maximum");
            case TOPIC_ALIAS_MAXIMUM -> topicAliasMaximum = in.u16();
            case TOPIC_ALIAS -> topicAlias = alias(in.u16());
            case USER_PROPERTY -> userProperty(in);
            case MAXIMUM_PACKET_SIZE -> maximumPacketSize = size(in.u32());
            case WILL_DELAY -> willDelay = in.u32();
            default -> throw new IllegalStateException("property 0x" + Integer.toHexString(id) + " has no reader");
        }
    }

    /** A packet that never has the property is malformed; one that only a server may send with it breaks the protocol. */
    private static MalformedPacketException misplaced(int id, long allowed) {
        String property = "property 0x" + Integer.toHexString(id);
        boolean servers = (allowed == IN_PUBLISH && id == SUBSCRIPTION_ID)
                || (allowed == IN_DISCONNECT && id == SERVER_REFERENCE);
        return servers
                ? protocolError(property + " must not come from a client")
                : malformed(property + " is not allowed in this packet");
    }

    private static int flag(PacketReader in, String what) throws MalformedPacketException {
        int value = in.u8();
        if (value > 1) {
            throw protocolError(what + " must be 0 or 1 but was " + value);
        }
        return value;
    }

    private static int positive(int value, String what) throws MalformedPacketException {
        if (value == 0) {
            throw protocolError(what + " must not be 0");
        }
        return value;
    }

    private static long size(long value) throws MalformedPacketException {
        if (value == 0) {
            throw protocolError("maximum packet size must not be 0");
        }
        return value;
    }

    private static int alias(int value) throws MalformedPacketException {
        if (value == 0) {
            throw new MalformedPacketException(ReasonCode.TOPIC_ALIAS_INVALID, "topic alias must not be 0");
        }
        return value;
    }

    private static String responseTopic(PacketReader in) throws MalformedPacketException {
        String topic = in.text("response topic");
        if (!Topics.isName(topic)) {
            throw protocolError("response topic must be a topic name without wildcards");
        }
        return topic;
    }

    private void userProperty(PacketReader in) throws MalformedPacketException {
        if (userProperties.isEmpty()) {
            userProperties = new ArrayList<>(4);
        }
        if (userProperties.size() >= 2 * USER_PROPERTIES_MAX) {
            throw new MalformedPacketException(
                    ReasonCode.QUOTA_EXCEEDED,
                    "a packet must have at most " + USER_PROPERTIES_MAX + " user properties");
        }
        userProperties.add(in.text("user property name"));
        userProperties.add(in.text("user property value"));
    }

    MessageProperties message() {
        return (seen & MESSAGE) == 0
                ? MessageProperties.NONE
                : new MessageProperties(
                        payloadFormat, messageExpiry, contentType, responseTopic, correlation, userProperties);
    }
}
