package io.waymark.gateway.conformance;

/** The properties of MQTT 5.0 by the names scenarios use. */
enum Property {
    PAYLOAD_FORMAT(0x01, Type.U8),
    MESSAGE_EXPIRY(0x02, Type.U32),
    CONTENT_TYPE(0x03, Type.TEXT),
    RESPONSE_TOPIC(0x08, Type.TEXT),
    CORRELATION(0x09, Type.BINARY),
    SUB_ID(0x0B, Type.VARINT),
    SESSION_EXPIRY(0x11, Type.U32),
    ASSIGNED_ID(0x12, Type.TEXT),
    SERVER_KEEP_ALIVE(0x13, Type.U16),
    AUTH_METHOD(0x15, Type.TEXT),
    AUTH_DATA(0x16, Type.BINARY),
    PROBLEM_INFO(0x17, Type.U8),
    WILL_DELAY(0x18, Type.U32),
    RESPONSE_INFO(0x19, Type.U8),
    RESPONSE_INFORMATION(0x1A, Type.TEXT),
    SERVER_REFERENCE(0x1C, Type.TEXT),
    REASON_STRING(0x1F, Type.TEXT),
    RECEIVE_MAX(0x21, Type.U16),
    ALIAS_MAX(0x22, Type.U16),
    ALIAS(0x23, Type.U16),
    MAX_QOS(0x24, Type.U8),
    RETAIN_AVAILABLE(0x25, Type.U8),
    USER(0x26, Type.PAIR),
    MAX_PACKET(0x27, Type.U32),
    WILDCARD_AVAILABLE(0x28, Type.U8),
    SUB_ID_AVAILABLE(0x29, Type.U8),
    SHARED_AVAILABLE(0x2A, Type.U8);

    /** How its value is written. */
    enum Type {
        U8,
        U16,
        U32,
        VARINT,
        TEXT,
        BINARY,
        PAIR
    }

    final int id;
    final Type type;

    Property(int id, Type type) {
        this.id = id;
        this.type = type;
    }

    String key() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    static Property ofId(int id) {
        for (Property property : values()) {
            if (property.id == id) {
                return property;
            }
        }
        throw new AssertionError("the server sent unknown property 0x" + Integer.toHexString(id));
    }
}
