package io.waymark.resolver.feed;

import java.time.Duration;
import java.util.Map;

/**
 * The feed's branch of the configuration.
 *
 * @param nodeId names this resolver towards Kafka; no two may share it
 * @param client Kafka client settings, at least {@code bootstrap.servers}
 * @param topic compacted; where changes go
 * @param progressTopic compacted; where the position goes
 * @param transactionEntriesMax most changes in one Kafka transaction
 * @param linger how long a transaction waits to fill
 * @param values what of a record is told
 */
public record FeedConfig(
        String nodeId,
        Map<String, Object> client,
        String topic,
        String progressTopic,
        int transactionEntriesMax,
        Duration linger,
        Values values) {
    /** Which values the feed tells. */
    public enum Values {
        /** Those that anybody may read. */
        PUBLIC,
        /** All, secret keys too: for replicas, on a topic only they may read. */
        ALL
    }

    /** Copies the client settings. */
    public FeedConfig {
        client = Map.copyOf(client);
    }

    /** Public values to {@code waymark.identifiers}. */
    public static FeedConfig defaults(Map<String, Object> client) {
        return new FeedConfig(
                "resolver-1",
                client,
                "waymark.identifiers",
                "waymark.progress",
                4096,
                Duration.ofMillis(20),
                Values.PUBLIC);
    }

    /** Client settings may hold passwords, so they are counted and not shown. */
    @Override
    public String toString() {
        return "FeedConfig[nodeId=" + nodeId + ", client=" + client.size() + " settings, topic=" + topic + ", values="
                + values + "]";
    }
}
