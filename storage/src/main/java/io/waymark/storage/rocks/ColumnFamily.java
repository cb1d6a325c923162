package io.waymark.storage.rocks;

import org.rocksdb.ColumnFamilyHandle;

/** An open column family; lives and closes with its {@link RocksStore}. */
public final class ColumnFamily {
    private final String name;
    private final ColumnFamilyHandle handle;

    ColumnFamily(String name, ColumnFamilyHandle handle) {
        this.name = name;
        this.handle = handle;
    }

    /** The name on disk. */
    public String name() {
        return name;
    }

    ColumnFamilyHandle handle() {
        return handle;
    }

    @Override
    public String toString() {
        return name;
    }
}
