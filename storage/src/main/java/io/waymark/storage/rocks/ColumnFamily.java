package io.waymark.storage.rocks;

import org.rocksdb.ColumnFamilyHandle;

/** An open column family; lives with its {@link RocksStore}, also when that is reopened. */
public final class ColumnFamily {
    private final String name;
    /** Changed only while the store's gate is shut, and read only by those inside. */
    private ColumnFamilyHandle handle;

    ColumnFamily(String name, ColumnFamilyHandle handle) {
        this.name = name;
        this.handle = handle;
    }

    void reopened(ColumnFamilyHandle newHandle) {
        handle = newHandle;
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
