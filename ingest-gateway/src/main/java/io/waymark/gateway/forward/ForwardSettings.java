package io.waymark.gateway.forward;

import java.time.Duration;
import java.util.Map;

/**
 * What the forwarder is told.
 *
 * @param gatewayId transactional id, progress key, part of {@code ce_source} and {@code ce_id}
 * @param client Kafka client settings, at least {@code bootstrap.servers}; what exactly-once needs is set over them
 * @param telemetryTopic where messages go
 * @param progressTopic compacted; where the position goes
 * @param transactionEntriesMax most messages in one transaction
 * @param linger how long a transaction waits to fill
 * @param packetBytesMax largest MQTT packet, which bounds a message
 */
public record ForwardSettings(
        String gatewayId,
        Map<String, Object> client,
        String telemetryTopic,
        String progressTopic,
        int transactionEntriesMax,
        Duration linger,
        int packetBytesMax) {
    /** Checks the ranges. */
    public ForwardSettings {
        client = Map.copyOf(client);
        if (gatewayId.isEmpty()) {
            throw new IllegalArgumentException("gateway id must not be empty");
        }
        if (transactionEntriesMax < 1) {
            throw new IllegalArgumentException(
                    "transactionEntriesMax must be at least 1 but was " + transactionEntriesMax);
        }
    }
}
