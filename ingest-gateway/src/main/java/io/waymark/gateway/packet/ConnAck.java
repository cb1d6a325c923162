package io.waymark.gateway.packet;

import java.util.List;
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
     * The server's side of the bargain.
     *
     * @param offer what every client gets
     * @param sessionExpirySeconds granted, or -1 when as asked
     * @param topicAliasMaximum highest topic alias the server takes of this client
     * @param assignedClientId empty unless the server chose it
     * @param keepAliveSeconds granted, or -1 when as asked
     * @param responseInformation empty when not asked for or not offered
     * @param authentication how the exchange ended; null without enhanced authentication
     * @param userProperties names and values in turn
     */
    public record Grants(
            Offer offer,
            long sessionExpirySeconds,
            int topicAliasMaximum,
            String assignedClientId,
            int keepAliveSeconds,
            String responseInformation,
            @Nullable Auth authentication,
            List<String> userProperties) {
        /** Copies the list. */
        public Grants {
            userProperties = List.copyOf(userProperties);
        }
    }

    @Override
    public PacketType type() {
        return PacketType.CONNACK;
    }
}
