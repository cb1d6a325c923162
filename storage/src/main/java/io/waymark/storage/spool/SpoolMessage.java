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
 * @param group device group it is counted under; {@link #NO_GROUP} where nobody said
 * @param number its place among the messages of its group, from 1; 0 until it is spooled, or spooled before there were numbers
 */
public record SpoolMessage(
        String deviceId,
        String topic,
        int qos,
        long receivedAtMillis,
        String contentType,
        List<String> properties,
        byte[] payload,
        String group,
        long number) {
    /** Messages nobody named a group for. */
    public static final String NO_GROUP = "";
    /** Messages of groups beyond the number the spool counts singly. */
    public static final String OTHER_GROUPS = "(other)";

    /** On its way to the spool. */
    public SpoolMessage(
            String deviceId,
            String topic,
            int qos,
            long receivedAtMillis,
            String contentType,
            List<String> properties,
            byte[] payload,
            String group) {
        this(deviceId, topic, qos, receivedAtMillis, contentType, properties, payload, group, 0);
    }

    /** On its way to the spool, of no group. */
    public SpoolMessage(
            String deviceId,
            String topic,
            int qos,
            long receivedAtMillis,
            String contentType,
            List<String> properties,
            byte[] payload) {
        this(deviceId, topic, qos, receivedAtMillis, contentType, properties, payload, NO_GROUP, 0);
    }

    /** The same message, counted under this group. */
    SpoolMessage countedAs(String counted) {
        return counted.equals(group)
                ? this
                : new SpoolMessage(
                        deviceId, topic, qos, receivedAtMillis, contentType, properties, payload, counted, number);
    }
}
