package io.waymark.gateway.packet;

/**
 * What this server does for every client. A 5.0 client reads it in CONNACK; to an older one it applies without being said.
 *
 * @param receiveMaximum 1..65535: QoS 1 and 2 messages taken from one client before the first is acknowledged
 * @param topicAliasMaximum 0..65535: highest topic alias, in either direction
 * @param packetBytesMax largest packet taken, in octets
 * @param qosMax 0..2
 * @param features what may be left out
 * @param keepAliveSecondsMax 1..65535: longest keep-alive granted
 * @param responseInformation where a client may have answers sent, {@code %c} and {@code %u} standing for its identifiers; empty =
 *     not said
 * @param acks when messages are acknowledged
 * @see "MQTT 5.0 §3.2.2.3"
 */
public record Offer(
        int receiveMaximum,
        int topicAliasMaximum,
        int packetBytesMax,
        int qosMax,
        Features features,
        int keepAliveSecondsMax,
        String responseInformation,
        AckRules acks) {
    /** Highest bound for a packet: with its headers it must fit a spool entry of 32 MiB and a Kafka request. */
    public static final int PACKET_BYTES_MAX = 16 << 20;

    /** Checks the ranges. */
    public Offer {
        require("receive maximum", receiveMaximum, 1, 65_535);
        require("topic alias maximum", topicAliasMaximum, 0, 65_535);
        require("packet size", packetBytesMax, 128, PACKET_BYTES_MAX);
        require("QoS", qosMax, 0, 2);
        require("keep-alive", keepAliveSecondsMax, 1, 65_535);
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " must be in " + min + ".." + max + " but was " + value);
        }
    }

    /**
     * What a server may have or not.
     *
     * @param retain whether messages may be retained
     * @param wildcards whether filters may hold wildcards
     * @param shared whether subscriptions may be shared
     * @param subscriptionIds whether subscriptions may carry identifiers
     */
    public record Features(boolean retain, boolean wildcards, boolean shared, boolean subscriptionIds) {
        /** Everything. */
        public static final Features ALL = new Features(true, true, true, true);
    }

    /**
     * Everything, with 1024 messages in flight, 32 aliases, packets of 1 MiB, keep-alive up to an hour; acknowledged is what is on
     * disk.
     */
    public static Offer defaults() {
        return new Offer(1_024, 32, 1 << 20, 2, Features.ALL, 3_600, "", AckRules.SPOOL);
    }

    /** The same with other rules for acknowledging. */
    public Offer withAcks(AckRules other) {
        return new Offer(
                receiveMaximum,
                topicAliasMaximum,
                packetBytesMax,
                qosMax,
                features,
                keepAliveSecondsMax,
                responseInformation,
                other);
    }
}
