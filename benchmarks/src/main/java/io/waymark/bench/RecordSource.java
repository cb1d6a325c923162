package io.waymark.bench;

/** Where a store's reads are answered from. */
public enum RecordSource {
    /** The store's own memory outside the heap, without asking RocksDB. */
    MEMORY(512, 256),
    /** RocksDB's cache of blocks. */
    BLOCKS(512, 0),
    /** The operating system's page cache: blocks are read and checked anew. */
    PAGES(8, 0);

    private final int blockCacheMiB;
    private final int memoryTierMiB;

    RecordSource(int blockCacheMiB, int memoryTierMiB) {
        this.blockCacheMiB = blockCacheMiB;
        this.memoryTierMiB = memoryTierMiB;
    }

    long blockCacheBytes() {
        return (long) blockCacheMiB << 20;
    }

    long memoryTierBytes() {
        return (long) memoryTierMiB << 20;
    }
}
