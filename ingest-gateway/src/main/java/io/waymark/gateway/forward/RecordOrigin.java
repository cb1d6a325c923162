package io.waymark.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Whose spool a Kafka record comes from, and which place in it: {@code ce_source} and {@code ce_id}. Any thread. */
public final class RecordOrigin {
    private final byte[] source;
    private final String idPrefix;

    /** @param epoch of the spool */
    public RecordOrigin(String gatewayId, String epoch) {
        this.source = source(gatewayId).getBytes(UTF_8);
        this.idPrefix = gatewayId + '-' + epoch + '-';
    }

    /** The {@code ce_source} of a gateway. */
    public static String source(String gatewayId) {
        return "/waymark/gateway/" + gatewayId;
    }

    byte[] source() {
        return source;
    }

    byte[] id(long position) {
        return (idPrefix + position).getBytes(UTF_8);
    }

    /**
     * The spool position of a record this gateway sent of this epoch, 0 for others. What somebody else refused of ours keeps
     * our headers, and names who refused it.
     */
    public long positionOf(ConsumerRecord<byte[], byte[]> record) {
        Header id = record.headers().lastHeader("ce_id");
        if (id == null || !isSource(record, "ce_source")) {
            return 0;
        }
        if (record.headers().lastHeader(RejectedHeaders.REASON) != null && !isRejectedHere(record)) {
            return 0;
        }
        String text = new String(id.value(), UTF_8);
        return text.startsWith(idPrefix) ? Long.parseLong(text.substring(idPrefix.length())) : 0;
    }

    /** Whether it was this gateway that rejected it. */
    public boolean isRejectedHere(ConsumerRecord<byte[], byte[]> record) {
        return isSource(record, RejectedHeaders.REJECTED_BY);
    }

    private boolean isSource(ConsumerRecord<byte[], byte[]> record, String header) {
        Header named = record.headers().lastHeader(header);
        return named != null && Arrays.equals(named.value(), source);
    }
}
