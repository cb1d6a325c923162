package io.waymark.storage.record;

import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.DiskFormat;
import io.waymark.storage.rocks.FamilySpec;
import io.waymark.storage.rocks.FamilySpec.Use;
import io.waymark.storage.rocks.RocksConfig;
import io.waymark.storage.rocks.RocksStore;
import java.util.List;

/**
 * What lies on disk.
 *
 * <pre>
 * records     folded handle (UTF-8)        → {@link StoredRecord}
 * aliases     canonical identifier (UTF-8) → folded handle
 * aliases_of  folded handle                → {@link AliasIndex} list, absent when empty
 * meta        "format"                     → i4 {@value #FORMAT}
 * </pre>
 */
record RecordTables(RocksStore store, ColumnFamily records, ColumnFamily aliases, ColumnFamily aliasesOf)
        implements AutoCloseable {
    static final int FORMAT = 1;
    private static final long WAL_BYTES_MAX = 256L << 20;

    static RecordTables open(RecordStoreConfig config) {
        List<FamilySpec> families = List.of(
                new FamilySpec("records", Use.POINT_LOOKUP),
                new FamilySpec("aliases", Use.POINT_LOOKUP),
                new FamilySpec("aliases_of", Use.POINT_LOOKUP),
                new FamilySpec("meta", Use.SMALL));
        RocksStore store =
                RocksStore.open(new RocksConfig(config.directory(), families, config.blockCacheBytes(), WAL_BYTES_MAX));
        try {
            DiskFormat.check(store, store.family("meta"), FORMAT);
            return new RecordTables(
                    store, store.family("records"), store.family("aliases"), store.family("aliases_of"));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Writes what is there already, to see whether writing works. */
    void probe() {
        DiskFormat.rewrite(store, store.family("meta"), FORMAT);
    }

    @Override
    public void close() {
        store.close();
    }
}
