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
import java.time.Instant;
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

    private final History history;
    private final @Nullable Outbox outbox;
    private final RecordWriter writer;
    private final GroupCommit<RecordWriter.Unit> commits;
    private final Counter refusedFull;
    private final Counter refusedClosed;
    private final Counter refusedOutbox;
    private final int queueMax;
    private final HistoryPolicy policy;
    private final Clock clock;

    private RecordStore(RecordTables tables, RecordStoreConfig config, MeterRegistry metrics, Clock clock) {
        this.tables = tables;
        this.clock = clock;
        this.history = new History(tables, clock);
        FeedStart feeds = new FeedStart(tables, clock);
        RecordTables.Feed feed = feeds.prepare(config.feed().isWanted(tables.feed() != null));
        this.outbox = feed == null ? null : new Outbox(tables, history, config.feed(), feed, clock);
        this.queueMax = config.writeQueueMax();
        this.policy = config.history();
        this.tier = config.memoryTierBytes() == 0 ? null : new MemoryTier(config.memoryTierBytes(), metrics);
        this.writer = new RecordWriter(
                tables,
                tier,
                new VersionWriter(tables, config.history(), outbox, feeds, metrics, clock),
                outbox,
                metrics,
                clock);
        this.commits = new GroupCommit<>(
                "waymark-records", new GroupCommit.Limits(queueMax, queueMax, Math.min(GROUP_MAX, queueMax)), writer);
        this.refusedFull = refused(metrics, "queue");
        this.refusedClosed = refused(metrics, "closed");
        this.refusedOutbox = refused(metrics, "outbox");
        Gauge.builder("waymark.records.queue", commits, GroupCommit::waiting)
                .description("Units of changes waiting for the writer")
                .register(metrics);
        if (outbox != null) {
            observe(outbox, metrics);
            outbox.connect(commits::wake, () -> offer(RecordWriter.Unit.newFeed()));
        }
    }

    /** {@link #open(RecordStoreConfig, MeterRegistry, Clock)} with the system's clock. */
    public static RecordStore open(RecordStoreConfig config, MeterRegistry metrics) {
        return open(config, metrics, Clock.systemUTC());
    }

    /**
     * Opens the store, creating it if absent; one of an older format becomes one of the present format.
     *
     * @param clock stamps changes
     * @throws StorageException if another process holds it, a newer version wrote it, or it cannot be read
     */
    public static RecordStore open(RecordStoreConfig config, MeterRegistry metrics, Clock clock) {
        RecordTables tables = RecordTables.open(config);
        try {
            return new RecordStore(tables, config, metrics, clock);
        } catch (RuntimeException e) {
            tables.close();
            throw e;
        }
    }

    /**
     * Copies a record (layout in {@link StoredRecord}, without its spelling) into dst at its position; may go to the disk.
     *
     * @param key direct buffer, position..limit = ASCII-folded UTF-8 handle; unchanged
     * @param dst direct buffer; position unchanged, limit unchanged
     * @return length of the record; {@link #NOT_FOUND}; if larger than dst.remaining(), dst holds garbage: retry with that
     *     much room
     */
    public int read(ByteBuffer key, ByteBuffer dst) {
        int length = readMemory(hash(key), key, dst);
        return length == NOT_IN_MEMORY ? readDisk(key, dst) : length;
    }

    /** What the methods of the hot path want beside a key; valid as long as the store is open. */
    public long hash(ByteBuffer key) {
        MemoryTier memory = tier;
        return memory == null ? 0 : memory.hash(key);
    }

    /**
     * Lets the caches of the processor fetch what {@link #readMemory} will look at: of several keys together this takes
     * hardly longer than of one.
     *
     * @param hashes of the keys
     * @param count how many of them are valid
     * @return nothing of use; to be kept somewhere, or the compiler leaves out what it was made from
     */
    public long prefetch(long[] hashes, int count) {
        MemoryTier memory = tier;
        return memory == null ? 0 : memory.prefetch(hashes, count);
    }

    /**
     * As {@link #read}, from the records kept outside RocksDB: no lock, no allocation.
     *
     * @param hash of the key
     * @return as {@link #read}; or {@link #NOT_IN_MEMORY}
     */
    public int readMemory(long hash, ByteBuffer key, ByteBuffer dst) {
        MemoryTier memory = tier;
        return memory == null ? NOT_IN_MEMORY : memory.read(hash, key, dst);
    }

    /**
     * As {@link #readMemory}, and then from what RocksDB holds in memory, for threads that must not wait for a disk.
     *
     * @param hash of the key
     * @return as {@link #read}; or {@link #NOT_IN_MEMORY}: whether there is such a record, {@link #readDisk} knows
     */
    public int readCached(long hash, ByteBuffer key, ByteBuffer dst) {
        int length = readMemory(hash, key, dst);
        return length == NOT_IN_MEMORY ? keep(hash, key, dst, false) : length;
    }

    /** As {@link #read}, without looking into memory first; memory keeps the answer. */
    public int readDisk(ByteBuffer key, ByteBuffer dst) {
        return keep(hash(key), key, dst, true);
    }

    /** Asks RocksDB and lets memory keep the answer. */
    private int keep(long hash, ByteBuffer key, ByteBuffer dst, boolean mayWait) {
        MemoryTier memory = tier;
        long stamp = memory == null ? 0 : memory.stamp(hash);
        int length = mayWait
                ? tables.store().get(tables.records(), key, dst)
                : tables.store().getCached(tables.records(), key, dst);
        if (length < 0 || length > dst.remaining()) {
            return length == RocksStore.NOT_CACHED ? NOT_IN_MEMORY : length;
        }
        int kept = StoredRecord.dropSpelling(dst, length);
        if (memory != null) {
            memory.fill(hash, key, dst, kept, stamp);
        }
        return kept;
    }

    /**
     * Reads records into memory until it is full, so that after a restart nobody waits for the disk twice. Slow; to be called
     * once, on a thread that has nothing else to do. Ends early when the store is closed or under repair.
     *
     * @return how many records found room
     */
    public long preload() {
        MemoryTier memory = tier;
        return memory == null ? 0 : new TierPreload(tables, memory, () -> tier == null).run();
    }

    /**
     * Drops former versions that have been out of force for longer than the policy keeps them, and records deleted so long
     * ago; a change of a record drops only its own. Looks at all that ever changed: slow, to be called once a day, on a
     * thread that has nothing else to do. Ends early when the store is closed.
     *
     * @return how many records had a past to drop
     * @throws StorageException if it cannot be dropped now
     */
    public long forgetPast() {
        return new HistorySweep(tables, policy, clock, keys -> offer(RecordWriter.Unit.forget(keys))).run();
    }

    /** The decoded values, for the rarer paths: from memory, or else from the disk, and then memory keeps the record. */
    public Optional<List<HandleValue>> find(Handle handle) {
        byte[] key = utf8(handle.canonical());
        MemoryTier memory = tier;
        byte[] record = memory == null ? null : memory.copy(key);
        if (record == null) {
            record = memory == null ? tables.store().get(tables.records(), key) : fetch(memory, key);
        }
        return record == null ? Optional.empty() : Optional.of(values(handle, record));
    }

    private byte @Nullable [] fetch(MemoryTier memory, byte[] key) {
        ByteBuffer octets = ByteBuffer.wrap(key);
        long hash = memory.hash(octets);
        long stamp = memory.stamp(hash);
        byte[] stored = tables.store().get(tables.records(), key);
        if (stored == null) {
            return null;
        }
        ByteBuffer record = ByteBuffer.wrap(stored);
        int length = StoredRecord.dropSpelling(record, stored.length);
        memory.fill(hash, octets, record, length, stamp);
        return Arrays.copyOf(stored, length);
    }

    /** Whether {@link #find} would not ask the disk, as far as can be known in advance. */
    public boolean isInMemory(Handle handle) {
        MemoryTier memory = tier;
        return memory != null && memory.holds(utf8(handle.canonical()));
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

    /** {@link #apply(List, Author)} by nobody in particular. */
    public CompletableFuture<Void> apply(List<RecordChange> changes) {
        return apply(changes, Author.UNKNOWN);
    }

    /**
     * Queues changes for the single writer as one atomic unit. Of several changes of one record the last counts; a code
     * may move between records of the same unit. What was there becomes history; what is new is noted for the feed.
     *
     * @param author told by history and feed
     * @return completes after fsync, on the writer thread, which must not be blocked; or fails with
     *     {@link StorageException}, {@link AliasTakenException} or, when the queue is full or the store closing,
     *     {@link RejectedExecutionException}, as an {@link OutboxFullException} if the feed is too far behind
     * @throws IllegalArgumentException if an alias is empty or longer than 65535 bytes
     */
    public CompletableFuture<Void> apply(List<RecordChange> changes, Author author) {
        if (changes.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (outbox != null && !outbox.hasRoomFor(changes.size())) {
            refusedOutbox.increment();
            return CompletableFuture.failedFuture(new OutboxFullException(outbox.held(), outbox.heldMax()));
        }
        return offer(RecordWriter.Unit.of(changes, author));
    }

    private CompletableFuture<Void> offer(RecordWriter.Unit unit) {
        return switch (commits.offer(unit)) {
            case ACCEPTED -> unit.done();
            case TOO_MANY, TOO_HEAVY ->
                refuse(
                        refusedFull,
                        "at most " + queueMax + " record changes may wait, no room for " + unit.weight() + " more");
            case CLOSED -> refuse(refusedClosed, "record store is closing");
        };
    }

    /** A name for a bulk, unlike all others. */
    public static long newBulkId() {
        return BulkIds.draw();
    }

    /** Key in the family {@code bulk_keys} that makes a record part of a bulk; the value is empty. */
    public static byte[] bulkKey(long bulkId, byte[] foldedHandle) {
        return OutboxTable.bulkKey(bulkId, foldedHandle);
    }

    /** What was in force at a time. */
    public AsOf findAsOf(Handle handle, Instant time) {
        return history.asOf(handle, time.toEpochMilli());
    }

    /**
     * What a record is and was, youngest first; of records deleted too.
     *
     * @param beforeSequence only versions made by earlier changes than that; {@link Long#MAX_VALUE} for all
     * @param limit most versions returned
     */
    public List<Version> history(Handle handle, long beforeSequence, int limit) {
        return history.list(handle, beforeSequence, limit);
    }

    /** What the feed has still to tell; empty if there is no feed. */
    public Optional<Outbox> outbox() {
        return Optional.ofNullable(outbox);
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

    /** The back door for very many records at once. */
    public BulkDoor bulk() {
        return new BulkDoor(tables, writer, commits, clock);
    }

    /** Commits what was accepted, waits for reads under way, closes. */
    @Override
    public void close() {
        commits.close();
        if (outbox != null) {
            outbox.close();
        }
        tier = null;
        writer.close();
        tables.close();
    }

    private static void observe(Outbox outbox, MeterRegistry metrics) {
        Gauge.builder("waymark.records.outbox.held", outbox, Outbox::held)
                .description("Noted changes held for the feed, published or not")
                .register(metrics);
        Gauge.builder("waymark.records.outbox.held.max", outbox, Outbox::heldMax)
                .description("Most noted changes held; then changes of records are refused")
                .register(metrics);
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
