package io.waymark.storage.spool;

import java.util.List;

/**
 * One accepted device message, as it will reach Kafka.
 *
 * @param deviceId key on Kafka
 * @param topic MQTT topic, or the HTTP ingest path
 * @param qos 0, 1, 2
 * @param receivedAtMillis gateway clock, milliseconds since 1970 UTC
 * @param contentType as the publisher declared it, or empty
 * @param properties user properties in order, name and value alternating
 * @param payload owned by the message from here on
 */
public record SpoolMessage(
        String deviceId,
        String topic,
        int qos,
        long receivedAtMillis,
        String contentType,
        List<String> properties,
        byte[] payload) {}
