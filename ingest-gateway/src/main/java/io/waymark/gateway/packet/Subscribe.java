package io.waymark.gateway.packet;

import java.util.List;

/**
 * SUBSCRIBE.
 *
 * @param packetId 1..65535
 * @param subscriptions at least one; filters are well-formed UTF-8 but not yet checked as filters
 */
public record Subscribe(int packetId, List<Subscription> subscriptions) implements Packet {
    /** Copies the list. */
    public Subscribe {
        subscriptions = List.copyOf(subscriptions);
    }

    @Override
    public PacketType type() {
        return PacketType.SUBSCRIBE;
    }
}
