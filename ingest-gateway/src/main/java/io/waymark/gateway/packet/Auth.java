package io.waymark.gateway.packet;

/**
 * AUTH. This server offers no enhanced authentication, so one that arrives is a protocol error.
 *
 * @param reason 00, 18 or 19
 */
public record Auth(ReasonCode reason) implements Packet {
    @Override
    public PacketType type() {
        return PacketType.AUTH;
    }
}
