package io.waymark.gateway.reject;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waymark.gateway.forward.DirectRecord;
import io.waymark.gateway.forward.RecordOrigin;
import io.waymark.gateway.forward.RejectedHeaders;
import io.waymark.gateway.forward.TelemetryRecords;
import io.waymark.storage.spool.SpoolMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A refused message as an entry of the spool for the topic for rejected records: the headers it would have had in the topic for
 * device messages, and why it is not there. Whatever its sender made too long is cut. Pure.
 */
final class RejectedEntries {
    /** Longest text the spool takes, in octets. */
    private static final int TEXT_OCTETS_MAX = 65_535;
    /** No character needs more octets of UTF-8 than three for each of its {@code char}s. */
    private static final int TEXT_MAX = TEXT_OCTETS_MAX / 3;

    private static final int DEVICE_MAX = 256;
    private static final int DETAIL_MAX = 1_024;
    /** User properties longer than this in all are left out. */
    private static final int PROPERTIES_MAX = 16 << 10;

    private final String topic;
    private final String source;
    private final int payloadBytesMax;

    RejectedEntries(String topic, String gatewayId, int payloadBytesMax) {
        this.topic = topic;
        this.source = RecordOrigin.source(gatewayId);
        this.payloadBytesMax = payloadBytesMax;
    }

    SpoolMessage of(RefusedMessage refused) {
        byte[] payload = refused.payload();
        List<String> headers = headers(refused);
        if (payload.length > payloadBytesMax) {
            headers.add(RejectedHeaders.OCTETS);
            headers.add(Integer.toString(payload.length));
        }
        return DirectRecord.unacknowledged(DirectRecord.of(
                topic,
                cut(refused.deviceId(), DEVICE_MAX),
                refused.group(),
                refused.receivedAtMillis(),
                text(refused.contentType()),
                headers,
                payload.length > payloadBytesMax ? Arrays.copyOf(payload, payloadBytesMax) : payload));
    }

    private List<String> headers(RefusedMessage refused) {
        List<String> headers = new ArrayList<>(List.of(
                "ce_type",
                TelemetryRecords.MESSAGE_TYPE,
                "ce_subject",
                text(refused.topic()),
                "wm_qos",
                Integer.toString(refused.qos()),
                RejectedHeaders.REASON,
                refused.reason(),
                RejectedHeaders.DETAIL,
                cut(refused.detail(), DETAIL_MAX),
                RejectedHeaders.REJECTED_BY,
                source));
        List<String> own = refused.properties();
        if (own.stream().mapToInt(String::length).sum() <= PROPERTIES_MAX) {
            for (int i = 0; i < own.size(); i += 2) {
                headers.add(TelemetryRecords.header(own.get(i)));
                headers.add(own.get(i + 1));
            }
        }
        return headers;
    }

    private static String text(String text) {
        return text.length() <= TEXT_MAX || text.getBytes(UTF_8).length <= TEXT_OCTETS_MAX ? text : cut(text, TEXT_MAX);
    }

    private static String cut(String text, int characters) {
        return text.length() <= characters ? text : text.substring(0, characters);
    }
}
