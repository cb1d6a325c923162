package io.waymark.storage.record;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Recently read records, off the heap, in front of RocksDB: a hit costs two cache misses and a copy, no lock, no
 * allocation, no JNI. Bounded in bytes, all of them taken at the start.
 *
 * <p><b>Never stale.</b> The store's single writer calls {@link #beginWrite} before a commit: the keys go, and nobody may
 * put them back until {@link #endWrite}. In between readers go to RocksDB, where they see the old record until the commit
 * and the new one from then on. A reader that looked into RocksDB before and would fill the tier afterwards is caught by
 * the stamp it took first: every write moves its key's stripe on by two, and an odd stamp means a write is under way.
 */
final class MemoryTier {
    /** Not here; RocksDB knows. */
    static final int MISS = TierSegment.MISS;

    /** Smallest tier: one segment with a usable ring. */
    static final long BYTES_MIN = 64 * 1024;

    private static final int SEGMENTS_WISHED = 8;
    private static final long RING_BYTES_MIN = 32 * 1024;
    private static final long RING_BYTES_MAX = 64L << 20;
    /** A slot of 8 octets for every 128 of the ring: half full at 256 octets per record. */
    private static final int RING_PER_INDEX = 16;

    private static final int STRIPES = 4096;
    private static final int FIRST_COPY_BYTES = 1024;
    private static final ByteBuffer NO_ROOM = ByteBuffer.allocate(0);

    private final KeyHash hash = new KeyHash(new SecureRandom().nextLong());
    private final TierSegment[] segments;
    private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** @param bytesMax at least {@link #BYTES_MIN} */
    MemoryTier(long bytesMax, MeterRegistry metrics) {
        if (bytesMax < BYTES_MIN) {
            throw new IllegalArgumentException(
                    "memory tier must have at least " + BYTES_MIN + " bytes but was given " + bytesMax);
        }
        long wished = Long.highestOneBit(bytesMax / SEGMENTS_WISHED * RING_PER_INDEX / (RING_PER_INDEX + 1));
        int ringBytes = (int) Math.max(RING_BYTES_MIN, Math.min(RING_BYTES_MAX, wished));
        int indexBytes = ringBytes / RING_PER_INDEX;
        segments = new TierSegment[(int) (bytesMax / (ringBytes + indexBytes))];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new TierSegment(hash, ringBytes, indexBytes);
        }
        register(metrics, (long) segments.length * (ringBytes + indexBytes));
    }

    /** Hash of the key between a buffer's position and limit; the other methods want it. */
    long hash(ByteBuffer key) {
        return hash.hash(key, key.position(), key.remaining());
    }

    /**
     * Any thread. Copies the record to dst's position if it fits; buffers keep position and limit.
     *
     * @return the record's length, or {@link #MISS}
     */
    int read(long h, ByteBuffer key, ByteBuffer dst) {
        int length = segment(h).read(h, key, dst);
        (length == MISS ? misses : hits).increment();
        return length;
    }

    /** Any thread: the record, or null if it is not here. */
    byte @Nullable [] copy(byte[] key) {
        ByteBuffer octets = ByteBuffer.wrap(key);
        long h = hash(octets);
        ByteBuffer dst = ByteBuffer.allocate(FIRST_COPY_BYTES);
        int length = read(h, octets, dst);
        while (length > dst.capacity()) {
            dst = ByteBuffer.allocate(length);
            length = read(h, octets, dst);
        }
        return length == MISS ? null : Arrays.copyOf(dst.array(), length);
    }

    /** Any thread. Counts as neither hit nor miss. */
    boolean holds(byte[] key) {
        ByteBuffer octets = ByteBuffer.wrap(key);
        long h = hash(octets);
        return segment(h).read(h, octets, NO_ROOM) != MISS;
    }

    /**
     * Any thread. Touches what {@link #read} will touch, of all keys at once: each look-up waits for memory twice, for its
     * index and then for its entry, and the processor waits for many such reads as long as for one if none depends on
     * another. The result means nothing, but the compiler must believe in it.
     */
    long prefetch(long[] hashes, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += segment(hashes[i]).touchIndex(hashes[i]);
        }
        for (int i = 0; i < count; i++) {
            sum += segment(hashes[i]).touchEntry(hashes[i]);
        }
        return sum;
    }

    /** Taken before RocksDB is asked, given back with {@link #fill}. */
    long stamp(long h) {
        return stamps.get(stripe(h));
    }

    /**
     * Any thread. Keeps what RocksDB answered, unless that may be old or others are filling just now: then somebody will
     * ask again.
     *
     * @param src the record at its position
     */
    void fill(long h, ByteBuffer key, ByteBuffer src, int length, long stamp) {
        TierSegment segment = segment(h);
        if ((stamp & 1) != 0 || !segment.lock.tryLock()) {
            return;
        }
        try {
            if (stamps.get(stripe(h)) == stamp) {
                segment.add(h, key, src, length);
            }
        } finally {
            segment.lock.unlock();
        }
    }

    /** Any thread: what {@link #stamp} would say of each key just now. */
    long[] stamps() {
        long[] copy = new long[STRIPES];
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            copy[stripe] = stamps.get(stripe);
        }
        return copy;
    }

    /**
     * Any thread. As {@link #fill}, but pushes nobody out.
     *
     * @param before taken before RocksDB was asked
     * @return whether there was room
     */
    boolean fillFree(ByteBuffer key, ByteBuffer src, int length, long[] before) {
        long h = hash(key);
        TierSegment segment = segment(h);
        segment.lock.lock();
        try {
            if (!segment.hasRoom(h, key.remaining(), length)) {
                return false;
            }
            long stamp = before[stripe(h)];
            if ((stamp & 1) == 0 && stamps.get(stripe(h)) == stamp) {
                segment.add(h, key, src, length);
            }
            return true;
        } finally {
            segment.lock.unlock();
        }
    }

    /** The writer thread, before a commit: forgets the keys and lets nobody fill them. */
    void beginWrite(Collection<byte[]> keys) {
        for (byte[] key : keys) {
            long h = hash.hash(ByteBuffer.wrap(key), 0, key.length);
            TierSegment segment = segment(h);
            segment.lock.lock();
            try {
                stamps.set(stripe(h), stamps.get(stripe(h)) | 1);
                segment.remove(h);
            } finally {
                segment.lock.unlock();
            }
        }
    }

    /** The writer thread, after the commit, whether it succeeded or not. */
    void endWrite(Collection<byte[]> keys) {
        for (byte[] key : keys) {
            int stripe = stripe(hash.hash(ByteBuffer.wrap(key), 0, key.length));
            long stamp = stamps.get(stripe);
            stamps.set(stripe, stamp + (stamp & 1));
        }
    }

    /** The writer thread, before very many records change at once: forgets everything and lets nobody fill. */
    void beginWriteOfAll() {
        for (TierSegment segment : segments) {
            segment.lock.lock();
        }
        try {
            for (int stripe = 0; stripe < STRIPES; stripe++) {
                stamps.set(stripe, stamps.get(stripe) | 1);
            }
            for (TierSegment segment : segments) {
                segment.clear();
            }
        } finally {
            for (TierSegment segment : segments) {
                segment.lock.unlock();
            }
        }
    }

    /** The writer thread, after {@link #beginWriteOfAll}. */
    void endWriteOfAll() {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            long stamp = stamps.get(stripe);
            stamps.set(stripe, stamp + (stamp & 1));
        }
    }

    /** The writer thread: forgets everything, also what readers are about to fill. */
    void clear() {
        for (TierSegment segment : segments) {
            segment.lock.lock();
        }
        try {
            for (int stripe = 0; stripe < STRIPES; stripe++) {
                stamps.addAndGet(stripe, 2);
            }
            for (TierSegment segment : segments) {
                segment.clear();
            }
        } finally {
            for (TierSegment segment : segments) {
                segment.lock.unlock();
            }
        }
    }

    long entries() {
        return sum(TierSegment::entries);
    }

    long evictions() {
        return sum(TierSegment::evictions);
    }

    private long sum(ToLongFunction<TierSegment> what) {
        long sum = 0;
        for (TierSegment segment : segments) {
            segment.lock.lock();
            try {
                sum += what.applyAsLong(segment);
            } finally {
                segment.lock.unlock();
            }
        }
        return sum;
    }

    private TierSegment segment(long h) {
        return segments[(int) (((h >>> 32) * segments.length) >>> 32)];
    }

    private static int stripe(long h) {
        return (int) (h >>> 20) & (STRIPES - 1);
    }

    private void register(MeterRegistry metrics, long bytes) {
        FunctionCounter.builder("waymark.records.memory.hits", hits, LongAdder::sum)
                .description("Reads answered from memory")
                .register(metrics);
        FunctionCounter.builder("waymark.records.memory.misses", misses, LongAdder::sum)
                .description("Reads that had to ask RocksDB")
                .register(metrics);
        FunctionCounter.builder("waymark.records.memory.evictions", this, MemoryTier::evictions)
                .description("Records pushed out by others")
                .register(metrics);
        Gauge.builder("waymark.records.memory.entries", this, MemoryTier::entries)
                .description("Records in memory")
                .register(metrics);
        Gauge.builder("waymark.records.memory.bytes", () -> bytes)
                .description("Memory taken, full or not")
                .register(metrics);
    }
}
