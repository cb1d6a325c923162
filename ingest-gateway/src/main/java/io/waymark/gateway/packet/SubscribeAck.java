package io.waymark.gateway.packet;

import java.util.List;

/**
 * SUBACK or UNSUBACK.
 *
 * @param type which of the two
 * @param packetId of the request
 * @param reasons one for each filter, in order; not sent in a 3.1.1 UNSUBACK
 */
public record SubscribeAck(PacketType type, int packetId, List<ReasonCode> reasons) implements Packet {
    /** Copies the list. */
    public SubscribeAck {
        reasons = List.copyOf(reasons);
    }
}
