package io.waymark.storage.record;

import io.waymark.storage.commit.GroupCommit;
import io.waymark.storage.record.Ingestion.Table;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.SstFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The record store as an import sees it: tables to check against, files to fill, and one act that makes them part of the
 * store. Any thread; one import at a time.
 *
 * <p>The order that keeps it right while others write: {@link #watch}, then cursors, then {@link #ingest} under that watch.
 */
public final class BulkDoor {
    private final RecordTables tables;
    private final RecordWriter writer;
    private final GroupCommit<RecordWriter.Unit> commits;
    private final Clock clock;

    BulkDoor(RecordTables tables, RecordWriter writer, GroupCommit<RecordWriter.Unit> commits, Clock clock) {
        this.tables = tables;
        this.writer = writer;
        this.commits = commits;
        this.clock = clock;
    }

    /**
     * What a record was, which becomes history.
     *
     * @param historyKey key in {@link Table#HISTORY}
     * @param historyValue its value
     * @param seed for {@link Ingestion.HeadMaker}
     */
    public record Past(byte[] historyKey, byte[] historyValue, byte[] seed) {}

    /** Where the store lives; table files belong on the same file system. */
    public Path directory() {
        return tables.store().directory();
    }

    /** Whether changes are told to a feed: then {@link Table#BULK_KEYS} must name the records. */
    public boolean hasFeed() {
        return tables.feed() != null;
    }

    /**
     * Notes every change that a cursor opened afterwards does not see; the caller closes it.
     *
     * @return fails with {@link java.util.concurrent.RejectedExecutionException} if another watch is open or the store is
     *     closing
     */
    public CompletableFuture<ChangeWatch> watch() {
        ChangeWatch watch = new ChangeWatch();
        return errand(() -> writer.watch(watch)).thenApply(done -> watch);
    }

    /** Walks a table as it is now; the caller closes it. */
    public Cursor cursor(Table table) {
        return tables.store().cursor(tables.family(table));
    }

    /** The value of a key, or null. */
    public byte @Nullable [] get(Table table, byte[] key) {
        return tables.store().get(tables.family(table), key);
    }

    /**
     * What a record was until now; empty if there never was one of that name.
     *
     * @param key folded handle
     * @param stored its content; null if there is none
     */
    public Optional<Past> past(byte[] key, byte @Nullable [] stored) {
        RecordHead head = tables.head(key);
        if (head != null) {
            byte[] content = stored == null ? new byte[0] : stored;
            HistoryTable.Row row = new HistoryTable.Row(
                    head.action(), head.number(), head.sequence(), head.millis(), head.author(), content);
            long oldest = head.kept() == 0 ? Long.MAX_VALUE : head.oldestUntilMillis();
            return Optional.of(past(key, row, head.kept() + 1, oldest));
        }
        return stored == null
                ? Optional.empty()
                : Optional.of(past(key, History.found(stored, clock.millis()), 1, Long.MAX_VALUE));
    }

    private static Past past(byte[] key, HistoryTable.Row row, int kept, long oldestUntilMillis) {
        return new Past(
                HistoryTable.key(key, row.millis(), row.sequence()),
                HistoryTable.encode(row),
                new HeadSeed(row.number(), kept, oldestUntilMillis).encode());
    }

    /** A new file for a table. */
    public SstFile newFile(Table table, Path path) {
        return tables.store().newFile(tables.family(table), path);
    }

    /**
     * Makes the files part of the store. What is written there is not checked against anything but the watch.
     *
     * @param watch opened before the files were checked against the store
     * @param author told by history and feed
     * @return completes on the writer thread when everything is durable and visible; or fails with
     *     {@link StoreChangedException}, then nothing is, or with {@link io.waymark.storage.StorageException}, then nothing is
     *     or everything will be before the store next takes a change: the files must stay
     */
    public CompletableFuture<Void> ingest(Ingestion ingestion, ChangeWatch watch, Author author) {
        return errand(() -> writer.ingest(ingestion, watch, author));
    }

    private CompletableFuture<Void> errand(Runnable work) {
        CompletableFuture<Void> done = writer.errands().add(work);
        commits.wake();
        return done;
    }
}
