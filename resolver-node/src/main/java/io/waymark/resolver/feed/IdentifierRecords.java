package io.waymark.resolver.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.http.HandleJson;
import io.waymark.storage.record.Version;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A change of a record as a Kafka record: a CloudEvent in binary mode, key = the folded handle, value = the record's content
 * from then on as JSON, or none if it is gone. Pure.
 *
 * @see "CloudEvents 1.0 Kafka protocol binding §3.2"
 */
final class IdentifierRecords {
    private static final byte[] SPEC_VERSION = "1.0".getBytes(UTF_8);
    private static final byte[] JSON = "application/json".getBytes(UTF_8);
    private static final String TYPE = "io.waymark.identifier.";

    private final String topic;
    private final FeedConfig.Values values;
    private final String nodeId;
    private final byte[] source;

    IdentifierRecords(FeedConfig config) {
        this.topic = config.topic();
        this.values = config.values();
        this.nodeId = config.nodeId();
        this.source = ("/waymark/resolver/" + nodeId).getBytes(UTF_8);
    }

    /** @param epoch of the outbox, so that a number is unlike that of another store */
    ProducerRecord<byte[], byte[]> of(Version change, String epoch) {
        byte[] key = change.handle().canonical().getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, key, change.isThere() ? json(change) : null);
        record.headers()
                .add("ce_specversion", SPEC_VERSION)
                .add("ce_id", utf8(nodeId + '-' + epoch + '-' + change.sequence()))
                .add("ce_source", source)
                .add("ce_type", utf8(TYPE + change.action().word()))
                .add("ce_time", utf8(Instant.ofEpochMilli(change.millis()).toString()))
                .add("ce_subject", utf8(change.handle().text()))
                .add("wm_seq", utf8(Long.toString(change.sequence())))
                .add("wm_author", utf8(change.author().name()));
        if (change.isThere()) {
            record.headers().add("content-type", JSON);
        }
        return record;
    }

    private byte[] json(Version change) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("handle", change.handle().text());
        json.set("values", HandleJson.valuesToJson(told(change.values())));
        return utf8(json.toString());
    }

    private List<HandleValue> told(List<HandleValue> all) {
        return switch (values) {
            case PUBLIC -> all.stream().filter(HandleValue::isPublic).toList();
            case ALL -> all;
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
