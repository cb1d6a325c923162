package io.waymark.gateway.packet;

/**
 * DISCONNECT.
 *
 * @param reason {@code SUCCESS} in 3.1.1
 * @param sessionExpirySeconds 0..4294967295, or -1 when absent
 * @param reasonString for people; empty when absent
 */
public record Disconnect(ReasonCode reason, long sessionExpirySeconds, String reasonString) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.DISCONNECT;
    }
}
