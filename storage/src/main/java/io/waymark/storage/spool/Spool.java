package io.waymark.storage.spool;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.storage.StorageException;
import io.waymark.storage.commit.DurablePosition;
import io.waymark.storage.commit.GroupCommit;
import io.waymark.storage.commit.SteadyClock;
import io.waymark.storage.commit.TrimSchedule;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.queue.SessionQueue;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A durable queue: what it accepts gets the next position, is fsynced together with what others offered meanwhile, and
 * stays until it was told that Kafka has it and the retention is over.
 *
 * <p>A position is given once and for good; positions held have no gaps. A message and the session change offered with it
 * become durable together or not at all.
 *
 * <p>Methods throw {@link StorageException} when the disk fails or an entry is damaged, and
 * {@link IllegalStateException} after {@link #close}, unless they say otherwise.
 */
public final class Spool implements AutoCloseable {
    /** Whether a write was taken. */
    public enum Offer {
        /** The callback will be called exactly once. */
        ACCEPTED,
        /** No room; the callback will not be called. */
        FULL,
        /** Closing; the callback will not be called. */
        CLOSED
    }

    /** Told on the spool's writer thread; must not block. */
    public interface Completion {
        /** The write is fsynced. position = the first message's place, more are right behind it; 0 without message. */
        void durable(long position);

        /** The write did not happen and will not. */
        void failed(Throwable cause);

        /**
         * Whether it rather waits than fails. While the disk takes nothing such a write is kept, in its order, and written as
         * soon as the disk does; it fails only when the spool closes before. As long as one is kept, offers are answered FULL.
         */
        default boolean isPatient() {
            return false;
        }
    }

    /**
     * A persistent session as found at start.
     *
     * @param state empty if none was stored
     * @param qos2PacketIds inbound, ascending
     */
    public record StoredSession(String clientId, byte[] state, int[] qos2PacketIds) {}

    /** Bytes of writes waiting for the writer thread or in its running commit. */
    static final long QUEUE_BYTES_MAX = 64L << 20;

    private final SpoolDisk disk;
    private final SpaceBudget space;
    private final DurablePosition durable;
    private final TrimSchedule trims;
    private final GroupTotals totals;
    private final SpoolWriter writer;
    private final GroupCommit<QueuedWrite> commits;
    private final SpoolMetrics metrics;
    private final Clock clock;

    private Spool(
            SpoolDisk disk,
            SpoolConfig config,
            MeterRegistry registry,
            Clock clock,
            UnaryOperator<Consumer<RocksBatch>> committing) {
        this.disk = disk;
        this.clock = clock;
        this.space = new SpaceBudget(
                config.bytesMax(),
                disk.lastAtOpen().endOffset() - disk.trimmedAtOpen().endOffset());
        this.durable = new DurablePosition(disk.lastAtOpen().position());
        this.trims = new TrimSchedule(config.retention());
        this.metrics = new SpoolMetrics(registry);
        this.totals = disk.totals();
        this.writer =
                new SpoolWriter(disk, committing.apply(disk::write), space, durable, trims, totals, metrics, clock);
        this.commits = new GroupCommit<>(
                "waymark-spool", new GroupCommit.Limits(config.queueMax(), QUEUE_BYTES_MAX, config.batchMax()), writer);
        metrics.observe(this, config.bytesMax(), disk.reserve());
    }

    /** {@link #open(SpoolConfig, MeterRegistry, Clock)} with a clock that nobody sets. */
    public static Spool open(SpoolConfig config, MeterRegistry metrics) {
        return open(config, metrics, SteadyClock.start());
    }

    /**
     * Opens the spool, creating it if absent.
     *
     * @param clock measures the retention
     * @throws StorageException if another process holds it, a newer version wrote it, or it cannot be read
     */
    public static Spool open(SpoolConfig config, MeterRegistry metrics, Clock clock) {
        return open(config, metrics, clock, UnaryOperator.identity());
    }

    /** For tests that let commits fail. */
    static Spool open(
            SpoolConfig config, MeterRegistry metrics, Clock clock, UnaryOperator<Consumer<RocksBatch>> committing) {
        return new Spool(SpoolDisk.open(config.directory(), config.diskReserve()), config, metrics, clock, committing);
    }

    /**
     * Any thread; never blocks. While the disk's reserve is reached no write with a message is taken, others are: what
     * clients have begun may end. Order of ACCEPTED offers of one thread = order of positions and of completions.
     *
     * @throws IllegalArgumentException if a field exceeds the disk layout: strings and property count 65535, the whole
     *     entry 32 MiB, packet identifiers 1..65535
     */
    public Offer offer(SpoolWrite write, Completion completion) {
        QueuedWrite queued = QueuedWrite.of(write, totals, completion);
        if (writer.isHolding()) {
            metrics.fullDisk();
            return Offer.FULL;
        }
        if (queued.entry() != null && !disk.reserve().hasRoom(commits.weight())) {
            metrics.fullReserve();
            return Offer.FULL;
        }
        if (!space.reserve(queued.spoolBytes())) {
            metrics.fullSpace();
            return Offer.FULL;
        }
        GroupCommit.Taken taken = commits.offer(queued);
        if (taken != GroupCommit.Taken.ACCEPTED) {
            space.release(queued.spoolBytes());
        }
        return counted(taken);
    }

    /**
     * Durable entries from position on (inclusive; from {@link #first} on if that is higher), at most maxEntries and
     * about maxBytes of payload, but at least one if there is one. Forwarder thread.
     */
    public List<SpoolEntry> read(long position, int maxEntries, long maxBytes) {
        long last = durable.get();
        List<SpoolEntry> found = new ArrayList<>();
        try (Cursor cursor = disk.cursor()) {
            // Asked after the cursor has its view of the disk: what was dropped before is not in it.
            long next = Math.max(position, first());
            boolean more = next <= last && cursor.seek(SpoolDisk.key(next));
            for (long bytes = 0; next <= last && found.size() < maxEntries && bytes < maxBytes; next++) {
                if (!more || SpoolDisk.position(cursor.key()) != next) {
                    throw disk.missing(next);
                }
                SpoolMessage message = disk.decode(next, cursor.value());
                found.add(new SpoolEntry(next, message));
                bytes += message.payload().length;
                more = cursor.next();
            }
        }
        return found;
    }

    /** Waits until lastDurable() >= position, or time is up, or the spool closes; whether the position is reached. */
    public boolean awaitPosition(long position, Duration timeout) throws InterruptedException {
        return durable.await(position, timeout);
    }

    /**
     * Entries up to and including position are committed in Kafka; they go after the retention. Forgotten by a restart:
     * the forwarder says it again.
     *
     * @throws IllegalArgumentException if the position is not durable yet
     */
    public void trim(long position) {
        if (position > durable.get()) {
            throw new IllegalArgumentException(
                    "cannot trim to position " + position + ": the last durable one is " + durable.get());
        }
        if (position >= first()) {
            trims.committed(position, clock.millis());
            commits.wake();
        }
    }

    /**
     * While held nothing goes, whatever its retention: for as long as nobody knows whether Kafka still has what it committed.
     * Any thread.
     */
    public void holdTrims(boolean hold) {
        writer.holdTrims(hold);
    }

    /** Lowest position still held; lastDurable() + 1 when empty. Also after close. */
    public long first() {
        return writer.first();
    }

    /** Highest durable position, 0 if there never was one. Also after close. */
    public long lastDurable() {
        return durable.get();
    }

    /** An id made when the spool was created; positions mean something only together with it. Also after close. */
    public String epoch() {
        return disk.epoch();
    }

    /** How many messages were ever made durable, by device group. Any thread, also after close. */
    public SpoolTotals totals() {
        return totals.snapshot(disk.epoch());
    }

    /** Visits every stored session; at start. */
    public void sessions(Consumer<StoredSession> visitor) {
        disk.sessions()
                .visit((clientId, state, packetIds) -> visitor.accept(new StoredSession(clientId, state, packetIds)));
    }

    /** Visits what waits for sessions; at start, after {@link #sessions} and before anything is offered. */
    public void queues(QueueTable.Visitor visitor) {
        disk.queues().visit(visitor);
    }

    /**
     * What waits for one session, from a sequence number on, at most so many entries and about so many octets, but at least one
     * if there is one. Any thread; takes its time.
     */
    public List<QueueTable.Entry> readQueue(SessionQueue queue, long from, int entriesMax, long octetsMax) {
        return disk.queues().read(queue, from, entriesMax, octetsMax);
    }

    /** Visits every retained message; at start. */
    public void retained(BiConsumer<String, byte[]> visitor) {
        disk.retained().visit(visitor);
    }

    /** Visits every note of one owner, in the order of keys; at start. */
    public void notes(byte whose, BiConsumer<byte[], byte[]> visitor) {
        disk.notes().visit(whose, visitor);
    }

    /** Commits what was accepted, lets waiters go, closes. */
    @Override
    public void close() {
        commits.close();
        durable.close();
        writer.close();
        disk.close();
    }

    /** How much room its disk has. Any thread, also after close. */
    public DiskRoom diskRoom() {
        return disk.reserve().room();
    }

    /** Whether the disk takes what is written, as far as the last attempt tells. */
    boolean isWriting() {
        return writer.isWriting();
    }

    /** Bytes held, or promised to writes under way. */
    long bytesHeld() {
        return space.held();
    }

    /** Writes waiting for the writer thread. */
    int queued() {
        return commits.waiting();
    }

    private Offer counted(GroupCommit.Taken taken) {
        switch (taken) {
            case ACCEPTED -> metrics.accepted();
            case TOO_MANY -> metrics.fullQueue();
            case TOO_HEAVY -> metrics.fullQueueBytes();
            case CLOSED -> metrics.closed();
        }
        return switch (taken) {
            case ACCEPTED -> Offer.ACCEPTED;
            case TOO_MANY, TOO_HEAVY -> Offer.FULL;
            case CLOSED -> Offer.CLOSED;
        };
    }
}
