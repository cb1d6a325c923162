package io.waymark.storage.record;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.StorageException;
import io.waymark.storage.commit.GroupCommit;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Identifier records: read by any thread, written by one of its own. A change is visible to every reader before its future
 * completes.
 *
 * <p>All methods throw {@link StorageException} when the disk fails or a stored record cannot be understood, and
 * {@link IllegalStateException} after {@link #close}.
 */
public final class RecordStore implements AutoCloseable {
    /** Answer of {@link #read}: no such record. */
    public static final int NOT_FOUND = RocksStore.NOT_FOUND;

    /** Answer of {@link #readMemory}: ask {@link #readDisk}. */
    public static final int NOT_IN_MEMORY = MemoryTier.MISS;

    /** Most changes in one fsync, so that the first of them does not wait for ever. */
    private static final int GROUP_MAX = 4096;

    private final RecordTables tables;
    /** Null when switched off, and after close. */
    private volatile @Nullable MemoryTier tier;

    private final RecordWriter writer;
    private final GroupCommit<RecordWriter.Unit> commits;
    private final Counter refusedFull;
    private final Counter refusedClosed;
    private final int queueMax;

    private RecordStore(RecordTables tables, RecordStoreConfig config, MeterRegistry metrics) {
        this.tables = tables;
        this.queueMax = config.writeQueueMax();
        this.tier = config.memoryTierBytes() == 0 ? null : new MemoryTier(config.memoryTierBytes(), metrics);
        this.writer = new RecordWriter(tables, tier, metrics, Clock.systemUTC());
        this.commits = new GroupCommit<>(
                "waymark-records", new GroupCommit.Limits(queueMax, queueMax, Math.min(GROUP_MAX, queueMax)), writer);
        this.refusedFull = refused(metrics, "queue");
        this.refusedClosed = refused(metrics, "closed");
        Gauge.builder("waymark.records.queue", commits, GroupCommit::waiting)
                .description("Units of changes waiting for the writer")
                .register(metrics);
    }

    /**
     * Opens the store, creating it if absent.
     *
     * @throws StorageException if another process holds it, a newer version wrote it, or it cannot be read
     */
    public static RecordStore open(RecordStoreConfig config, MeterRegistry metrics) {
        return new RecordStore(RecordTables.open(config), config, metrics);
    }

    /**
     * Hot path: copies a stored record (layout in {@link StoredRecord}) into dst at its position, without allocating; from
     * memory if it was read lately, else from RocksDB, which may go to the disk.
     *
     * @param key direct buffer, position..limit = ASCII-folded UTF-8 handle; unchanged
     * @param dst direct buffer; position unchanged, limit unchanged
     * @return length of the stored record; {@link #NOT_FOUND}; if larger than dst.remaining() the true length, dst then
     *     holds garbage: retry with more room
     */
    public int read(ByteBuffer key, ByteBuffer dst) {
        int length = readMemory(key, dst);
        return length == NOT_IN_MEMORY ? readDisk(key, dst) : length;
    }

    /**
     * The first half of {@link #read}, for threads that must not wait for a disk.
     *
     * @return as {@link #read}; or {@link #NOT_IN_MEMORY}: whether there is such a record, {@link #readDisk} knows
     */
    public int readMemory(ByteBuffer key, ByteBuffer dst) {
        MemoryTier memory = tier;
        return memory == null ? NOT_IN_MEMORY : memory.read(memory.hash(key), key, dst);
    }

    /** The second half of {@link #read}: asks RocksDB and lets memory keep the answer. */
    public int readDisk(ByteBuffer key, ByteBuffer dst) {
        MemoryTier memory = tier;
        if (memory == null) {
            return tables.store().get(tables.records(), key, dst);
        }
        long hash = memory.hash(key);
        long stamp = memory.stamp(hash);
        int length = tables.store().get(tables.records(), key, dst);
        if (length != NOT_FOUND && length <= dst.remaining()) {
            memory.fill(hash, key, dst, length, stamp);
        }
        return length;
    }

    /** The decoded values, for the rarer paths. */
    public Optional<List<HandleValue>> find(Handle handle) {
        byte[] stored = tables.store().get(tables.records(), utf8(handle.canonical()));
        return stored == null ? Optional.empty() : Optional.of(values(handle, stored));
    }

    /** The record a canonical identifier is an alias of, in the spelling it was registered with. */
    public Optional<Handle> findByAlias(String canonical) {
        byte[] key = tables.store().get(tables.aliases(), utf8(canonical));
        if (key == null) {
            return Optional.empty();
        }
        byte[] stored = tables.store().get(tables.records(), key);
        // Gone between the two reads: then the alias is gone too.
        return stored == null ? Optional.empty() : Optional.of(handle(key, stored));
    }

    /**
     * Queues changes for the single writer as one atomic unit. Of several changes of one record the last counts; a code
     * may move between records of the same unit.
     *
     * @return completes after fsync, on the writer thread, which must not be blocked; or fails with
     *     {@link StorageException}, {@link AliasTakenException} or, when the queue is full or the store closing,
     *     {@link RejectedExecutionException}
     * @throws IllegalArgumentException if an alias is empty or longer than 65535 bytes
     */
    public CompletableFuture<Void> apply(List<RecordChange> changes) {
        if (changes.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        RecordWriter.Unit unit = RecordWriter.Unit.of(changes);
        return switch (commits.offer(unit)) {
            case ACCEPTED -> unit.done();
            case TOO_MANY, TOO_HEAVY ->
                refuse(
                        refusedFull,
                        "at most " + queueMax + " record changes may wait, no room for " + changes.size() + " more");
            case CLOSED -> refuse(refusedClosed, "record store is closing");
        };
    }

    /**
     * Calls back for each record whose folded name starts with prefix + "/" (any record if prefix is empty), after the
     * given folded name (exclusive, empty = from the start), in order of folded UTF-8 names, at most limit. The state
     * listed is that of the time of the call. The consumer must not wait for changes to be applied: a store under repair
     * waits for it.
     */
    public void list(String prefix, String afterFolded, int limit, Consumer<Handle> consumer) {
        byte[] start = prefix.isEmpty() ? new byte[0] : utf8(Handle.foldAscii(prefix) + "/");
        byte[] after = utf8(afterFolded);
        try (Cursor cursor = tables.store().cursor(tables.records())) {
            boolean more = cursor.seek(Arrays.compareUnsigned(after, start) > 0 ? after : start);
            if (more && after.length > 0 && Arrays.equals(cursor.key(), after)) {
                more = cursor.next();
            }
            for (int n = 0; more && n < limit && startsWith(cursor.key(), start); n++) {
                consumer.accept(handle(cursor.key(), cursor.value()));
                more = cursor.next();
            }
        }
    }

    /** RocksDB's estimate of the number of records. */
    public long estimatedCount() {
        return tables.store().estimatedKeys(tables.records());
    }

    /** Commits what was accepted, waits for reads under way, closes. */
    @Override
    public void close() {
        commits.close();
        tier = null;
        writer.close();
        tables.close();
    }

    static Counter refused(MeterRegistry metrics, String reason) {
        return Counter.builder("waymark.records.refused")
                .description("Units of changes not made")
                .tag("reason", reason)
                .register(metrics);
    }

    private static CompletableFuture<Void> refuse(Counter counter, String why) {
        counter.increment();
        return CompletableFuture.failedFuture(new RejectedExecutionException(why));
    }

    private List<HandleValue> values(Handle handle, byte[] stored) {
        try {
            return StoredRecord.values(stored);
        } catch (MalformedRecordException e) {
            throw corrupt(handle.canonical(), e);
        }
    }

    private Handle handle(byte[] key, byte[] stored) {
        try {
            return StoredRecord.handle(key, stored);
        } catch (MalformedRecordException e) {
            throw corrupt(new String(key, StandardCharsets.UTF_8), e);
        }
    }

    private StorageException corrupt(String key, MalformedRecordException e) {
        return new StorageException(
                "record " + key + " in " + tables.store().directory() + " is damaged: " + e.getMessage(), e);
    }

    private static boolean startsWith(byte[] key, byte[] start) {
        return key.length >= start.length && Arrays.equals(key, 0, start.length, start, 0, start.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
