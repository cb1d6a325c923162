package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The format number every store keeps under the key {@code format} (i4, big-endian) of its meta family. */
public final class DiskFormat {
    private static final byte[] KEY = "format".getBytes(StandardCharsets.US_ASCII);

    private DiskFormat() {}

    /**
     * Writes the number into a new store, or checks the one found.
     *
     * @throws StorageException if a newer Waymark wrote the store
     */
    public static void check(RocksStore store, ColumnFamily meta, int current) {
        byte[] found = store.get(meta, KEY);
        if (found == null) {
            rewrite(store, meta, current);
        } else {
            number(store, found, current);
        }
    }

    /**
     * The same for a store whose older formats need nothing done but to be called the new one, so that no older Waymark
     * writes into it any more.
     *
     * @throws StorageException if a newer Waymark wrote the store
     */
    public static void upgrade(RocksStore store, ColumnFamily meta, int current) {
        byte[] found = store.get(meta, KEY);
        if (found == null || number(store, found, current) < current) {
            rewrite(store, meta, current);
        }
    }

    private static int number(RocksStore store, byte[] found, int current) {
        int number = found.length == 4 ? ByteBuffer.wrap(found).getInt() : -1;
        if (number < 1 || number > current) {
            throw new StorageException("store " + store.directory() + " has format " + number
                    + " but this version of Waymark reads 1.." + current);
        }
        return number;
    }

    /** Writes the number, durably. */
    public static void rewrite(RocksStore store, ColumnFamily meta, int current) {
        try (RocksBatch batch = new RocksBatch()) {
            batch.put(meta, KEY, ByteBuffer.allocate(4).putInt(current).array());
            store.write(batch);
        }
    }
}
