package io.waymark.gateway.packet;

import java.util.Locale;

/**
 * The kinds of control packet.
 *
 * @see "MQTT 5.0 §2.1.2"
 */
public enum PacketType {
    CONNECT(1),
    CONNACK(2),
    PUBLISH(3),
    PUBACK(4),
    PUBREC(5),
    PUBREL(6),
    PUBCOMP(7),
    SUBSCRIBE(8),
    SUBACK(9),
    UNSUBSCRIBE(10),
    UNSUBACK(11),
    PINGREQ(12),
    PINGRESP(13),
    DISCONNECT(14),
    AUTH(15);

    private static final PacketType[] BY_CODE = values();

    private final int code;
    private final String label = name().toLowerCase(Locale.ROOT);

    PacketType(int code) {
        this.code = code;
    }

    /** The upper four bits of a packet's first octet. */
    public int code() {
        return code;
    }

    /** Lower-case name for metrics. */
    public String label() {
        return label;
    }

    /**
     * The type with this code.
     *
     * @throws IllegalArgumentException unless code is in 1..15
     */
    public static PacketType ofCode(int code) {
        if (code < 1 || code > 15) {
            throw new IllegalArgumentException("packet type must be in 1..15 but was " + code);
        }
        return BY_CODE[code - 1];
    }
}
