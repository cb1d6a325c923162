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
    record Encoded(String key, byte[] keyOctets, byte @Nullable [] stored, List<String> aliases) {
        static Encoded of(RecordChange change) {
            String key = change.handle().canonical();
            byte[] octets = key.getBytes(StandardCharsets.UTF_8);
            if (change instanceof RecordChange.Put put) {
                put.aliases().forEach(AliasIndex::check);
                return new Encoded(key, octets, StoredRecord.encode(put.handle(), put.values()), put.aliases());
            }
            return new Encoded(key, octets, null, List.of());
        }
    }

    /** Changes that happen together; at most one per record. */
    record Unit(List<Encoded> changes, CompletableFuture<Void> done) implements GroupCommit.Write {
        /** Of several changes of one record the last counts. */
        static Unit of(List<RecordChange> changes) {
            Map<String, Encoded> last = new LinkedHashMap<>();
            for (RecordChange change : changes) {
                Encoded encoded = Encoded.of(change);
                last.put(encoded.key(), encoded);
            }
            return new Unit(List.copyOf(last.values()), new CompletableFuture<>());
        }

        @Override
        public long weight() {
            return changes.size();
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RecordTables tables;
    private final @Nullable MemoryTier tier;
    private final AliasIndex aliases;
    private final RocksBatch batch = new RocksBatch();
    private final StoreRepair repair;
    /** Units of the running group that left no trace in its batch. */
    private final IdentityHashMap<Unit, AliasTakenException> refused = new IdentityHashMap<>();

    private final DistributionSummary batchSize;
    private final Timer commitTime;
    private final Counter aliasTaken;
    private final Counter notWritten;

    /** @param tier told before and after each commit */
    RecordWriter(RecordTables tables, @Nullable MemoryTier tier, MeterRegistry metrics, Clock clock) {
        this.tables = tables;
        this.repair = new StoreRepair(tables.store(), clock);
        this.tier = tier;
        this.aliases = new AliasIndex(tables);
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
        batch.clear();
        aliases.clear();
        refused.clear();
        Map<String, byte[]> keys = new LinkedHashMap<>();
        for (Unit unit : group) {
            try {
                add(unit, keys);
            } catch (AliasTakenException e) {
                refused.put(unit, e);
            }
        }
        write(keys);
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
        if (repair.isNeeded()) {
            tryRepair();
        }
        return repair.isNeeded() ? RETRY_NANOS : Long.MAX_VALUE;
    }

    /** What a failed batch left in the log is replayed by reopening, so nothing in memory is certain any more. */
    private void tryRepair() {
        try {
            if (repair.reopenIfDue()) {
                forget();
                tables.probe();
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

    void close() {
        batch.close();
    }

    private void add(Unit unit, Map<String, byte[]> keys) {
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        unit.changes().forEach(change -> wanted.put(change.key(), change.aliases()));
        aliases.assign(wanted);
        for (Encoded change : unit.changes()) {
            put(change.keyOctets(), change.stored());
            keys.put(change.key(), change.keyOctets());
        }
    }

    private void put(byte[] key, byte @Nullable [] stored) {
        if (stored == null) {
            batch.delete(tables.records(), key);
        } else {
            batch.put(tables.records(), key, stored);
        }
    }

    private void write(Map<String, byte[]> keys) {
        aliases.flush(batch);
        if (batch.size() == 0) {
            return;
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
