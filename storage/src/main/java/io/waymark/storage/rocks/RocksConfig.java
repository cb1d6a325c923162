package io.waymark.storage.rocks;

import java.nio.file.Path;
import java.util.List;

/**
 * One RocksDB instance.
 *
 * @param directory created if absent
 * @param families opened, and created if absent
 * @param blockCacheBytes shared by all families
 * @param walBytesMax log kept before families are flushed: bounds replay after a crash
 */
public record RocksConfig(Path directory, List<FamilySpec> families, long blockCacheBytes, long walBytesMax) {
    /** Copies the families; refuses sizes below 1. */
    public RocksConfig {
        families = List.copyOf(families);
        if (blockCacheBytes < 1 || walBytesMax < 1) {
            throw new IllegalArgumentException(
                    "block cache and WAL must be at least 1 byte but were " + blockCacheBytes + " and " + walBytesMax);
        }
    }
}
