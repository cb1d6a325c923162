package io.waymark.gateway.ingest;

import java.time.Duration;

/**
 * What one request may bring and how long its name is remembered.
 *
 * @param payloadBytesMax the largest message
 * @param messagesMax most messages of one request
 * @param keysMax most idempotency keys remembered
 * @param keysPerDeviceMax most of one device: those of others do not have to go because one device names very many requests
 * @param keyAgeMax how long a key is remembered
 * @param kafkaWaitsMax most requests that wait for Kafka, where the topic demands it
 * @param kafkaWaitMax the longest one waits
 */
public record IngestLimits(
        int payloadBytesMax,
        int messagesMax,
        int keysMax,
        int keysPerDeviceMax,
        Duration keyAgeMax,
        int kafkaWaitsMax,
        Duration kafkaWaitMax) {
    /** Messages of one request, whatever is configured. */
    public static final int MESSAGES_MAX = 10_000;

    /** Of messages of so many octets: a day, 100,000 keys, 10,000 of one device; 1,000 requests wait for Kafka, 5 seconds each. */
    public static IngestLimits defaults(int payloadBytesMax) {
        return new IngestLimits(
                payloadBytesMax, MESSAGES_MAX, 100_000, 10_000, Duration.ofDays(1), 1_000, Duration.ofSeconds(5));
    }
}
