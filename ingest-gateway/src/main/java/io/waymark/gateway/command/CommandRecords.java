package io.waymark.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.gateway.forward.DirectRecord;
import io.waymark.storage.spool.SpoolMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Commands and what becomes of them as CloudEvents on Kafka. Pure. */
final class CommandRecords {
    /** Under which the spool counts what the gateway says about commands. */
    static final String GROUP = "(commands)";

    static final String SOURCE = "wm_gateway";
    private static final String ID = "wm_command";

    private static final String JSON = "application/json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private CommandRecords() {}

    /** For the other gateways. */
    static SpoolMessage command(String topic, Command command, String gateway, long nowMillis) {
        List<String> headers = new ArrayList<>(List.of(
                ID,
                command.id(),
                "ce_type",
                "io.waymark.command",
                "ce_subject",
                command.name(),
                SOURCE,
                gateway,
                "wm_qos",
                Integer.toString(command.qos()),
                "wm_expiry",
                Long.toString(command.expirySeconds())));
        if (!command.responseTopic().isEmpty()) {
            headers.addAll(List.of("wm_response_topic", command.responseTopic()));
        }
        if (command.correlation().length > 0) {
            headers.addAll(List.of("wm_correlation", Base64.getEncoder().encodeToString(command.correlation())));
        }
        return DirectRecord.of(
                topic, command.deviceId(), GROUP, nowMillis, command.contentType(), headers, command.payload());
    }

    /** For whoever sent it. */
    static SpoolMessage status(String topic, CommandStatus status, String gateway) {
        List<String> headers = List.of(
                "ce_type", "io.waymark.command." + status.state().label(), "ce_subject", status.id(), SOURCE, gateway);
        return DirectRecord.of(
                topic, status.deviceId(), GROUP, status.changedAtMillis(), JSON, headers, json(status, gateway));
    }

    private static byte[] json(CommandStatus status, String gateway) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("command", status.id())
                .put("device", status.deviceId())
                .put("name", status.name())
                .put("state", status.state().label());
        if (!status.reason().isEmpty()) {
            json.put("reason", status.reason());
        }
        json.put("at", Instant.ofEpochMilli(status.changedAtMillis()).toString())
                .put("gateway", gateway);
        return json.toString().getBytes(UTF_8);
    }

    /**
     * A command somebody put on Kafka; only the key must be there.
     *
     * @param expirySecondsMax of one that says none, or more
     * @throws IllegalArgumentException naming what is out of bounds
     */
    static Command parse(ConsumerRecord<byte[], byte[]> record, long expirySecondsMax) {
        byte[] key = record.key();
        byte[] value = record.value();
        if (key == null || value == null) {
            throw new IllegalArgumentException("a command record must have a key, the device id, and a value");
        }
        return new Command(
                new String(key, UTF_8),
                header(record, ID, header(record, "ce_id", place(record))),
                header(record, "ce_subject", ""),
                header(record, "content-type", ""),
                (int) Math.max(-1, Math.min(3, number(record, "wm_qos", 1))),
                Math.min(expirySecondsMax, number(record, "wm_expiry", expirySecondsMax)),
                header(record, "wm_response_topic", ""),
                Base64.getDecoder().decode(header(record, "wm_correlation", "")),
                value);
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + '-' + record.partition() + '-' + record.offset();
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name, String absent) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? absent : new String(header.value(), UTF_8);
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String name, long absent) {
        String text = header(record, name, "");
        try {
            return text.isEmpty() ? absent : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number but was " + text, e);
        }
    }
}
