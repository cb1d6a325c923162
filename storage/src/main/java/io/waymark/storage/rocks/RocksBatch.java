package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.nio.ByteBuffer;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Changes that become durable and visible together, in the order given. One thread; reusable after {@link #clear}. */
public final class RocksBatch implements AutoCloseable {
    private final WriteBatch batch = new WriteBatch();

    /** A change RocksDB may refuse. */
    private interface Change {
        void run() throws RocksDBException;
    }

    /** Sets a key. */
    public void put(ColumnFamily family, byte[] key, byte[] value) {
        change(() -> batch.put(family.handle(), key, value));
    }

    /** Sets a key; both direct, position to limit, positions move to the limit. */
    public void put(ColumnFamily family, ByteBuffer key, ByteBuffer value) {
        try {
            batch.put(family.handle(), key, value);
        } catch (RocksDBException e) {
            throw refused(e);
        }
    }

    /** Removes a key, if it is there. */
    public void delete(ColumnFamily family, byte[] key) {
        change(() -> batch.delete(family.handle(), key));
    }

    /** Removes all keys from {@code from} (inclusive) to {@code to} (exclusive). */
    public void deleteRange(ColumnFamily family, byte[] from, byte[] to) {
        change(() -> batch.deleteRange(family.handle(), from, to));
    }

    /** Number of changes so far. */
    public int size() {
        return batch.count();
    }

    /** Forgets all changes and keeps the memory. */
    public void clear() {
        batch.clear();
    }

    WriteBatch handle() {
        return batch;
    }

    @Override
    public void close() {
        batch.close();
    }

    private static void change(Change change) {
        try {
            change.run();
        } catch (RocksDBException e) {
            throw refused(e);
        }
    }

    private static StorageException refused(RocksDBException e) {
        return new StorageException("cannot add to a write batch: " + e.getMessage(), e);
    }
}
