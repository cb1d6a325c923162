package io.waymark.gateway.forward;

import io.waymark.forward.ForwardSource;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolEntry;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The spool as the forwarder sees it. */
public final class SpoolSource implements ForwardSource {
    private final Spool spool;
    private final RecordOrigin origin;
    private final TelemetryRecords records;
    private final @Nullable RejectedRecords rejected;
    private final List<String> otherTopics;
    private final LongConsumer onCommitted;

    /**
     * What is too large for its topic waits until the topic takes it.
     *
     * @param topic where messages go
     */
    public SpoolSource(Spool spool, String topic, String gatewayId) {
        this(spool, topic, DirectRecord.TOPICS, null, gatewayId, position -> {});
    }

    /**
     * What is too large for its topic may go elsewhere.
     *
     * @param topic where messages go
     * @param rejectedTopic where what is refused goes
     * @param rejectsOversize whether those go there, too, that are too large for their topic; else they wait until it takes them
     * @param onCommitted told how far Kafka has committed, on the forwarder's thread; must not block
     */
    public SpoolSource(
            Spool spool,
            String topic,
            String rejectedTopic,
            boolean rejectsOversize,
            String gatewayId,
            LongConsumer onCommitted) {
        this(
                spool,
                topic,
                Stream.concat(Stream.of(rejectedTopic), DirectRecord.TOPICS.stream())
                        .toList(),
                rejectsOversize ? new RejectedRecords(rejectedTopic, gatewayId) : null,
                gatewayId,
                onCommitted);
    }

    private SpoolSource(
            Spool spool,
            String topic,
            List<String> otherTopics,
            @Nullable RejectedRecords rejected,
            String gatewayId,
            LongConsumer onCommitted) {
        this.spool = spool;
        this.origin = new RecordOrigin(gatewayId, spool.epoch());
        this.records = new TelemetryRecords(topic, origin);
        this.otherTopics = otherTopics;
        this.rejected = rejected;
        this.onCommitted = onCommitted;
    }

    @Override
    public String epoch() {
        return spool.epoch();
    }

    @Override
    public long first() {
        return spool.first();
    }

    @Override
    public long last() {
        return spool.lastDurable();
    }

    @Override
    public boolean await(long position, Duration timeout) throws InterruptedException {
        return spool.awaitPosition(position, timeout);
    }

    @Override
    public List<Entry> read(long position, int entriesMax, long bytesMax) {
        return spool.read(position, entriesMax, bytesMax).stream()
                .map(this::entry)
                .toList();
    }

    private Entry entry(SpoolEntry entry) {
        return new Entry(
                entry.position(),
                entry.message().receivedAtMillis(),
                entry.message().payload().length,
                records.of(entry));
    }

    @Override
    public @Nullable ProducerRecord<byte[], byte[]> insteadOf(Entry oversize, String detail, int attempt) {
        return rejected == null ? null : rejected.tooLarge(oversize.record(), detail, attempt);
    }

    @Override
    public void committed(long position) {
        spool.trim(position);
        onCommitted.accept(position);
    }

    @Override
    public List<String> otherTopics() {
        return otherTopics;
    }

    @Override
    public boolean knowsItsRecords() {
        return true;
    }

    @Override
    public long positionOf(ConsumerRecord<byte[], byte[]> record) {
        return origin.positionOf(record);
    }

    @Override
    public void hold(boolean hold) {
        spool.holdTrims(hold);
    }
}
