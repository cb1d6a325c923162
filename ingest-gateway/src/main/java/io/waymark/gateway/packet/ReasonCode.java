package io.waymark.gateway.packet;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why something succeeded or failed. Code 0 also means "normal disconnection" and "granted QoS 0".
 *
 * @see "MQTT 5.0 §2.4"
 */
public enum ReasonCode {
    SUCCESS(0x00),
    GRANTED_QOS_1(0x01),
    GRANTED_QOS_2(0x02),
    DISCONNECT_WITH_WILL(0x04),
    NO_MATCHING_SUBSCRIBERS(0x10),
    NO_SUBSCRIPTION_EXISTED(0x11),
    CONTINUE_AUTHENTICATION(0x18),
    RE_AUTHENTICATE(0x19),
    UNSPECIFIED_ERROR(0x80),
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    IMPLEMENTATION_SPECIFIC_ERROR(0x83),
    UNSUPPORTED_PROTOCOL_VERSION(0x84),
    CLIENT_IDENTIFIER_NOT_VALID(0x85),
    BAD_USER_NAME_OR_PASSWORD(0x86),
    NOT_AUTHORIZED(0x87),
    SERVER_UNAVAILABLE(0x88),
    SERVER_BUSY(0x89),
    BANNED(0x8A),
    SERVER_SHUTTING_DOWN(0x8B),
    BAD_AUTHENTICATION_METHOD(0x8C),
    KEEP_ALIVE_TIMEOUT(0x8D),
    SESSION_TAKEN_OVER(0x8E),
    TOPIC_FILTER_INVALID(0x8F),
    TOPIC_NAME_INVALID(0x90),
    PACKET_IDENTIFIER_IN_USE(0x91),
    PACKET_IDENTIFIER_NOT_FOUND(0x92),
    RECEIVE_MAXIMUM_EXCEEDED(0x93),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95),
    MESSAGE_RATE_TOO_HIGH(0x96),
    QUOTA_EXCEEDED(0x97),
    ADMINISTRATIVE_ACTION(0x98),
    PAYLOAD_FORMAT_INVALID(0x99),
    RETAIN_NOT_SUPPORTED(0x9A),
    QOS_NOT_SUPPORTED(0x9B),
    USE_ANOTHER_SERVER(0x9C),
    SERVER_MOVED(0x9D),
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9E),
    CONNECTION_RATE_EXCEEDED(0x9F),
    MAXIMUM_CONNECT_TIME(0xA0),
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1),
    WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED(0xA2);

    private static final @Nullable ReasonCode[] BY_CODE = new @Nullable ReasonCode[256];

    static {
        for (ReasonCode reason : values()) {
            BY_CODE[reason.code] = reason;
        }
    }

    private final int code;
    private final String label = name().toLowerCase(Locale.ROOT);

    ReasonCode(int code) {
        this.code = code;
    }

    /** The octet on the wire, 0..255. */
    public int code() {
        return code;
    }

    /** Lower-case name for metrics and log lines. */
    public String label() {
        return label;
    }

    /** Whether the operation failed. */
    public boolean isError() {
        return code >= 0x80;
    }

    /** The reason with this code, or null when the standard defines none. */
    public static @Nullable ReasonCode ofCode(int code) {
        return code < 0 || code > 255 ? null : BY_CODE[code];
    }

    /** What a CONNACK says for this reason; some reasons only exist in other packets. */
    public ReasonCode inConnAck() {
        return switch (this) {
            case SERVER_SHUTTING_DOWN, SESSION_TAKEN_OVER -> SERVER_UNAVAILABLE;
            case ADMINISTRATIVE_ACTION -> NOT_AUTHORIZED;
            case KEEP_ALIVE_TIMEOUT, RECEIVE_MAXIMUM_EXCEEDED, TOPIC_ALIAS_INVALID -> PROTOCOL_ERROR;
            default -> this;
        };
    }

    /** What SUBACK answers for a granted QoS of 0, 1 or 2. */
    public static ReasonCode granted(int qos) {
        return qos == 0 ? SUCCESS : qos == 1 ? GRANTED_QOS_1 : GRANTED_QOS_2;
    }

    /**
     * The CONNACK return code of MQTT 3.1.1 for this reason: 0 accepted, 1 version, 2 identifier, 3 unavailable,
     * 4 user name or password, 5 not authorised; -1 when 3.1.1 has no code and the connection is closed without CONNACK.
     */
    public int connectReturnCode() {
        return switch (this) {
            case SUCCESS -> 0;
            case UNSUPPORTED_PROTOCOL_VERSION -> 1;
            case CLIENT_IDENTIFIER_NOT_VALID -> 2;
            case SERVER_UNAVAILABLE, SERVER_BUSY, QUOTA_EXCEEDED, CONNECTION_RATE_EXCEEDED, SERVER_SHUTTING_DOWN -> 3;
            case BAD_USER_NAME_OR_PASSWORD -> 4;
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> 5;
            default -> -1;
        };
    }
}
