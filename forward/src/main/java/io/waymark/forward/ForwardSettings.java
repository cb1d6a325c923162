package io.waymark.forward;

import java.time.Duration;
import java.util.Map;

/**
 * What a forwarder is told.
 *
 * @param id transactional id and progress key; no two forwarders may share it
 * @param thread name of its thread
 * @param metrics what its metrics' names begin with, for example {@code waymark.gateway.forward}
 * @param client Kafka client settings, at least {@code bootstrap.servers}; what exactly-once needs is set over them
 * @param topic where entries go
 * @param progressTopic compacted; where the position goes
 * @param transactionEntriesMax most entries in one transaction
 * @param linger how long a transaction waits to fill
 * @param entryBytesMax largest entry
 */
public record ForwardSettings(
        String id,
        String thread,
        String metrics,
        Map<String, Object> client,
        String topic,
        String progressTopic,
        int transactionEntriesMax,
        Duration linger,
        int entryBytesMax) {
    /** Checks the ranges. */
    public ForwardSettings {
        client = Map.copyOf(client);
        if (id.isEmpty()) {
            throw new IllegalArgumentException("id of a forwarder must not be empty");
        }
        if (transactionEntriesMax < 1) {
            throw new IllegalArgumentException(
                    "transactionEntriesMax must be at least 1 but was " + transactionEntriesMax);
        }
    }
}
