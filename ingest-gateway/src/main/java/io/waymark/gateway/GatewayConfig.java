package io.waymark.gateway;

import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.bridge.BridgeConfig;
import io.waymark.gateway.command.CommandLimits;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.session.SessionLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway's branch of the configuration.
 *
 * @param id names this gateway towards Kafka (transactional id, progress key) and in {@code ce_source}
 * @param mqtt plain listener
 * @param mqtts TLS listener, absent without a certificate
 * @param webSocket WebSocket listeners, absent without any
 * @param anonymous whether clients without password are accepted; only on loopback listeners
 * @param offer what CONNACK announces
 * @param limits how much is kept for clients
 * @param access who may publish and subscribe where, in order; none = everybody everywhere
 * @param connectionsMax open connections; more are closed at once
 * @param connectsPerSecond of one address, with a burst of twenty seconds' worth; 0 = any number
 * @param connectTimeout a connection that has not sent CONNECT by then is closed
 * @param ioThreads event loops
 * @param forward how messages reach Kafka
 * @param bridges existing brokers that are sources
 * @param commands how devices are sent commands
 */
public record GatewayConfig(
        String id,
        Listener mqtt,
        Optional<Tls> mqtts,
        Optional<ServerSettings.WebSocket> webSocket,
        boolean anonymous,
        Offer offer,
        SessionLimits limits,
        List<AccessRule> access,
        int connectionsMax,
        int connectsPerSecond,
        Duration connectTimeout,
        int ioThreads,
        Forward forward,
        List<BridgeConfig> bridges,
        CommandLimits commands) {
    /** Copies the lists. */
    public GatewayConfig {
        access = List.copyOf(access);
        bridges = List.copyOf(bridges);
    }

    /** With commands as they are by default. */
    public GatewayConfig(
            String id,
            Listener mqtt,
            Optional<Tls> mqtts,
            Optional<ServerSettings.WebSocket> webSocket,
            boolean anonymous,
            Offer offer,
            SessionLimits limits,
            List<AccessRule> access,
            int connectionsMax,
            int connectsPerSecond,
            Duration connectTimeout,
            int ioThreads,
            Forward forward,
            List<BridgeConfig> bridges) {
        this(
                id,
                mqtt,
                mqtts,
                webSocket,
                anonymous,
                offer,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                bridges,
                CommandLimits.defaults(offer.packetBytesMax()));
    }

    /** Without bridges. */
    public GatewayConfig(
            String id,
            Listener mqtt,
            Optional<Tls> mqtts,
            Optional<ServerSettings.WebSocket> webSocket,
            boolean anonymous,
            Offer offer,
            SessionLimits limits,
            List<AccessRule> access,
            int connectionsMax,
            int connectsPerSecond,
            Duration connectTimeout,
            int ioThreads,
            Forward forward) {
        this(
                id,
                mqtt,
                mqtts,
                webSocket,
                anonymous,
                offer,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                List.of());
    }

    /**
     * Where a listener binds.
     *
     * @param hosts addresses, all with the same port; an IPv6 address is skipped where the machine has no IPv6
     * @param port 0 = chosen by the system
     */
    public record Listener(List<String> hosts, int port) {
        /** Copies the hosts. */
        public Listener {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * A TLS listener.
     *
     * @param listener where it binds
     * @param certificateChain PEM file
     * @param privateKey PEM file (PKCS#8)
     * @param clients what is asked of clients
     * @param reloadCheck how often the files are looked at
     */
    public record Tls(
            Listener listener,
            Path certificateChain,
            Path privateKey,
            ServerSettings.ClientCertificates clients,
            Duration reloadCheck) {}

    /**
     * From the spool to Kafka.
     *
     * @param client Kafka client settings, at least {@code bootstrap.servers}
     * @param telemetryTopic where device messages go
     * @param rejectedTopic where those go that cannot, with the reason
     * @param progressTopic compacted; holds the forwarded position, written in the same transaction
     * @param transactionEntriesMax most messages in one transaction
     * @param linger how long a transaction waits to fill
     * @param rejectsOversize whether a message larger than its topic takes goes to the rejected ones, instead of holding up
     *     everything behind it until the topic takes it
     * @param events whether Kafka is told who comes and goes and which devices there are
     * @param devicesTopic compacted; where devices are told, by id
     * @param rejections how much of what the gateway refuses goes to the rejected ones
     */
    public record Forward(
            Map<String, Object> client,
            String telemetryTopic,
            String rejectedTopic,
            String progressTopic,
            int transactionEntriesMax,
            Duration linger,
            boolean rejectsOversize,
            boolean events,
            String devicesTopic,
            RejectionLimits rejections) {
        /** Without events. */
        public Forward(
                Map<String, Object> client,
                String telemetryTopic,
                String rejectedTopic,
                String progressTopic,
                int transactionEntriesMax,
                Duration linger,
                boolean rejectsOversize) {
            this(
                    client,
                    telemetryTopic,
                    rejectedTopic,
                    progressTopic,
                    transactionEntriesMax,
                    linger,
                    rejectsOversize,
                    false,
                    "waymark.devices",
                    RejectionLimits.defaults());
        }

        /** Holds up what is behind a message too large; refused messages go to {@code waymark.rejected}. No events. */
        public Forward(
                Map<String, Object> client,
                String telemetryTopic,
                String progressTopic,
                int transactionEntriesMax,
                Duration linger) {
            this(client, telemetryTopic, "waymark.rejected", progressTopic, transactionEntriesMax, linger, false);
        }

        /** The same, keeping other refused messages. */
        public Forward keeping(RejectionLimits others) {
            return new Forward(
                    client,
                    telemetryTopic,
                    rejectedTopic,
                    progressTopic,
                    transactionEntriesMax,
                    linger,
                    rejectsOversize,
                    events,
                    devicesTopic,
                    others);
        }

        /** The same to another cluster. */
        public Forward to(Map<String, Object> otherClient) {
            return new Forward(
                    otherClient,
                    telemetryTopic,
                    rejectedTopic,
                    progressTopic,
                    transactionEntriesMax,
                    linger,
                    rejectsOversize,
                    events,
                    devicesTopic,
                    rejections);
        }

        /** Copies the settings. */
        public Forward {
            client = Map.copyOf(client);
        }
    }

    /** Loopback, port 1883, no TLS, passwords required. */
    public static GatewayConfig defaults(String bootstrapServers) {
        return new GatewayConfig(
                "gateway-1",
                new Listener(List.of("127.0.0.1", "::1"), 1883),
                Optional.empty(),
                Optional.empty(),
                false,
                Offer.defaults(),
                SessionLimits.defaults(),
                List.of(),
                200_000,
                1_000,
                Duration.ofSeconds(10),
                2,
                new Forward(
                        Map.of("bootstrap.servers", bootstrapServers),
                        "waymark.telemetry",
                        "waymark.rejected",
                        "waymark.progress",
                        16_384,
                        Duration.ofMillis(20),
                        false,
                        true,
                        "waymark.devices",
                        RejectionLimits.defaults()));
    }

    /** The same with another plain listener. */
    public GatewayConfig withMqtt(Listener other) {
        return new GatewayConfig(
                id,
                other,
                mqtts,
                webSocket,
                anonymous,
                offer,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                bridges,
                commands);
    }

    /** The same with another offer. */
    public GatewayConfig withOffer(Offer other) {
        return new GatewayConfig(
                id,
                mqtt,
                mqtts,
                webSocket,
                anonymous,
                other,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                bridges,
                commands);
    }

    /** The same with other limits. */
    public GatewayConfig withLimits(SessionLimits other) {
        return new GatewayConfig(
                id,
                mqtt,
                mqtts,
                webSocket,
                anonymous,
                offer,
                other,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                bridges,
                commands);
    }

    /** The same with other rules. */
    public GatewayConfig withAccess(List<AccessRule> other) {
        return new GatewayConfig(
                id,
                mqtt,
                mqtts,
                webSocket,
                anonymous,
                offer,
                limits,
                other,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                bridges,
                commands);
    }

    /** The same with TLS. */
    public GatewayConfig withMqtts(Tls tls) {
        return new GatewayConfig(
                id,
                mqtt,
                Optional.of(tls),
                webSocket,
                anonymous,
                offer,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                bridges,
                commands);
    }

    /** The same, forwarding elsewhere. */
    public GatewayConfig withForward(Forward other) {
        return new GatewayConfig(
                id,
                mqtt,
                mqtts,
                webSocket,
                anonymous,
                offer,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                other,
                bridges,
                commands);
    }

    /** The same with WebSocket listeners. */
    public GatewayConfig withWebSocket(ServerSettings.WebSocket other) {
        return new GatewayConfig(
                id,
                mqtt,
                mqtts,
                Optional.of(other),
                anonymous,
                offer,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                bridges,
                commands);
    }

    /** The same with bridges. */
    public GatewayConfig withBridges(List<BridgeConfig> others) {
        return new GatewayConfig(
                id,
                mqtt,
                mqtts,
                webSocket,
                anonymous,
                offer,
                limits,
                access,
                connectionsMax,
                connectsPerSecond,
                connectTimeout,
                ioThreads,
                forward,
                others,
                commands);
    }
}
