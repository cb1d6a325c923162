package io.waymark.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message that cannot go where it should, as a record for those who look into what was refused: key, value and headers as they
 * were, and why. Pure.
 */
final class RejectedRecords {
    /** The reason of a message larger than its topic takes. */
    static final String TOO_LARGE = "record_too_large";

    /** What is kept of the payload when the topic for refused records does not take the whole either; then nothing. */
    private static final int[] KEPT_OCTETS = {Integer.MAX_VALUE, 64 << 10, 0};

    private final String topic;
    private final byte[] source;

    RejectedRecords(String topic, String gatewayId) {
        this.topic = topic;
        this.source = RecordOrigin.source(gatewayId).getBytes(UTF_8);
    }

    /** @return null when there is nothing left to leave out */
    @Nullable
    ProducerRecord<byte[], byte[]> tooLarge(ProducerRecord<byte[], byte[]> record, String detail, int attempt) {
        if (attempt > KEPT_OCTETS.length) {
            return null;
        }
        byte[] value = record.value();
        int kept = Math.min(value.length, KEPT_OCTETS[attempt - 1]);
        ProducerRecord<byte[], byte[]> refused =
                new ProducerRecord<>(topic, record.key(), kept == value.length ? value : Arrays.copyOf(value, kept));
        record.headers().forEach(refused.headers()::add);
        refused.headers()
                .add(RejectedHeaders.REASON, TOO_LARGE.getBytes(UTF_8))
                .add(RejectedHeaders.DETAIL, detail.getBytes(UTF_8))
                .add(RejectedHeaders.REJECTED_BY, source);
        if (kept < value.length) {
            refused.headers()
                    .add(RejectedHeaders.OCTETS, Integer.toString(value.length).getBytes(UTF_8));
        }
        return refused;
    }
}
