package io.waymark.gateway.packet;

import org.jspecify.annotations.Nullable;

/**
 * CONNECT.
 *
 * @param version of the protocol from here on
 * @param clientId empty when the client leaves the choice to the server
 * @param cleanStart Clean Session in 3.1.1
 * @param keepAliveSeconds 0..65535, 0 = off
 * @param userName null when absent
 * @param password octets, null when absent; never logged
 * @param will null when absent
 * @param sessionExpirySeconds 0..4294967295; in 3.1.1 0 with Clean Session and 4294967295 without
 * @param receiveMaximum 1..65535: unacknowledged QoS 1 and 2 messages the client takes at once
 * @param packetBytesMax largest packet the client takes; {@code Long.MAX_VALUE} when not limited
 * @param authenticationMethod empty when absent
 */
public record Connect(
        ProtocolVersion version,
        String clientId,
        boolean cleanStart,
        int keepAliveSeconds,
        @Nullable String userName,
        byte @Nullable [] password,
        @Nullable Will will,
        long sessionExpirySeconds,
        int receiveMaximum,
        long packetBytesMax,
        String authenticationMethod)
        implements Packet {
    /** A Session Expiry Interval that never ends. */
    public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    @Override
    public PacketType type() {
        return PacketType.CONNECT;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Connect[" + version + ", clientId=" + clientId + ", cleanStart=" + cleanStart + ", userName=" + userName
                + "]";
    }
}
