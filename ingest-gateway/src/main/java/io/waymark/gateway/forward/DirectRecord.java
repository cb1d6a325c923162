package io.waymark.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waymark.storage.spool.SpoolEntry;
import io.waymark.storage.spool.SpoolMessage;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * What the gateway itself has to say on a topic of its own, by way of the spool: durable with what it is about, and exactly once
 * on Kafka. In the spool it is a message whose topic begins with {@value #PREFIX}, which no client may publish to.
 */
public final class DirectRecord {
    /** Commands for devices, for all gateways. */
    public static final String COMMANDS = "waymark.commands";
    /** What became of them. */
    public static final String COMMAND_STATUS = "waymark.command-status";
    /** Who connects, goes and is refused. */
    public static final String PRESENCE = "waymark.presence";
    /** All there are. */
    public static final List<String> TOPICS = List.of(COMMANDS, COMMAND_STATUS, PRESENCE);

    private static final String PREFIX = "$kafka/";

    private DirectRecord() {}

    /**
     * A record to be spooled.
     *
     * @param topic Kafka topic
     * @param key of the record
     * @param group under which the spool counts it
     * @param headers names and values alternating, beside those of every CloudEvent of this gateway
     */
    public static SpoolMessage of(
            String topic,
            String key,
            String group,
            long nowMillis,
            String contentType,
            List<String> headers,
            byte[] value) {
        return new SpoolMessage(key, PREFIX + topic, 1, nowMillis, contentType, headers, value, group);
    }

    /** The same record, counted as one that nobody was told of: like a message of QoS 0. */
    public static SpoolMessage unacknowledged(SpoolMessage record) {
        return new SpoolMessage(
                record.deviceId(),
                record.topic(),
                0,
                record.receivedAtMillis(),
                record.contentType(),
                record.properties(),
                record.payload(),
                record.group());
    }

    static boolean isDirect(SpoolMessage message) {
        return message.topic().startsWith(PREFIX);
    }

    static ProducerRecord<byte[], byte[]> of(SpoolEntry entry) {
        SpoolMessage message = entry.message();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                message.topic().substring(PREFIX.length()), message.deviceId().getBytes(UTF_8), message.payload());
        Headers headers = record.headers();
        List<String> own = message.properties();
        for (int i = 0; i < own.size(); i += 2) {
            headers.add(own.get(i), own.get(i + 1).getBytes(UTF_8));
        }
        return record;
    }
}
