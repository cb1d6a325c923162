package io.waymark.storage.record;

import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.DiskFormat;
import io.waymark.storage.rocks.FamilySpec;
import io.waymark.storage.rocks.FamilySpec.Use;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksConfig;
import io.waymark.storage.rocks.RocksStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies on disk.
 *
 * <pre>
 * records     folded handle (UTF-8)        → {@link StoredRecord}
 * aliases     canonical identifier (UTF-8) → folded handle
 * aliases_of  folded handle                → {@link AliasList}, absent when empty
 * heads       folded handle                → {@link RecordHead}, absent for records never changed since format 2
 * history                                    {@link HistoryTable}
 * outbox, bulk_keys                          {@link OutboxTable}
 * meta        "format"                     → i4 {@value #FORMAT}
 *             "changed"                    → {@link Mark} of the last change
 *             "feed"                       → epoch of the feed, 16 hexadecimal digits, i8 number of its first change;
 *                                            absent without feed
 *             "published"                  → {@link Mark} up to which the outbox was emptied
 *             "ingestion"                  → {@link IngestionLog}: one begun and not finished; absent otherwise
 * </pre>
 *
 * <p>Format 1 had neither heads nor history nor outbox; opening it creates them empty.
 */
record RecordTables(
        RocksStore store,
        ColumnFamily records,
        ColumnFamily aliases,
        ColumnFamily aliasesOf,
        ColumnFamily heads,
        ColumnFamily meta,
        HistoryTable history,
        OutboxTable outbox)
        implements AutoCloseable {
    static final int FORMAT = 2;
    private static final long WAL_BYTES_MAX = 256L << 20;
    private static final byte[] CHANGED = ascii("changed");
    private static final byte[] FEED = ascii("feed");
    private static final byte[] PUBLISHED = ascii("published");

    static RecordTables open(RecordStoreConfig config) {
        List<FamilySpec> families = List.of(
                new FamilySpec("records", Use.POINT_LOOKUP),
                new FamilySpec("aliases", Use.POINT_LOOKUP),
                new FamilySpec("aliases_of", Use.POINT_LOOKUP),
                new FamilySpec("heads", Use.POINT_LOOKUP),
                new FamilySpec("history", Use.POINT_LOOKUP),
                new FamilySpec("outbox", Use.LOG),
                new FamilySpec("bulk_keys", Use.LOG),
                new FamilySpec("meta", Use.SMALL));
        RocksStore store =
                RocksStore.open(new RocksConfig(config.directory(), families, config.blockCacheBytes(), WAL_BYTES_MAX));
        try {
            DiskFormat.upgrade(store, store.family("meta"), FORMAT);
            RecordTables tables = of(store);
            new IngestionLog(tables).finish();
            return tables;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static RecordTables of(RocksStore store) {
        return new RecordTables(
                store,
                store.family("records"),
                store.family("aliases"),
                store.family("aliases_of"),
                store.family("heads"),
                store.family("meta"),
                new HistoryTable(store, store.family("history")),
                new OutboxTable(store, store.family("outbox"), store.family("bulk_keys")));
    }

    byte @Nullable [] record(byte[] key) {
        return store.get(records, key);
    }

    @Nullable
    RecordHead head(byte[] key) {
        byte[] row = store.get(heads, key);
        return row == null ? null : RecordHead.decode(row);
    }

    Mark changed() {
        return Mark.decode(store.get(meta, CHANGED));
    }

    void putChanged(RocksBatch batch, Mark mark) {
        batch.put(meta, CHANGED, mark.encode());
    }

    Mark published() {
        return Mark.decode(store.get(meta, PUBLISHED));
    }

    void putPublished(RocksBatch batch, Mark mark) {
        batch.put(meta, PUBLISHED, mark.encode());
    }

    /**
     * A feed.
     *
     * @param epoch its name
     * @param begin number of its first change
     */
    record Feed(String epoch, long begin) {}

    @Nullable
    Feed feed() {
        byte[] row = store.get(meta, FEED);
        if (row == null) {
            return null;
        }
        int length = row.length - Long.BYTES;
        return new Feed(
                new String(row, 0, length, StandardCharsets.US_ASCII),
                ByteBuffer.wrap(row, length, Long.BYTES).getLong());
    }

    void putFeed(RocksBatch batch, Feed feed) {
        byte[] epoch = ascii(feed.epoch());
        batch.put(
                meta,
                FEED,
                ByteBuffer.allocate(epoch.length + Long.BYTES)
                        .put(epoch)
                        .putLong(feed.begin())
                        .array());
    }

    void deleteFeed(RocksBatch batch) {
        batch.delete(meta, FEED);
    }

    /** A table that imports fill. */
    ColumnFamily family(Ingestion.Table table) {
        return switch (table) {
            case HISTORY -> history.rows();
            case BULK_KEYS -> outbox.bulkKeys();
            case HEADS -> heads;
            case RECORDS -> records;
            case ALIASES_OF -> aliasesOf;
            case ALIASES -> aliases;
        };
    }

    /** Writes what is there already, to see whether writing works. */
    void probe() {
        DiskFormat.rewrite(store, meta, FORMAT);
    }

    @Override
    public void close() {
        store.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
