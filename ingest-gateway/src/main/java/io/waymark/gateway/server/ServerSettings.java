package io.waymark.gateway.server;

import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.ReasonCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the MQTT server is told.
 *
 * @param listeners where it is reached
 * @param connections how many, how fast
 * @param anonymous whether a loopback peer may come without user name
 * @param denialsTold whether a 5.0 client reads that its rules refuse a subscription or message, or only that it is refused
 * @param offer what every client gets
 * @param ioThreads event loops
 */
public record ServerSettings(
        Listeners listeners,
        Connections connections,
        boolean anonymous,
        boolean denialsTold,
        Offer offer,
        int ioThreads) {
    /** Largest packet taken from somebody who has not been authenticated: every field of CONNECT at its longest. */
    static final int CONNECT_BYTES_MAX = 400_000;

    /** Checks the range. */
    public ServerSettings {
        require("ioThreads", ioThreads, 1, 1_024);
    }

    /** With denials told. */
    public ServerSettings(Listeners listeners, Connections connections, boolean anonymous, Offer offer, int ioThreads) {
        this(listeners, connections, anonymous, true, offer, ioThreads);
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " must be in " + min + ".." + max + " but was " + value);
        }
    }

    /**
     * All listeners.
     *
     * @param mqtt MQTT as it is
     * @param mqtts MQTT over TLS; absent without a certificate
     * @param webSocket MQTT over WebSocket; absent without any
     */
    public record Listeners(Listener mqtt, Optional<Tls> mqtts, Optional<WebSocket> webSocket) {}

    /**
     * Where a listener binds.
     *
     * @param hosts addresses, all with the same port; an IPv6 address is skipped where the machine has no IPv6
     * @param port 0 = chosen by the system
     */
    public record Listener(List<String> hosts, int port) {
        /** Copies the hosts and checks the port. */
        public Listener {
            hosts = List.copyOf(hosts);
            require("port", port, 0, 65_535);
        }
    }

    /**
     * How many connections there may be, and how fast they may come.
     *
     * @param max open ones; more are closed at once
     * @param perSecond of one address, with a burst of twenty seconds' worth; 0 = any number
     * @param connectTimeout one whose CONNECT has not been answered by then is closed
     */
    public record Connections(int max, int perSecond, Duration connectTimeout) {}

    /**
     * MQTT in WebSocket frames.
     *
     * @param plain absent = none without TLS
     * @param secure with the certificate of the TLS listener, which must be there; absent = none
     * @param path of the only resource
     * @param origins pages that may connect beside those of the same host, as {@code https://host:port}; {@code *} = all
     */
    public record WebSocket(Optional<Listener> plain, Optional<Listener> secure, String path, List<String> origins) {
        /** Copies the origins. */
        public WebSocket {
            origins = List.copyOf(origins);
        }
    }

    /**
     * A TLS listener.
     *
     * @param listener where it binds
     * @param certificateChain PEM
     * @param privateKey PEM, PKCS#8
     * @param clients what is asked of clients
     * @param reloadCheck how often the files are looked at
     */
    public record Tls(
            Listener listener,
            Path certificateChain,
            Path privateKey,
            ClientCertificates clients,
            Duration reloadCheck) {}

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

    /** Loopback, port 1883, no TLS, passwords required; 200 000 connections on two loops. */
    public static ServerSettings defaults() {
        return new ServerSettings(
                new Listeners(new Listener(List.of("127.0.0.1", "::1"), 1883), Optional.empty(), Optional.empty()),
                new Connections(200_000, 1_000, Duration.ofSeconds(10)),
                false,
                Offer.defaults(),
                2);
    }

    /** The same with another plain listener. */
    public ServerSettings withMqtt(Listener other) {
        return withListeners(new Listeners(other, listeners.mqtts, listeners.webSocket));
    }

    /** The same with TLS. */
    public ServerSettings withMqtts(Tls other) {
        return withListeners(new Listeners(listeners.mqtt, Optional.of(other), listeners.webSocket));
    }

    /** The same with WebSocket listeners. */
    public ServerSettings withWebSocket(WebSocket other) {
        return withListeners(new Listeners(listeners.mqtt, listeners.mqtts, Optional.of(other)));
    }

    private ServerSettings withListeners(Listeners other) {
        return new ServerSettings(other, connections, anonymous, denialsTold, offer, ioThreads);
    }

    /** The same with other connections. */
    public ServerSettings withConnections(Connections other) {
        return new ServerSettings(listeners, other, anonymous, denialsTold, offer, ioThreads);
    }

    /** The same with or without anonymous clients. */
    public ServerSettings withAnonymous(boolean other) {
        return new ServerSettings(listeners, connections, other, denialsTold, offer, ioThreads);
    }

    /** The same with denials told or not. */
    public ServerSettings withDenialsTold(boolean other) {
        return new ServerSettings(listeners, connections, anonymous, other, offer, ioThreads);
    }

    /** The reason code for what a client's rules refuse. */
    ReasonCode denial() {
        return denialsTold ? ReasonCode.NOT_AUTHORIZED : ReasonCode.UNSPECIFIED_ERROR;
    }

    /** The same with another offer. */
    public ServerSettings withOffer(Offer other) {
        return new ServerSettings(listeners, connections, anonymous, denialsTold, other, ioThreads);
    }
}
