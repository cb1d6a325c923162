package io.waymark.gateway.packet;

/**
 * AUTH, in either direction.
 *
 * @param reason 00, 18 or 19
 * @param method empty when absent
 * @param data octets of the method, empty when absent; never logged
 * @see "MQTT 5.0 §3.15, §4.12"
 */
public record Auth(ReasonCode reason, String method, byte[] data) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.AUTH;
    }

    /** Without the data. */
    @Override
    public String toString() {
        return "Auth[" + reason + ", method=" + method + "]";
    }
}
