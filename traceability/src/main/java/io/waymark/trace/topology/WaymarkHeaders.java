package io.waymark.trace.topology;

import io.waymark.trace.capture.Provenance;
import io.waymark.trace.reading.Message;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The headers of our records: CloudEvents' ({@code ce_…}) and our own ({@code wm_…}), all UTF-8 text.
 *
 * @see "CloudEvents Kafka protocol binding 1.0.2 §3.2 binary content mode"
 */
final class WaymarkHeaders {
    static final String DEVICE = "wm_device";
    static final String SOURCE_TOPIC = "wm_topic";
    static final String SOURCE_ID = "wm_source_id";

    /** Canonical identity of the lot of the instance an event names. */
    static final String LOT = "wm_lot";

    static final String REASON = "wm_reason";
    static final String DETAIL = "wm_detail";
    private static final String UNKNOWN_DEVICE = "unknown";
    private static final String OUR_SOURCE = "/waymark/traceability";

    private WaymarkHeaders() {}

    /** The device message in a telemetry record. */
    static Message message(Record<byte[], byte[]> record) {
        Headers headers = record.headers();
        byte[] value = record.value();
        return new Message(
                device(record.key()),
                text(headers, "ce_subject", ""),
                text(headers, "ce_id", ""),
                receivedAt(headers, record.timestamp()),
                value == null ? new byte[0] : value);
    }

    private static String device(byte @Nullable [] key) {
        return key == null || key.length == 0 ? UNKNOWN_DEVICE : new String(key, StandardCharsets.UTF_8);
    }

    private static Instant receivedAt(Headers headers, long timestamp) {
        String written = value(headers, "ce_time");
        try {
            return written == null
                    ? Instant.ofEpochMilli(timestamp)
                    : OffsetDateTime.parse(written).toInstant();
        } catch (DateTimeException e) {
            return Instant.ofEpochMilli(timestamp);
        }
    }

    /** The provenance headers of an event. */
    static Provenance provenance(Headers headers) {
        return new Provenance(text(headers, DEVICE, ""), text(headers, SOURCE_TOPIC, ""), text(headers, SOURCE_ID, ""));
    }

    static Headers cloudEvent(String type, String id, Instant time, String subject) {
        Headers headers = new RecordHeaders();
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", id);
        put(headers, "ce_source", OUR_SOURCE);
        put(headers, "ce_type", type);
        put(headers, "ce_time", time.toString());
        put(headers, "ce_subject", subject);
        put(headers, "content-type", "application/json");
        return headers;
    }

    /** The headers of a refused record: as they came, and why. */
    static Headers refused(Headers original, String reason, String detail) {
        Headers headers = new RecordHeaders(original.toArray());
        headers.remove(REASON).remove(DETAIL);
        put(headers, REASON, reason);
        put(headers, DETAIL, detail);
        return headers;
    }

    static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Headers headers, String name, String otherwise) {
        String value = value(headers, name);
        return value == null ? otherwise : value;
    }

    static @Nullable String value(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
