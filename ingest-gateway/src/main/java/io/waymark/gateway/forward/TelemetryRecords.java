package io.waymark.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waymark.storage.spool.SpoolEntry;
import io.waymark.storage.spool.SpoolMessage;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A spooled message as a Kafka record: a CloudEvent in binary mode, key = device id, value = payload untouched. One thread.
 *
 * @see "CloudEvents 1.0 Kafka protocol binding §3.2"
 */
public final class TelemetryRecords {
    /** The {@code ce_type} of a device message. */
    public static final String MESSAGE_TYPE = "io.waymark.telemetry";

    private static final byte[] SPEC_VERSION = "1.0".getBytes(UTF_8);
    private static final byte[] TYPE = MESSAGE_TYPE.getBytes(UTF_8);
    private static final String PROPERTY_PREFIX = "wm_prop_";

    private final String topic;
    private final RecordOrigin origin;
    // Many messages come in one millisecond.
    private long timeMillis = -1;
    private byte[] time = new byte[0];

    TelemetryRecords(String topic, RecordOrigin origin) {
        this.topic = topic;
        this.origin = origin;
    }

    /** The header a user property becomes. */
    public static String header(String property) {
        return PROPERTY_PREFIX + property;
    }

    ProducerRecord<byte[], byte[]> of(SpoolEntry entry) {
        SpoolMessage message = entry.message();
        if (DirectRecord.isDirect(message)) {
            ProducerRecord<byte[], byte[]> record = DirectRecord.of(entry);
            addCommon(record.headers(), entry);
            return record;
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, message.deviceId().getBytes(UTF_8), message.payload());
        Headers headers = record.headers();
        headers.add("ce_type", TYPE)
                .add("ce_subject", message.topic().getBytes(UTF_8))
                .add("wm_qos", Integer.toString(message.qos()).getBytes(UTF_8));
        addCommon(headers, entry);
        List<String> properties = message.properties();
        for (int i = 0; i < properties.size(); i += 2) {
            headers.add(header(properties.get(i)), properties.get(i + 1).getBytes(UTF_8));
        }
        return record;
    }

    private void addCommon(Headers headers, SpoolEntry entry) {
        SpoolMessage message = entry.message();
        headers.add("ce_specversion", SPEC_VERSION)
                .add("ce_id", origin.id(entry.position()))
                .add("ce_source", origin.source())
                .add("ce_time", time(message.receivedAtMillis()))
                .add("wm_seq", Long.toString(entry.position()).getBytes(UTF_8));
        if (!message.group().isEmpty()) {
            headers.add("wm_group", message.group().getBytes(UTF_8));
        }
        if (message.number() > 0) {
            headers.add("wm_group_seq", Long.toString(message.number()).getBytes(UTF_8));
        }
        if (!message.contentType().isEmpty()) {
            headers.add("content-type", message.contentType().getBytes(UTF_8));
        }
    }

    private byte[] time(long millis) {
        if (millis != timeMillis) {
            time = Instant.ofEpochMilli(millis).toString().getBytes(UTF_8);
            timeMillis = millis;
        }
        return time;
    }
}
