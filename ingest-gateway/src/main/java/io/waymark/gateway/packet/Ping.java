package io.waymark.gateway.packet;

/** PINGREQ or PINGRESP. */
public enum Ping implements Packet {
    REQUEST(PacketType.PINGREQ),
    RESPONSE(PacketType.PINGRESP);

    private final PacketType type;

    Ping(PacketType type) {
        this.type = type;
    }

    @Override
    public PacketType type() {
        return type;
    }
}
