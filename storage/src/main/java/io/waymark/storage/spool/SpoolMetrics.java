package io.waymark.storage.spool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.ToDoubleFunction;

/** The spool's meters, {@code waymark.spool.*}. Thread-safe. */
final class SpoolMetrics {
    private final MeterRegistry registry;
    private final Counter accepted;
    private final Counter fullSpace;
    private final Counter fullDisk;
    private final Counter fullReserve;
    private final Counter fullQueue;
    private final Counter fullQueueBytes;
    private final Counter closed;
    private final Counter commitsFailed;
    private final Counter reopened;
    private final DistributionSummary batchSize;
    private final Timer commitTime;

    SpoolMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.accepted = offers("accepted", "none");
        this.fullSpace = offers("full", "space");
        this.fullDisk = offers("full", "disk");
        this.fullReserve = offers("full", "reserve");
        this.fullQueue = offers("full", "queue");
        this.fullQueueBytes = offers("full", "queue_bytes");
        this.closed = offers("closed", "closed");
        this.commitsFailed = Counter.builder("waymark.spool.commits.failed")
                .description("Groups of writes that did not become durable")
                .register(registry);
        this.reopened = Counter.builder("waymark.spool.reopened")
                .description("Times the store was closed and opened again because writes failed")
                .register(registry);
        this.batchSize = DistributionSummary.builder("waymark.spool.batch.size")
                .description("Writes made durable by one fsync")
                .register(registry);
        this.commitTime = Timer.builder("waymark.spool.commit.time")
                .description("Write and fsync of one batch")
                .register(registry);
    }

    void observe(Spool spool, long bytesMax, DiskReserve reserve) {
        gauge(spool, "waymark.spool.disk.usable.bytes", "Free bytes of its disk", s -> reserve.usableBytes());
        gauge(spool, "waymark.spool.disk.reserve.bytes", "Bytes of its disk it keeps free", s -> reserve.bytes());
        gauge(spool, "waymark.spool.bytes.max", "Bytes it may hold", s -> bytesMax);
        gauge(spool, "waymark.spool.writing", "0 while the disk takes nothing", s -> s.isWriting() ? 1 : 0);
        gauge(spool, "waymark.spool.bytes", "Bytes held, or promised to writes under way", Spool::bytesHeld);
        gauge(spool, "waymark.spool.entries", "Entries held", s -> s.lastDurable() - s.first() + 1);
        gauge(spool, "waymark.spool.queue", "Writes waiting for the writer thread", Spool::queued);
        gauge(spool, "waymark.spool.first.position", "Lowest position held", Spool::first);
        gauge(spool, "waymark.spool.last.position", "Highest durable position", Spool::lastDurable);
    }

    void accepted() {
        accepted.increment();
    }

    void fullSpace() {
        fullSpace.increment();
    }

    void fullDisk() {
        fullDisk.increment();
    }

    void fullReserve() {
        fullReserve.increment();
    }

    void fullQueue() {
        fullQueue.increment();
    }

    void fullQueueBytes() {
        fullQueueBytes.increment();
    }

    void closed() {
        closed.increment();
    }

    void commitFailed() {
        commitsFailed.increment();
    }

    void reopened() {
        reopened.increment();
    }

    void commit(int writes, Runnable commit) {
        commitTime.record(commit);
        batchSize.record(writes);
    }

    private Counter offers(String outcome, String reason) {
        return Counter.builder("waymark.spool.offers")
                .description("Writes offered, by what became of the offer")
                .tag("outcome", outcome)
                .tag("reason", reason)
                .register(registry);
    }

    private void gauge(Spool spool, String name, String description, ToDoubleFunction<Spool> value) {
        Gauge.builder(name, spool, value).description(description).register(registry);
    }
}
