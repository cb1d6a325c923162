package io.waymark.gateway.forward;

import io.waymark.forward.ForwardSource;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The spool as the forwarder sees it. */
public final class SpoolSource implements ForwardSource {
    private final Spool spool;
    private final TelemetryRecords records;
    private final @Nullable RejectedRecords rejected;
    private final LongConsumer onCommitted;

    /**
     * What is too large for its topic waits until the topic takes it.
     *
     * @param topic where messages go
     */
    public SpoolSource(Spool spool, String topic, String gatewayId) {
        this.spool = spool;
        this.records = new TelemetryRecords(topic, gatewayId, spool.epoch());
        this.rejected = null;
        this.onCommitted = position -> {};
    }

    /**
     * What is too large for its topic may go elsewhere.
     *
     * @param topic where messages go
     * @param rejectedTopic where those go that are too large for it; absent = they wait until it takes them
     * @param onCommitted told how far Kafka has committed, on the forwarder's thread; must not block
     */
    public SpoolSource(
            Spool spool, String topic, Optional<String> rejectedTopic, String gatewayId, LongConsumer onCommitted) {
        this.spool = spool;
        this.records = new TelemetryRecords(topic, gatewayId, spool.epoch());
        this.rejected =
                rejectedTopic.map(to -> new RejectedRecords(to, gatewayId)).orElse(null);
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
}
