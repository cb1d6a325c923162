package io.waymark.storage.record;

import java.nio.file.Path;

/**
 * Where and how identifier records are kept.
 *
 * @param directory created if absent
 * @param blockCacheBytes RocksDB's cache of uncompressed blocks
 * @param memoryTierBytes memory outside the heap for recently read records, taken at the start and counted against the
 *     JVM's {@code MaxDirectMemorySize}; 0 = none, else at least 65536
 * @param writeQueueMax most changes waiting for the writer; more are refused
 */
public record RecordStoreConfig(Path directory, long blockCacheBytes, long memoryTierBytes, int writeQueueMax) {
    /** Refuses a memory tier too small to be of use. */
    public RecordStoreConfig {
        if (memoryTierBytes != 0 && memoryTierBytes < MemoryTier.BYTES_MIN) {
            throw new IllegalArgumentException(
                    "memory tier must be 0 or at least " + MemoryTier.BYTES_MIN + " bytes but was " + memoryTierBytes);
        }
    }

    /** 256 MiB of cache, 64 MiB of memory tier, 65 536 waiting changes. */
    public static RecordStoreConfig defaults(Path directory) {
        return new RecordStoreConfig(directory, 256L << 20, 64L << 20, 65_536);
    }
}
