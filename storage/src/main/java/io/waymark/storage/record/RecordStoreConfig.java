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
 * @param history how much of the past is kept
 * @param feed whether changes are noted for a feed
 */
public record RecordStoreConfig(
        Path directory,
        long blockCacheBytes,
        long memoryTierBytes,
        int writeQueueMax,
        HistoryPolicy history,
        FeedPolicy feed) {
    /** Refuses a memory tier too small to be of use. */
    public RecordStoreConfig {
        if (memoryTierBytes != 0 && memoryTierBytes < MemoryTier.BYTES_MIN) {
            throw new IllegalArgumentException(
                    "memory tier must be 0 or at least " + MemoryTier.BYTES_MIN + " bytes but was " + memoryTierBytes);
        }
    }

    /** With the usual history and no feed. */
    public RecordStoreConfig(Path directory, long blockCacheBytes, long memoryTierBytes, int writeQueueMax) {
        this(directory, blockCacheBytes, memoryTierBytes, writeQueueMax, HistoryPolicy.DEFAULT, FeedPolicy.OFF);
    }

    /** 256 MiB of cache, 64 MiB of memory tier, 65 536 waiting changes, the usual history, no feed. */
    public static RecordStoreConfig defaults(Path directory) {
        return new RecordStoreConfig(directory, 256L << 20, 64L << 20, 65_536);
    }

    /** The same with another history. */
    public RecordStoreConfig with(HistoryPolicy other) {
        return new RecordStoreConfig(directory, blockCacheBytes, memoryTierBytes, writeQueueMax, other, feed);
    }

    /** The same with or without a feed. */
    public RecordStoreConfig with(FeedPolicy other) {
        return new RecordStoreConfig(directory, blockCacheBytes, memoryTierBytes, writeQueueMax, history, other);
    }
}
