package io.waymark.gateway.packet;

import org.jspecify.annotations.Nullable;

/**
 * CONNECT.
 *
 * @param version of the protocol from here on
 * @param clientId empty when the client leaves the choice to the server
 * @param cleanStart Clean Session before 5.0
 * @param keepAliveSeconds 0..65535, 0 = off
 * @param userName null when absent
 * @param password octets, null when absent; never logged
 * @param will null when absent
 * @param sessionExpirySeconds 0..4294967295; before 5.0 0 with Clean Session and 4294967295 without
 * @param receiveMaximum 1..65535: unacknowledged QoS 1 and 2 messages the client takes at once
 * @param packetBytesMax largest packet the client takes; {@code Long.MAX_VALUE} when not limited
 * @param topicAliasMaximum 0..65535: highest topic alias the client takes
 * @param wantsResponseInformation whether CONNACK is to say where answers may be sent
 * @param authenticationMethod empty when absent
 * @param authenticationData octets of the method, empty when absent; never logged
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
        int topicAliasMaximum,
        boolean wantsResponseInformation,
        String authenticationMethod,
        byte[] authenticationData)
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
