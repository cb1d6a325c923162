package io.waymark.gateway.server;

import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.packet.Offer;
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
 * @param offer what every client gets
 * @param access who may publish and subscribe where
 * @param connectTimeout until CONNECT is answered
 * @param ioThreads event loops
 * @param connectionsMax more are closed at once
 */
public record ServerSettings(
        List<String> hosts,
        int port,
        Optional<Tls> tls,
        boolean anonymous,
        Offer offer,
        AccessRules access,
        Duration connectTimeout,
        int ioThreads,
        int connectionsMax) {
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
        require("ioThreads", ioThreads, 1, 1_024);
        require("port", port, 0, 65_535);
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " must be in " + min + ".." + max + " but was " + value);
        }
    }
}
