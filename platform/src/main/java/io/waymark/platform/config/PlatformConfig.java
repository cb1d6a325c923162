package io.waymark.platform.config;

import io.waymark.gateway.GatewayConfig;
import io.waymark.platform.http.HttpConfig;
import io.waymark.platform.kafka.KafkaConfig;
import io.waymark.resolver.ResolverConfig;
import io.waymark.resolver.feed.FeedConfig;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.trace.TraceConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration of one process. Immutable; each room receives only its own branch.
 *
 * @param services what runs; without {@link Service#KAFKA} when an outside cluster is named
 * @param dataDirectory where everything durable lives
 * @param logFormat how log lines look
 * @param resolver the resolver's branch
 * @param feed the change feed's branch, still without bootstrap servers: see {@link #feed(String)}; it runs if the record
 *     store notes changes
 * @param gateway the gateway's branch, still without bootstrap servers: see {@link #gateway(String)}
 * @param spool the spool's branch
 * @param records the record store's branch
 * @param trace the traceability branch, still without bootstrap servers: see {@link #trace(String)}
 * @param kafka the broker or cluster
 * @param http the platform's HTTP door
 */
public record PlatformConfig(
        Set<Service> services,
        Path dataDirectory,
        LogFormat logFormat,
        ResolverConfig resolver,
        FeedConfig feed,
        GatewayConfig gateway,
        SpoolConfig spool,
        RecordStoreConfig records,
        TraceConfig trace,
        KafkaConfig kafka,
        HttpConfig http) {
    /** Copies the set. */
    public PlatformConfig {
        services = Set.copyOf(services);
    }

    /**
     * Reads the configuration.
     *
     * @throws ConfigException naming every problem
     */
    public static PlatformConfig read(ConfigInput input) throws ConfigException {
        return ConfigReader.read(input);
    }

    /** Whether this process runs the service. */
    public boolean runs(Service service) {
        return services.contains(service);
    }

    /** The gateway's branch, once it is known where Kafka is. */
    public GatewayConfig gateway(String bootstrapServers) {
        GatewayConfig.Forward f = gateway.forward();
        return gateway.withForward(f.to(withBootstrap(f.client(), bootstrapServers)));
    }

    /** The change feed's branch, once it is known where Kafka is. */
    public FeedConfig feed(String bootstrapServers) {
        return new FeedConfig(
                feed.nodeId(),
                withBootstrap(feed.client(), bootstrapServers),
                feed.topic(),
                feed.progressTopic(),
                feed.transactionEntriesMax(),
                feed.linger(),
                feed.values());
    }

    /** The traceability branch, once it is known where Kafka is. */
    public TraceConfig trace(String bootstrapServers) {
        return new TraceConfig(
                withBootstrap(trace.client(), bootstrapServers),
                trace.applicationId(),
                trace.stateDirectory(),
                trace.topics(),
                trace.readPoints());
    }

    private static Map<String, Object> withBootstrap(Map<String, Object> client, String bootstrapServers) {
        Map<String, Object> all = new HashMap<>(client);
        all.put("bootstrap.servers", bootstrapServers);
        return all;
    }
}
