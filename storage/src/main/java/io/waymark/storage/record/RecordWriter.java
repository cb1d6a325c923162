package io.waymark.storage.record;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.StorageException;
import io.waymark.storage.commit.GroupCommit;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.StoreRepair;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits units of changes, each atomic, many to one fsync. A unit whose aliases are taken fails alone and leaves no trace
 * in the batch. Writer thread only.
 */
final class RecordWriter implements GroupCommit.Work<RecordWriter.Unit> {
    /** A change as it will be written; encoded by the caller's thread. {@code stored} is null when the record goes. */
    record Encoded(String key, byte[] keyOctets, byte @Nullable [] stored, List<String> aliases, boolean edited) {
        static Encoded of(RecordChange change) {
            String key = change.handle().canonical();
            byte[] octets = key.getBytes(StandardCharsets.UTF_8);
            if (change instanceof RecordChange.Put put) {
                put.aliases().forEach(AliasList::check);
                return new Encoded(
                        key, octets, StoredRecord.encode(put.handle(), put.values()), put.aliases(), put.edited());
            }
            return new Encoded(key, octets, null, List.of(), false);
        }
    }

    /**
     * Changes that happen together, at most one per record; or the wish for another feed.
     *
     * @param aged keys of records some of whose past may go
     */
    record Unit(
            List<Encoded> changes, List<byte[]> aged, boolean beginsFeed, Author author, CompletableFuture<Void> done)
            implements GroupCommit.Write {
        /** Of several changes of one record the last counts. */
        static Unit of(List<RecordChange> changes, Author author) {
            Map<String, Encoded> last = new LinkedHashMap<>();
            for (RecordChange change : changes) {
                Encoded encoded = Encoded.of(change);
                last.put(encoded.key(), encoded);
            }
            return new Unit(List.copyOf(last.values()), List.of(), false, author, new CompletableFuture<>());
        }

        static Unit newFeed() {
            return new Unit(List.of(), List.of(), true, Author.NODE, new CompletableFuture<>());
        }

        static Unit forget(List<byte[]> aged) {
            return new Unit(List.of(), aged, false, Author.NODE, new CompletableFuture<>());
        }

        @Override
        public long weight() {
            return Math.max(1, changes.size() + aged.size());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RecordTables tables;
    private final @Nullable MemoryTier tier;
    private final AliasIndex aliases;
    private final VersionWriter versions;
    private final @Nullable Outbox outbox;
    private final RocksBatch batch = new RocksBatch();
    private final StoreRepair repair;
    private final WriterErrands errands = new WriterErrands();
    private final IngestionLog ingestions;
    /** Units of the running group that left no trace in its batch. */
    private final IdentityHashMap<Unit, AliasTakenException> refused = new IdentityHashMap<>();

    /** Told what changes while an import checks its records against the store; null while none does. */
    private @Nullable ChangeWatch watch;

    private final DistributionSummary batchSize;
    private final Timer commitTime;
    private final Counter aliasTaken;
    private final Counter notWritten;

    /**
     * @param tier told before and after each commit
     * @param outbox told of what is durable, and trimmed
     */
    RecordWriter(
            RecordTables tables,
            @Nullable MemoryTier tier,
            VersionWriter versions,
            @Nullable Outbox outbox,
            MeterRegistry metrics,
            Clock clock) {
        this.tables = tables;
        this.versions = versions;
        this.outbox = outbox;
        this.repair = new StoreRepair(tables.store(), clock);
        this.tier = tier;
        this.ingestions = new IngestionLog(tables);
        this.aliases = new AliasIndex(tables, versions::mayHaveAliases);
        this.batchSize = DistributionSummary.builder("waymark.records.batch.size")
                .description("Changes made durable by one fsync")
                .register(metrics);
        this.commitTime = Timer.builder("waymark.records.commit.time")
                .description("Write and fsync of one batch")
                .register(metrics);
        this.aliasTaken = RecordStore.refused(metrics, "alias_taken");
        this.notWritten = RecordStore.refused(metrics, "not_written");
    }

    @Override
    public void commit(List<Unit> group) {
        finishIngestion();
        batch.clear();
        aliases.clear();
        versions.begin();
        refused.clear();
        Map<String, byte[]> keys = new LinkedHashMap<>();
        for (Unit unit : group) {
            try {
                add(unit, keys);
            } catch (AliasTakenException e) {
                refused.put(unit, e);
            }
        }
        versions.finish(batch);
        write(keys);
        versions.committed();
        if (group.stream().anyMatch(Unit::beginsFeed)) {
            versions.beginFeed();
        }
    }

    @Override
    public void committed(List<Unit> group) {
        for (Unit unit : group) {
            complete(unit, refused.get(unit));
        }
    }

    @Override
    public void failed(List<Unit> group, Throwable cause) {
        if (!repair.isNeeded()) {
            LOG.error(
                    "{} units of record changes were not made; none is until the store can write", group.size(), cause);
        }
        repair.failed();
        notWritten.increment(group.size());
        group.forEach(unit -> unit.done().completeExceptionally(cause));
    }

    @Override
    public long housekeeping() {
        errands.run();
        if (repair.isNeeded()) {
            tryRepair();
        }
        if (repair.isNeeded()) {
            return RETRY_NANOS;
        }
        return outbox == null ? Long.MAX_VALUE : trimOutbox(outbox);
    }

    private long trimOutbox(Outbox told) {
        try {
            return told.housekeeping(batch);
        } catch (StorageException e) {
            LOG.error("the outbox cannot be trimmed; no record is changed until the store can write", e);
            repair.failed();
            return RETRY_NANOS;
        }
    }

    /** What a failed batch left in the log is replayed by reopening, so nothing in memory is certain any more. */
    private void tryRepair() {
        try {
            if (repair.reopenIfDue()) {
                forget();
                ingestions.finish();
                tables.probe();
                versions.reload();
                repair.succeeded();
            }
        } catch (StorageException e) {
            LOG.warn("record store still cannot write: {}", e.getMessage());
        }
    }

    private void forget() {
        if (tier != null) {
            tier.clear();
        }
    }

    /** Any thread; the writer runs it between two groups, once it is woken. */
    WriterErrands errands() {
        return errands;
    }

    /** An errand: tells the watch of every change from now on. */
    void watch(ChangeWatch newWatch) {
        finishIngestion();
        ChangeWatch former = watch;
        if (former != null && !former.isClosed()) {
            throw new RejectedExecutionException("another import is being checked against the store");
        }
        watch = newWatch;
    }

    /**
     * An errand: makes the ingestion durable and visible.
     *
     * @throws StoreChangedException if what it was checked against has changed
     */
    void ingest(Ingestion ingestion, ChangeWatch checkedUnder, Author author) {
        finishIngestion();
        checkedUnder.demandUntouched(ingestion);
        versions.begin();
        TierPause pause = TierPause.begin(tier, ingestion.replaced());
        try {
            ingestions.take(ingestion, author, versions.nowMillis());
        } finally {
            pause.close();
            versions.reload();
        }
    }

    /**
     * Nothing is written before what was begun is whole; nor while nobody knows what a failed batch left on disk, and so
     * not the number of the next change.
     */
    private void finishIngestion() {
        if (repair.isNeeded()) {
            throw new StorageException("record store is being repaired after a failed write");
        }
        if (ingestions.finish()) {
            forget();
            versions.reload();
        }
    }

    void close() {
        errands.refuse();
        batch.close();
    }

    private void add(Unit unit, Map<String, byte[]> keys) {
        aliases.assign(unit.changes());
        for (Encoded change : unit.changes()) {
            if (versions.add(batch, change, unit.author())) {
                keys.put(change.key(), change.keyOctets());
            }
        }
        // an import that is being checked counts on the heads it has read: the past can wait for another day
        if (watch == null || watch.isClosed()) {
            unit.aged().forEach(key -> versions.age(batch, key));
        }
    }

    private void write(Map<String, byte[]> keys) {
        aliases.flush(batch);
        if (batch.size() == 0) {
            return;
        }
        if (watch != null) {
            watch.note(keys.keySet(), aliases.changed());
        }
        batchSize.record(keys.size());
        commitTime.record(() -> writeAround(keys.values()));
    }

    private void writeAround(Collection<byte[]> keys) {
        if (tier == null) {
            tables.store().write(batch);
            return;
        }
        tier.beginWrite(keys);
        try {
            tables.store().write(batch);
        } finally {
            tier.endWrite(keys);
        }
    }

    private void complete(Unit unit, @Nullable AliasTakenException refusal) {
        if (refusal == null) {
            unit.done().complete(null);
        } else {
            aliasTaken.increment();
            unit.done().completeExceptionally(refusal);
        }
    }
}
