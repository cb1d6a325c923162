package io.waymark.gateway.packet;

import java.util.List;

/**
 * UNSUBSCRIBE.
 *
 * @param packetId 1..65535
 * @param filters at least one
 */
public record Unsubscribe(int packetId, List<String> filters) implements Packet {
    /** Copies the list. */
    public Unsubscribe {
        filters = List.copyOf(filters);
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBSCRIBE;
    }
}
