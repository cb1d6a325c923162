package io.waymark.gateway.packet;

import org.jspecify.annotations.Nullable;

/**
 * CONNACK.
 *
 * @param sessionPresent whether the server kept state of an earlier connection
 * @param reason {@code SUCCESS} or why not
 * @param grants what the server limits or decided; null in a refusal and in 3.1.1
 * @param reasonString for people; empty when absent
 */
public record ConnAck(
        boolean sessionPresent, ReasonCode reason, @Nullable Grants grants, String reasonString) implements Packet {
    /**
     * The server's side of the bargain. Shared subscriptions are always announced as unavailable.
     *
     * @param sessionExpirySeconds granted, or -1 when as asked
     * @param receiveMaximum unacknowledged QoS 1 and 2 messages the server takes at once
     * @param packetBytesMax largest packet the server takes
     * @param topicAliasMaximum highest topic alias the server takes
     * @param assignedClientId empty unless the server chose it
     * @param keepAliveSeconds granted, or -1 when as asked
     */
    public record Grants(
            long sessionExpirySeconds,
            int receiveMaximum,
            int packetBytesMax,
            int topicAliasMaximum,
            String assignedClientId,
            int keepAliveSeconds) {}

    @Override
    public PacketType type() {
        return PacketType.CONNACK;
    }
}
