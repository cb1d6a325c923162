package io.waymark.storage.bulk;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.record.BulkDoor;
import io.waymark.storage.record.BulkDoor.Past;
import io.waymark.storage.record.Ingestion;
import io.waymark.storage.record.Ingestion.Bulk;
import io.waymark.storage.record.Ingestion.Contents;
import io.waymark.storage.record.Ingestion.HeadMaker;
import io.waymark.storage.record.Ingestion.ReplacedKeys;
import io.waymark.storage.record.Ingestion.Table;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.StoredRecord;
import io.waymark.storage.rocks.SstFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Everything one round of an import writes: the tables themselves, what the records were before, and what the feed is told.
 * One thread.
 */
final class LoadFiles {
    private static final byte[] NOTHING = {};

    private final BulkDoor door;
    private final Path directory;
    private final boolean hasFeed;
    private final TableFiles records;
    private final TableFiles lists;
    private final TableFiles codes;
    private final TableFiles history;
    private final TableFiles createdKeys;
    private final TableFiles replacingKeys;
    private final SpillingRuns givenUp;
    /** Folded handle → u1 of the created, u1 has codes, i8 ordinal, seed. */
    private final SpillingRuns heads;

    private final long createdId = RecordStore.newBulkId();
    private final long replacingId = RecordStore.newBulkId();
    private long created;
    private long replacing;
    private final List<byte[]> companionKeys = new ArrayList<>();
    private final Map<Table, List<Path>> companionFiles = new EnumMap<>(Table.class);
    private byte[] bulkKey = NOTHING;

    LoadFiles(BulkDoor door, Path directory, Chunks chunks, Executor executor) {
        this.door = door;
        this.directory = directory;
        this.hasFeed = door.hasFeed();
        this.records = new TableFiles(door, Table.RECORDS, "records", directory, chunks, executor);
        this.lists = new TableFiles(door, Table.ALIASES_OF, "lists", directory, chunks, executor);
        this.codes = new TableFiles(door, Table.ALIASES, "codes", directory, chunks, executor);
        this.history = new TableFiles(door, Table.HISTORY, "history", directory, chunks, executor);
        this.createdKeys = new TableFiles(door, Table.BULK_KEYS, "created", directory, chunks, executor);
        this.replacingKeys = new TableFiles(door, Table.BULK_KEYS, "replacing", directory, chunks, executor);
        this.givenUp = new SpillingRuns(directory, "given-up");
        this.heads = new SpillingRuns(directory, "heads");
    }

    TableFiles records() {
        return records;
    }

    TableFiles lists() {
        return lists;
    }

    TableFiles codes() {
        return codes;
    }

    /** Codes that replaced records had. */
    SpillingRuns givenUp() {
        return givenUp;
    }

    /**
     * Notes a record that was written: its past, and its name for the feed.
     *
     * @param key folded handle, its first octets
     * @param former what it held; null if it is new
     * @param hasPast whether there ever was a record of that name
     */
    void note(byte[] key, int keyLength, byte @Nullable [] former, boolean hasPast, boolean hasCodes)
            throws IOException {
        if (hasPast) {
            byte[] name = Arrays.copyOf(key, keyLength);
            Optional<Past> past = door.past(name, former);
            if (past.isPresent()) {
                Past was = past.get();
                history.put(
                        was.historyKey(), 0, was.historyKey().length, was.historyValue(), 0, was.historyValue().length);
                addHead(name, former == null, hasCodes, was.seed());
            }
        }
        if (hasFeed) {
            TableFiles keys = former == null ? createdKeys : replacingKeys;
            addBulkKey(keys, former == null ? createdId : replacingId, key, keyLength);
        }
        created += former == null ? 1 : 0;
        replacing += former == null ? 0 : 1;
    }

    private void addHead(byte[] name, boolean isNew, boolean hasCodes, byte[] seed) throws IOException {
        RunBuilder builder = heads.builder();
        long ordinal = isNew ? created : replacing;
        builder.begin(name, 0, name.length)
                .putByte(isNew ? 1 : 0)
                .putByte(hasCodes ? 1 : 0)
                .putInt((int) (ordinal >>> 32))
                .putInt((int) ordinal)
                .put(seed);
        builder.end();
    }

    private void addBulkKey(TableFiles keys, long id, byte[] key, int keyLength) {
        int length = Long.BYTES + keyLength;
        if (bulkKey.length < length) {
            bulkKey = new byte[2 * length];
        }
        ByteBuffer.wrap(bulkKey).putLong(id).put(key, 0, keyLength);
        keys.put(bulkKey, 0, length, NOTHING, 0, 0);
    }

    /** Adds small files with the records that come along; they may overlap the others, whose keys are all different. */
    void addCompanions(PrefixGate prefixes) throws IOException {
        records.finish();
        List<RecordChange.Put> companions = new ArrayList<>(prefixes.companions(this::isThere));
        companions.sort((a, b) -> Arrays.compareUnsigned(key(a), key(b)));
        if (companions.isEmpty()) {
            return;
        }
        Path path = directory.resolve("companions.sst");
        try (SstFile file = door.newFile(Table.RECORDS, path)) {
            companions.forEach(put -> file.put(key(put), StoredRecord.encode(put.handle(), put.values())));
            file.finish();
        }
        companionFiles.put(Table.RECORDS, List.of(path));
        companions.forEach(put -> companionKeys.add(key(put)));
        addPastOfCompanions();
        if (hasFeed) {
            Path keys = directory.resolve("companion-keys.sst");
            try (SstFile file = door.newFile(Table.BULK_KEYS, keys)) {
                companionKeys.forEach(key -> file.put(RecordStore.bulkKey(createdId, key), NOTHING));
                file.finish();
            }
            companionFiles.put(Table.BULK_KEYS, List.of(keys));
        }
    }

    /** They may have been there once and been deleted. */
    private void addPastOfCompanions() throws IOException {
        List<Past> pasts = new ArrayList<>();
        for (byte[] key : companionKeys) {
            Optional<Past> past = door.past(key, null);
            if (past.isPresent()) {
                pasts.add(past.get());
                addHead(key, true, false, past.get().seed());
            }
            created++;
        }
        if (!pasts.isEmpty()) {
            Path path = directory.resolve("companion-history.sst");
            try (SstFile file = door.newFile(Table.HISTORY, path)) {
                pasts.forEach(past -> file.put(past.historyKey(), past.historyValue()));
                file.finish();
            }
            companionFiles.put(Table.HISTORY, List.of(path));
        }
    }

    private boolean isThere(Handle handle) {
        String key = handle.canonical();
        return door.get(Table.RECORDS, StagedEntries.utf8(key)) != null || records.touches(Set.of(key));
    }

    private static byte[] key(RecordChange.Put put) {
        return StagedEntries.utf8(put.handle().canonical());
    }

    /** Whether the files set one of these records or codes. */
    boolean touches(Set<String> changed, Set<String> aliases) {
        return companionKeys.stream().anyMatch(key -> changed.contains(RecordPass.text(key, 0, key.length)))
                || records.touches(changed)
                || codes.touches(aliases);
    }

    /** Completes the files. */
    Ingestion finish(ReplacedKeys replaced, Contents contents) throws IOException {
        Map<Table, List<Path>> all = new EnumMap<>(Table.class);
        all.put(Table.HISTORY, with(Table.HISTORY, history.finish()));
        all.put(Table.BULK_KEYS, with(Table.BULK_KEYS, createdKeys.finish(), replacingKeys.finish()));
        all.put(Table.RECORDS, with(Table.RECORDS, records.finish()));
        all.put(Table.ALIASES_OF, lists.finish());
        all.put(Table.ALIASES, codes.finish());
        List<Run> headRuns = heads.runs();
        return new Ingestion(
                all,
                new Bulk(createdId, created),
                new Bulk(replacingId, replacing),
                maker -> writeHeads(headRuns, maker),
                replaced,
                contents);
    }

    @SafeVarargs
    private List<Path> with(Table table, List<Path>... files) {
        List<Path> all = new ArrayList<>();
        for (List<Path> some : files) {
            all.addAll(some);
        }
        all.addAll(companionFiles.getOrDefault(table, List.of()));
        return all;
    }

    private List<Path> writeHeads(List<Run> runs, HeadMaker maker) {
        if (runs.isEmpty()) {
            return List.of();
        }
        Path path = directory.resolve("heads.sst");
        try (MergedRuns in = MergedRuns.open(runs, directory);
                SstFile file = door.newFile(Table.HEADS, path)) {
            while (in.next()) {
                byte[] key = Arrays.copyOfRange(in.buffer(), in.keyAt(), in.keyAt() + in.keyLength());
                ByteBuffer payload = ByteBuffer.wrap(in.buffer(), in.payloadAt(), in.payloadLength());
                boolean isNew = payload.get() == 1;
                boolean hasCodes = payload.get() == 1;
                long ordinal = payload.getLong();
                byte[] seed = new byte[payload.remaining()];
                payload.get(seed);
                file.put(key, maker.head(seed, hasCodes, isNew, ordinal));
            }
            file.finish();
            return List.of(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until nobody writes any more, however it ended. */
    void quiesce() {
        for (TableFiles table : List.of(records, lists, codes, history, createdKeys, replacingKeys)) {
            table.quiesce();
        }
    }
}
