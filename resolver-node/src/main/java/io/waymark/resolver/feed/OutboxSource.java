package io.waymark.resolver.feed;

import io.waymark.forward.ForwardSource;
import io.waymark.storage.record.Outbox;
import io.waymark.storage.record.Version;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The outbox as the forwarder sees it. */
final class OutboxSource implements ForwardSource {
    private final Outbox outbox;
    private final IdentifierRecords records;

    OutboxSource(Outbox outbox, IdentifierRecords records) {
        this.outbox = outbox;
        this.records = records;
    }

    @Override
    public String epoch() {
        return outbox.epoch();
    }

    @Override
    public long begin() {
        return outbox.begin();
    }

    @Override
    public long first() {
        return outbox.first();
    }

    @Override
    public long last() {
        return outbox.last();
    }

    @Override
    public boolean await(long position, Duration timeout) throws InterruptedException {
        return outbox.awaitSequence(position, timeout);
    }

    @Override
    public List<Entry> read(long position, int entriesMax, long bytesMax) {
        String epoch = outbox.epoch();
        return outbox.read(position, entriesMax, bytesMax).stream()
                .map(change -> entry(change, epoch))
                .toList();
    }

    private Entry entry(Version change, String epoch) {
        ProducerRecord<byte[], byte[]> record = records.of(change, epoch);
        byte[] value = record.value();
        return new Entry(change.sequence(), change.millis(), value == null ? 0 : value.length, record);
    }

    @Override
    public void committed(long position) {
        outbox.published(position);
    }

    /** What Kafka lacks was told once and is noted no more, so everything is told again, under another epoch. */
    @Override
    public boolean beginAnew() throws InterruptedException {
        outbox.beginAnew();
        return true;
    }
}
