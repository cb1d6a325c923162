package io.waymark.storage.record;

import java.nio.file.Path;

/**
 * Where and how identifier records are kept.
 *
 * @param directory created if absent
 * @param blockCacheBytes RocksDB's cache of uncompressed blocks
 * @param writeQueueMax most changes waiting for the writer; more are refused
 */
public record RecordStoreConfig(Path directory, long blockCacheBytes, int writeQueueMax) {
    /** 256 MiB of cache, 65 536 waiting changes. */
    public static RecordStoreConfig defaults(Path directory) {
        return new RecordStoreConfig(directory, 256L << 20, 65_536);
    }
}
