package io.waymark.gateway;

import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.bridge.BridgeConfig;
import io.waymark.gateway.command.CommandLimits;
import io.waymark.gateway.ingest.IngestLimits;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.session.SessionLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The gateway's branch of the configuration: one part for each of its rooms.
 *
 * @param id names this gateway towards Kafka (transactional id, progress key) and in {@code ce_source}
 * @param server where MQTT is served, to whom, and what is offered
 * @param sessions how much is kept for clients
 * @param access who may publish and subscribe where, in order; none = everybody everywhere
 * @param forward how messages reach Kafka
 * @param rejections how much of what is refused is kept, among the rejected records
 * @param bridges existing brokers that are sources
 * @param commands how devices are sent commands
 * @param http what messages over HTTP may be like, and how long they are remembered
 */
public record GatewayConfig(
        String id,
        ServerSettings server,
        SessionLimits sessions,
        List<AccessRule> access,
        Forward forward,
        RejectionLimits rejections,
        List<BridgeConfig> bridges,
        CommandLimits commands,
        IngestLimits http) {
    /** Copies the lists. */
    public GatewayConfig {
        access = List.copyOf(access);
        bridges = List.copyOf(bridges);
    }

    /**
     * From the spool to Kafka.
     *
     * @param client Kafka client settings, at least {@code bootstrap.servers}
     * @param topics where what goes
     * @param transactionEntriesMax most messages in one transaction
     * @param linger how long a transaction waits to fill
     * @param rejectsOversize whether a message larger than its topic takes goes to the rejected ones, instead of holding up
     *     everything behind it until the topic takes it
     * @param events whether Kafka is told who comes and goes and which devices there are
     */
    public record Forward(
            Map<String, Object> client,
            Topics topics,
            int transactionEntriesMax,
            Duration linger,
            boolean rejectsOversize,
            boolean events) {
        /** Copies the settings. */
        public Forward {
            client = Map.copyOf(client);
        }

        /** A cluster, filling transactions for 20 ms up to 16 384 messages; it is told who comes and goes. */
        public static Forward defaults(Map<String, Object> client) {
            return new Forward(client, Topics.DEFAULTS, 16_384, Duration.ofMillis(20), false, true);
        }

        /** The same to another cluster. */
        public Forward to(Map<String, Object> otherClient) {
            return new Forward(otherClient, topics, transactionEntriesMax, linger, rejectsOversize, events);
        }
    }

    /**
     * Names of topics.
     *
     * @param telemetry where device messages go
     * @param rejected where those go that cannot, with the reason
     * @param progress compacted; holds the forwarded position, written in the same transaction
     * @param devices compacted; where devices are told, by id
     */
    public record Topics(String telemetry, String rejected, String progress, String devices) {
        /** Those everybody knows. */
        public static final Topics DEFAULTS =
                new Topics("waymark.telemetry", "waymark.rejected", "waymark.progress", "waymark.devices");
    }

    /** Loopback, port 1883, no TLS, passwords required. */
    public static GatewayConfig defaults(String bootstrapServers) {
        ServerSettings server = ServerSettings.defaults();
        return new GatewayConfig(
                "gateway-1",
                server,
                SessionLimits.defaults(),
                List.of(),
                Forward.defaults(Map.of("bootstrap.servers", bootstrapServers)),
                RejectionLimits.defaults(),
                List.of(),
                CommandLimits.defaults(server.offer().packetBytesMax()),
                IngestLimits.defaults(server.offer().packetBytesMax()));
    }

    /** The same, serving otherwise. */
    public GatewayConfig withServer(UnaryOperator<ServerSettings> change) {
        return new GatewayConfig(
                id, change.apply(server), sessions, access, forward, rejections, bridges, commands, http);
    }

    /** The same with other limits. */
    public GatewayConfig withSessions(SessionLimits other) {
        return new GatewayConfig(id, server, other, access, forward, rejections, bridges, commands, http);
    }

    /** The same with other rules. */
    public GatewayConfig withAccess(List<AccessRule> other) {
        return new GatewayConfig(id, server, sessions, other, forward, rejections, bridges, commands, http);
    }

    /** The same, forwarding elsewhere. */
    public GatewayConfig withForward(Forward other) {
        return new GatewayConfig(id, server, sessions, access, other, rejections, bridges, commands, http);
    }

    /** The same, keeping other refused messages. */
    public GatewayConfig withRejections(RejectionLimits other) {
        return new GatewayConfig(id, server, sessions, access, forward, other, bridges, commands, http);
    }

    /** The same with bridges. */
    public GatewayConfig withBridges(List<BridgeConfig> other) {
        return new GatewayConfig(id, server, sessions, access, forward, rejections, other, commands, http);
    }
}
