package io.waymark.gateway.packet;

/** The protocol levels this server speaks. */
public enum ProtocolVersion {
    /** Level 3, protocol name MQIsdp. */
    MQTT_3_1("MQTT 3.1"),
    /** Level 4. */
    MQTT_3_1_1("MQTT 3.1.1"),
    /** Level 5. */
    MQTT_5("MQTT 5.0");

    private final String label;

    ProtocolVersion(String label) {
        this.label = label;
    }

    /** As people call it. */
    public String label() {
        return label;
    }

    /** Whether packets carry properties and reason codes. */
    public boolean hasProperties() {
        return this == MQTT_5;
    }
}
