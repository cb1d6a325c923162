package io.waymark.gateway.bridge;

import io.waymark.gateway.packet.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One upstream broker.
 *
 * @param name of the bridge: in metrics, logs, thread names, and the device where the topic names none
 * @param uri {@code tcp}, {@code ssl}, {@code ws} or {@code wss}, host and port; for WebSocket also a path
 * @param protocol spoken with the upstream
 * @param clientId identifies the session kept by the upstream; no other client of it may have the same
 * @param login absent for an upstream that asks for none
 * @param tls for {@code ssl} and {@code wss}
 * @param filters what is subscribed to; {@code $share/GROUP/FILTER} with 5.0
 * @param qos asked for each filter
 * @param sessionExpiry how long the upstream is asked to keep messages while the bridge is away (5.0; a 3.1.1 broker decides)
 * @param inFlightMax messages of QoS 1 not yet acknowledged; with 5.0 also announced as Receive Maximum
 * @param keepAlive between signs of life
 * @param retained whether messages an upstream holds when the bridge subscribes are wanted
 * @param device which level of the topic names the device
 * @param reconnectMax longest time between two attempts to connect
 */
public record BridgeConfig(
        String name,
        URI uri,
        Protocol protocol,
        String clientId,
        Optional<Login> login,
        Tls tls,
        List<String> filters,
        int qos,
        Duration sessionExpiry,
        int inFlightMax,
        Duration keepAlive,
        boolean retained,
        DeviceTemplate device,
        Duration reconnectMax) {
    /** Most filters of one bridge. */
    public static final int FILTERS_MAX = 256;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Set<String> PLAIN = Set.of("tcp", "ws");
    private static final Set<String> SECURE = Set.of("ssl", "wss");
    private static final int CLIENT_ID_MAX = 1_024;
    private static final int RECEIVE_MAXIMUM_MAX = 65_535;
    private static final long EXPIRY_SECONDS_MAX = 0xFFFFFFFFL;

    /** What is spoken with an upstream. */
    public enum Protocol {
        /** MQTT 3.1.1. */
        MQTT_3_1_1,
        /** MQTT 5.0. */
        MQTT_5
    }

    /**
     * Who the bridge is to the upstream.
     *
     * @param userName not empty
     * @param password may be empty; never logged
     */
    public record Login(String userName, String password) {
        @Override
        public String toString() {
            return "Login[userName=" + userName + ", password=***]";
        }
    }

    /**
     * PEM files.
     *
     * @param authorities who signs the upstream's certificate; absent = whom this machine trusts
     * @param certificate the bridge's own, with its chain
     * @param key its private key, PKCS#8 without password
     */
    public record Tls(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {
        /** Whom this machine trusts, no certificate of our own. */
        public static final Tls NONE = new Tls(Optional.empty(), Optional.empty(), Optional.empty());

        /** Refuses a certificate without its key. */
        public Tls {
            require(certificate.isPresent() == key.isPresent(), "certificate and key must be said together");
        }
    }

    /**
     * Copies the filters.
     *
     * @throws IllegalArgumentException naming the value and its bound
     */
    public BridgeConfig {
        filters = List.copyOf(filters);
        require(
                NAME.matcher(name).matches(),
                "name must be 1..64 letters, digits, '.', '_', '-' but was \"" + name + "\"");
        requireUri(uri);
        require(
                !clientId.isEmpty() && clientId.length() <= CLIENT_ID_MAX && !Topics.hasControl(clientId),
                "client-id must have 1.." + CLIENT_ID_MAX + " characters and no control characters but has "
                        + clientId.length());
        requireFilters(filters, protocol);
        require(qos >= 0 && qos <= 2, "qos must be in 0..2 but was " + qos);
        require(
                sessionExpiry.toSeconds() >= 1 && sessionExpiry.toSeconds() <= EXPIRY_SECONDS_MAX,
                "session-expiry must be in 1.." + EXPIRY_SECONDS_MAX + " seconds but was " + sessionExpiry.toSeconds());
        require(
                inFlightMax >= 1 && inFlightMax <= RECEIVE_MAXIMUM_MAX,
                "in-flight-max must be in 1.." + RECEIVE_MAXIMUM_MAX + " but was " + inFlightMax);
        require(
                keepAlive.toSeconds() >= 1 && keepAlive.toSeconds() <= RECEIVE_MAXIMUM_MAX,
                "keep-alive must be in 1..65535 seconds but was " + keepAlive.toSeconds());
        require(reconnectMax.toMillis() >= 1, "reconnect-max must be at least 1 ms but was " + reconnectMax);
    }

    private static void requireUri(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        require(
                PLAIN.contains(scheme) || SECURE.contains(scheme),
                "uri must begin with tcp, ssl, ws or wss but began with " + scheme);
        require(
                uri.getHost() != null && uri.getPort() > 0,
                "uri must name host and port but was " + uri.getScheme() + ":…");
        require(uri.getUserInfo() == null, "uri must not hold user name or password; user and password are for them");
    }

    private static void requireFilters(List<String> filters, Protocol protocol) {
        require(
                !filters.isEmpty() && filters.size() <= FILTERS_MAX,
                "filters must be 1.." + FILTERS_MAX + " but were " + filters.size());
        require(new HashSet<>(filters).size() == filters.size(), "filters must differ");
        for (String filter : filters) {
            require(Topics.isFilter(filter), "filters must be topic filters but one was \"" + filter + "\"");
            require(
                    protocol == Protocol.MQTT_5 || !Topics.isShared(filter),
                    "filters may be shared only with version 5 but one was \"" + filter + "\"");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Whether the connection is encrypted. */
    public boolean isSecure() {
        return SECURE.contains(uri.getScheme());
    }
}
