package io.waymark.platform.kafka;

import java.util.Map;
import java.util.Optional;

/**
 * The Kafka branch of the configuration.
 *
 * @param bootstrapServers an outside cluster; empty = the embedded broker
 * @param embeddedPort where the embedded broker listens on 127.0.0.1; 0 = chosen once and kept
 * @param client settings for every Kafka client, for example {@code security.protocol}; may hold secrets
 */
public record KafkaConfig(Optional<String> bootstrapServers, int embeddedPort, Map<String, String> client) {
    /** Copies the settings. */
    public KafkaConfig {
        client = Map.copyOf(client);
    }

    /** Client settings may hold passwords, so they are counted and not shown. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=" + bootstrapServers + ", embeddedPort=" + embeddedPort + ", client="
                + client.size() + " settings]";
    }
}
