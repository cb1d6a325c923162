package io.waymark.gateway.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the MQTT server is told.
 *
 * @param hosts addresses to bind
 * @param port 0 = chosen by the system, the same for all hosts
 * @param tls absent = no TLS listener
 * @param anonymous whether a loopback peer may come without user name
 * @param packetBytesMax largest packet taken
 * @param keepAliveSecondsMax longest keep-alive granted
 * @param connectTimeout until CONNECT is answered
 * @param ioThreads event loops
 * @param connectionsMax more are closed at once
 */
public record ServerSettings(
        List<String> hosts,
        int port,
        Optional<Tls> tls,
        boolean anonymous,
        int packetBytesMax,
        int keepAliveSecondsMax,
        Duration connectTimeout,
        int ioThreads,
        int connectionsMax) {
    /** Highest bound for a packet: with its headers it must fit a spool entry of 32 MiB and a Kafka request. */
    public static final int PACKET_BYTES_MAX = 16 << 20;

    /** Unacknowledged QoS 1 and 2 messages taken from one client: announced to 5.0 clients, a pause in reading for others. */
    static final int RECEIVE_MAXIMUM = 1_024;

    /** Highest topic alias taken from one client. */
    static final int TOPIC_ALIAS_MAXIMUM = 32;

    /** Largest packet taken from somebody who has not been authenticated: every field of CONNECT at its longest. */
    static final int CONNECT_BYTES_MAX = 400_000;

    /**
     * A TLS listener.
     *
     * @param hosts addresses to bind
     * @param port 0 = chosen by the system
     * @param certificateChain PEM
     * @param privateKey PEM, PKCS#8
     */
    public record Tls(List<String> hosts, int port, Path certificateChain, Path privateKey) {}

    /** Checks the ranges. */
    public ServerSettings {
        hosts = List.copyOf(hosts);
        require("packetBytesMax", packetBytesMax, 128, PACKET_BYTES_MAX);
        require("keepAliveSecondsMax", keepAliveSecondsMax, 1, 65_535);
        require("ioThreads", ioThreads, 1, 1_024);
        require("port", port, 0, 65_535);
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " must be in " + min + ".." + max + " but was " + value);
        }
    }
}
