package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import io.waymark.storage.commit.DurablePosition;
import io.waymark.storage.commit.TrimSchedule;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes a feed has still to tell, in the order they were made: each is noted in the batch that makes it, and stays
 * until it was told published and the retention is over. Numbers of changes have no gaps.
 *
 * <p>Methods throw {@link StorageException} when the disk fails and {@link IllegalStateException} once the store is
 * closed, unless they say otherwise.
 */
public final class Outbox {
    private static final long DROP_FILES_EVERY_NOTES = 1_000_000;
    private static final long TICK_MILLIS = 250;

    private final RecordTables tables;
    private final History history;
    private final FeedPolicy policy;
    private final Clock clock;
    private final DurablePosition durable;
    private volatile TrimSchedule trims;

    private volatile RecordTables.Feed feed;
    // written by the store's writer thread
    private volatile Mark last;
    private volatile Mark trimmed;
    private volatile long first;
    private long trimTo;
    private long filesDroppedNotes;

    private volatile long published;
    private volatile Runnable wake = () -> {};
    private volatile Supplier<CompletableFuture<Void>> beginner = () -> CompletableFuture.completedFuture(null);

    /** Where the reader stopped inside a bulk. */
    private record Place(long bulkId, long nextSequence, byte[] key) {}

    // reader thread
    private @Nullable Place place;

    /** What a reader may still take. */
    private static final class Budget {
        private int entries;
        private long bytes;

        Budget(int entries, long bytes) {
            this.entries = entries;
            this.bytes = bytes;
        }

        boolean isLeft() {
            return entries > 0 && bytes > 0;
        }

        void take(long size) {
            entries--;
            bytes -= size;
        }
    }

    Outbox(RecordTables tables, History history, FeedPolicy policy, RecordTables.Feed feed, Clock clock) {
        this.tables = tables;
        this.history = history;
        this.policy = policy;
        this.feed = feed;
        this.clock = clock;
        this.last = tables.changed();
        this.trimmed = tables.published();
        this.first = trimmed.sequence() + 1;
        this.trimTo = trimmed.sequence();
        this.published = trimmed.sequence();
        this.filesDroppedNotes = trimmed.notes();
        this.durable = new DurablePosition(last.sequence());
        this.trims = new TrimSchedule(policy.retention());
    }

    /** An id made when the feed was begun; numbers of changes mean something only together with it. */
    public String epoch() {
        return feed.epoch();
    }

    /** Number of the first change of this epoch. */
    public long begin() {
        return feed.begin();
    }

    /** Number of the first change still held; last() + 1 when there is none. Also after close. */
    public long first() {
        return first;
    }

    /** Number of the last change made. Also after close. */
    public long last() {
        return durable.get();
    }

    /** Waits until last() >= sequence, or time is up, or the store closes; whether it was reached. */
    public boolean awaitSequence(long sequence, Duration timeout) throws InterruptedException {
        return durable.await(sequence, timeout);
    }

    /**
     * Changes from a number on, each as the version it made, at most entriesMax of them and about bytesMax of content, but
     * at least one if there is one. One thread.
     *
     * @param sequence at least {@link #first}
     */
    public List<Version> read(long sequence, int entriesMax, long bytesMax) {
        long end = durable.get();
        List<Version> found = new ArrayList<>();
        Budget budget = new Budget(entriesMax, bytesMax);
        try (Cursor cursor = tables.outbox().cursor()) {
            long next = Math.max(sequence, first);
            boolean more = next <= end && cursor.seek(OutboxTable.key(next));
            while (next <= end && budget.isLeft()) {
                OutboxTable.Note note = more ? OutboxTable.decode(cursor.key(), cursor.value()) : null;
                if (note == null || note.firstSequence() > next) {
                    throw new StorageException(
                            "note of change " + next + " in " + tables.store().directory() + " is missing");
                }
                next = note.isBulk() ? readBulk(note, next, budget, found) : readOne(note, budget, found);
                more = next > note.sequence() ? cursor.next() : more;
            }
        }
        return found;
    }

    private long readOne(OutboxTable.Note note, Budget budget, List<Version> found) {
        HistoryTable.Row row = history.madeBy(note);
        found.add(history.version(note.key(), row));
        budget.take(note.key().length + row.stored().length);
        return note.sequence() + 1;
    }

    /** Returns the number of the first change not read. */
    private long readBulk(OutboxTable.Note note, long from, Budget budget, List<Version> found) {
        try (Cursor cursor = tables.outbox().bulkCursor()) {
            boolean more = seek(cursor, note, from);
            long next = from;
            while (next <= note.sequence() && budget.isLeft()) {
                if (!more || !OutboxTable.isOf(note.bulkId(), cursor.key())) {
                    throw new StorageException("bulk " + note.bulkId() + " has fewer than " + note.count() + " keys");
                }
                byte[] key = OutboxTable.handle(cursor.key());
                HistoryTable.Row row = history.before(key, note.sequence());
                found.add(told(note, next, history.version(key, row)));
                budget.take(key.length + row.stored().length);
                next++;
                more = cursor.next();
            }
            place = more ? new Place(note.bulkId(), next, cursor.key()) : null;
            return next;
        }
    }

    private boolean seek(Cursor cursor, OutboxTable.Note note, long from) {
        Place stopped = place;
        if (stopped != null && stopped.bulkId() == note.bulkId() && stopped.nextSequence() == from) {
            return cursor.seek(stopped.key());
        }
        boolean more = cursor.seek(OutboxTable.key(note.bulkId()));
        for (long skipped = note.firstSequence(); more && skipped < from; skipped++) {
            more = cursor.next();
        }
        return more;
    }

    /** A record of a bulk is told as of the bulk, with a number of its own. */
    private static Version told(OutboxTable.Note note, long sequence, Version content) {
        return new Version(
                content.handle(),
                sequence,
                note.millis(),
                content.isThere() ? note.action() : Action.DELETED,
                note.author(),
                content.values());
    }

    /**
     * Changes up to and including this one are published for good; their notes go after the retention. Forgotten by a
     * restart: the publisher says it again.
     *
     * @throws IllegalArgumentException if there is no such change yet
     */
    public void published(long sequence) {
        if (sequence > durable.get()) {
            throw new IllegalArgumentException(
                    "change " + sequence + " cannot be published: the last one is " + durable.get());
        }
        published = Math.max(published, sequence);
        if (sequence >= first) {
            trims.committed(sequence, clock.millis());
            wake.run();
        }
    }

    /**
     * Begins another feed in place of this one: with a new epoch, and with every record as its first change. Nothing is
     * changed in the store meanwhile. The reader's thread.
     *
     * @throws StorageException if the store cannot write; then the feed is the old one or the new one
     */
    public void beginAnew() throws InterruptedException {
        try {
            beginner.get().get();
            place = null;
        } catch (ExecutionException e) {
            throw new StorageException("feed " + epoch() + " could not be begun anew", e);
        }
    }

    /** Notes held, published or not. */
    public long held() {
        return last.notes() - trimmed.notes();
    }

    /** Most notes held. */
    public long heldMax() {
        return policy.backlogMax();
    }

    // --- the store's side

    /** Change up to which everything was told published; former versions younger than that are still needed. */
    long publishedSequence() {
        return published;
    }

    boolean hasRoomFor(int changes) {
        return held() + changes <= policy.backlogMax();
    }

    /**
     * Connects to the writer.
     *
     * @param wake called whenever something may have become due
     * @param beginner has the writer thread begin another feed
     */
    void connect(Runnable wake, Supplier<CompletableFuture<Void>> beginner) {
        this.wake = wake;
        this.beginner = beginner;
    }

    /** Writer thread, after a commit. */
    void advance(Mark mark) {
        last = mark;
        durable.advance(mark.sequence());
    }

    /** Writer thread: drops what is due; returns nanoseconds until something else is. */
    long housekeeping(RocksBatch batch) {
        trimTo = Math.max(trimTo, trims.due(clock.millis()));
        if (trimTo > trimmed.sequence()) {
            trim(batch, trimTo);
        }
        long wait = trims.untilDueMillis(clock.millis());
        return wait == Long.MAX_VALUE ? wait : TimeUnit.MILLISECONDS.toNanos(Math.min(wait, TICK_MILLIS));
    }

    private void trim(RocksBatch batch, long to) {
        first = to + 1;
        batch.clear();
        Mark mark = new Mark(to, clock.millis(), notesUpTo(batch, to));
        tables.outbox().delete(batch, trimmed.sequence() + 1, to);
        tables.putPublished(batch, mark);
        tables.store().write(batch);
        trimmed = mark;
        if (mark.notes() - filesDroppedNotes >= DROP_FILES_EVERY_NOTES) {
            tables.outbox().dropFiles(to);
            filesDroppedNotes = mark.notes();
        }
    }

    /** How many notes there had been up to here; also deletes the keys of bulks told entirely. */
    private long notesUpTo(RocksBatch batch, long to) {
        long notes = trimmed.notes();
        try (Cursor cursor = tables.outbox().cursor()) {
            boolean more = cursor.seek(OutboxTable.key(trimmed.sequence() + 1));
            while (more) {
                OutboxTable.Note note = OutboxTable.decode(cursor.key(), cursor.value());
                if (note.sequence() > to) {
                    break;
                }
                if (note.isBulk()) {
                    tables.outbox().deleteBulk(batch, note.bulkId());
                }
                notes = note.notes();
                more = cursor.next();
            }
        }
        return notes;
    }

    /** Writer thread, after a repair: what is on disk. */
    void reload(Mark mark) {
        RecordTables.Feed onDisk = tables.feed();
        if (onDisk != null && !onDisk.epoch().equals(feed.epoch())) {
            replace(onDisk);
        }
        trimmed = tables.published();
        advance(mark);
    }

    /** Writer thread: another feed is on disk. */
    void replace(RecordTables.Feed other) {
        trims = new TrimSchedule(policy.retention());
        trimmed = tables.published();
        trimTo = trimmed.sequence();
        filesDroppedNotes = trimmed.notes();
        published = trimmed.sequence();
        feed = other;
        first = trimmed.sequence() + 1;
    }

    /** Lets waiters go. */
    void close() {
        durable.close();
    }
}
