package io.waymark.gateway.server;

import io.waymark.gateway.packet.Offer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the MQTT server is told.
 *
 * @param hosts addresses to bind
 * @param port 0 = chosen by the system, the same for all hosts
 * @param tls absent = no TLS listener
 * @param webSocket absent = no WebSocket listener
 * @param anonymous whether a loopback peer may come without user name
 * @param offer what every client gets
 * @param connectTimeout until CONNECT is answered
 * @param ioThreads event loops
 * @param connectionsMax more are closed at once
 * @param connectsPerSecond of one address; 0 = any number
 */
public record ServerSettings(
        List<String> hosts,
        int port,
        Optional<Tls> tls,
        Optional<WebSocket> webSocket,
        boolean anonymous,
        Offer offer,
        Duration connectTimeout,
        int ioThreads,
        int connectionsMax,
        int connectsPerSecond) {
    /** Largest packet taken from somebody who has not been authenticated: every field of CONNECT at its longest. */
    static final int CONNECT_BYTES_MAX = 400_000;

    /**
     * Where a listener binds.
     *
     * @param hosts addresses
     * @param port 0 = chosen by the system, the same for all hosts
     */
    public record Door(List<String> hosts, int port) {
        /** Copies the hosts. */
        public Door {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * MQTT in WebSocket frames.
     *
     * @param plain absent = none without TLS
     * @param secure with the certificate of the TLS listener, which must be there; absent = none
     * @param path of the only resource
     * @param origins pages that may connect beside those of the same host, as {@code https://host:port}; {@code *} = all
     */
    public record WebSocket(Optional<Door> plain, Optional<Door> secure, String path, List<String> origins) {
        /** Copies the origins. */
        public WebSocket {
            origins = List.copyOf(origins);
        }
    }

    /**
     * A TLS listener.
     *
     * @param door where it binds
     * @param certificateChain PEM
     * @param privateKey PEM, PKCS#8
     * @param clients what is asked of clients
     * @param reloadCheck how often the files are looked at
     */
    public record Tls(
            Door door, Path certificateChain, Path privateKey, ClientCertificates clients, Duration reloadCheck) {}

    /**
     * Certificates of clients.
     *
     * @param mode whether they are asked for
     * @param authorities PEM certificates of those who issue them; needed unless the mode is none
     * @param revocations PEM revocation lists, one of each authority; absent = nothing is revoked
     * @param byCommonName whether the subject's common name is the device id when the fingerprint is not mapped
     * @param devices device id by SHA-256 fingerprint in lower-case hexadecimal digits
     */
    public record ClientCertificates(
            Mode mode,
            Optional<Path> authorities,
            Optional<Path> revocations,
            boolean byCommonName,
            Map<String, String> devices) {
        /** Not asked for. */
        public static final ClientCertificates NONE =
                new ClientCertificates(Mode.NONE, Optional.empty(), Optional.empty(), true, Map.of());

        /** Whether clients are asked. */
        public enum Mode {
            /** They are not. */
            NONE,
            /** Those without one need a password. */
            OPTIONAL,
            /** Those without one are not let in. */
            REQUIRED
        }

        /** Copies the map. */
        public ClientCertificates {
            devices = Map.copyOf(devices);
        }
    }

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
