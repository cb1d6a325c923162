package io.waymark.storage.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One part of the {@link MemoryTier}: a ring of entries and an index into it, both off the heap.
 *
 * <pre>
 * ring   entries one behind the other, 8-byte aligned, never across the end:
 *        i4 key length (-1: nothing up to the ring's end), i4 value length, key, value
 * index  buckets of 64 bytes = 8 slots; slot, 0 if free:
 *        bits 63..48 tag: hash bits 16..31
 *        bit  47     read since it was placed
 *        bits 46..0  logical offset / 8; physical offset = logical offset mod ring size
 * </pre>
 *
 * <p>Logical offsets only grow, so a slot names one entry for ever, and an entry's octets do not change until the ring
 * comes round. Hence readers need no lock and never retry: they copy, then look whether the writers have meanwhile
 * reserved the room the copy came from ({@link #reserved}, published before the first octet is written); if so the copy
 * is worthless and they report a miss.
 *
 * <p>Writers hold {@link #lock}. When the ring is full the oldest entry makes room; one that was read since it was placed
 * is placed again at the front instead (CLOCK), at most {@value #SECOND_CHANCES} of them for one new entry.
 */
final class TierSegment {
    static final int MISS = -2;

    private static final int HEADER_BYTES = 8;
    private static final int BUCKET_BYTES = 64;
    private static final int SLOT_BYTES = 8;
    private static final int SECOND_CHANCES = 16;
    private static final int GAP = -1;
    /** Of an entry: most records are not longer, and the processor goes on by itself. */
    private static final int TOUCHED_BYTES = 256;

    private static final long READ = 1L << 47;
    private static final long UNITS = READ - 1;

    private static final VarHandle SLOTS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    final ReentrantLock lock = new ReentrantLock();

    private final KeyHash hash;
    private final ByteBuffer ring;
    private final long ringBytes;
    private final int ringMask;
    private final ByteBuffer index;
    private final int bucketMask;
    private final ByteBuffer moving;

    /** End of the room given to writers: what lies more than a ring before it may be gone. */
    private volatile long reserved;

    // Valid under the lock.
    private long head = HEADER_BYTES;
    private long tail = HEADER_BYTES;
    private long entries;
    private long evictions;

    /** @param ringBytes a power of two, as {@code indexBytes}, at least 64 */
    TierSegment(KeyHash hash, int ringBytes, int indexBytes) {
        this.hash = hash;
        this.ring = ByteBuffer.allocateDirect(ringBytes + BUCKET_BYTES).alignedSlice(BUCKET_BYTES);
        this.ringBytes = ringBytes;
        this.ringMask = ringBytes - 1;
        this.index = ByteBuffer.allocateDirect(indexBytes + BUCKET_BYTES).alignedSlice(BUCKET_BYTES);
        this.bucketMask = indexBytes / BUCKET_BYTES - 1;
        this.moving = ByteBuffer.allocateDirect(largest());
    }

    /** Largest entry (header, key, value) worth keeping. */
    private int largest() {
        return (int) Math.min(ringBytes / 8, 1 << 20);
    }

    /**
     * Any thread, no lock.
     *
     * @return the value's length, copied to dst's position if it fits; or {@link #MISS}
     */
    int read(long h, ByteBuffer key, ByteBuffer dst) {
        int bucket = bucket(h);
        long tag = tag(h);
        for (int at = bucket; at < bucket + BUCKET_BYTES; at += SLOT_BYTES) {
            long slot = (long) SLOTS.getAcquire(index, at);
            if (slot >>> 48 == tag && slot != 0) {
                int length = copy(slot, key, dst);
                if (length != MISS) {
                    if ((slot & READ) == 0) {
                        SLOTS.weakCompareAndSetPlain(index, at, slot, slot | READ);
                    }
                    return length;
                }
            }
        }
        return MISS;
    }

    /** Any thread: brings a key's bucket into the processor's caches. The result means nothing. */
    long touchIndex(long h) {
        return (long) SLOTS.get(index, bucket(h));
    }

    /** Any thread: brings the entry that a bucket names for a key into the processor's caches. The result means nothing. */
    long touchEntry(long h) {
        int bucket = bucket(h);
        long tag = tag(h);
        for (int at = bucket; at < bucket + BUCKET_BYTES; at += SLOT_BYTES) {
            long slot = (long) SLOTS.get(index, at);
            if (slot >>> 48 == tag && slot != 0) {
                return touchLines((int) offset(slot) & ringMask);
            }
        }
        return 0;
    }

    private long touchLines(int at) {
        long sum = 0;
        int end = Math.min(at + TOUCHED_BYTES, ring.capacity());
        for (int line = at; line < end; line += BUCKET_BYTES) {
            sum += ring.get(line);
        }
        return sum;
    }

    private int copy(long slot, ByteBuffer key, ByteBuffer dst) {
        long offset = offset(slot);
        if (isOverwritten(offset)) {
            return MISS;
        }
        int at = (int) offset & ringMask;
        int keyLength = ring.getInt(at);
        int length = ring.getInt(at + 4);
        int valueAt = at + HEADER_BYTES + keyLength;
        // Lengths may be anything if the entry is being overwritten right now.
        if (keyLength != key.remaining() || length < 0 || length > ringBytes - valueAt) {
            return MISS;
        }
        if (!KeyHash.equal(ring, at + HEADER_BYTES, key, key.position(), keyLength)) {
            return MISS;
        }
        if (length <= dst.remaining()) {
            dst.put(dst.position(), ring, valueAt, length);
        }
        VarHandle.acquireFence();
        return isOverwritten(offset) ? MISS : length;
    }

    /** Writers' lock held. Keeps a value, unless it is already there or too large. */
    void add(long h, ByteBuffer key, ByteBuffer src, int length) {
        int size = size(key.remaining(), length);
        if (size > largest() || isPresent(h, key)) {
            return;
        }
        makeRoom(size);
        int at = reserve(size);
        ring.putInt(at, key.remaining()).putInt(at + 4, length);
        ring.put(at + HEADER_BYTES, key, key.position(), key.remaining());
        ring.put(at + HEADER_BYTES + key.remaining(), src, src.position(), length);
        place(h, head - size);
    }

    /** Writers' lock held. Whether such an entry could be added without another having to go. */
    boolean hasRoom(long h, int keyLength, int length) {
        int size = size(keyLength, length);
        return size > largest() || (head + gap(size) + size <= tail + ringBytes && hasSlot(h));
    }

    private boolean hasSlot(long h) {
        int bucket = bucket(h);
        for (int at = bucket; at < bucket + BUCKET_BYTES; at += SLOT_BYTES) {
            if (slot(at) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Writers' lock held. Removes the entry; one with the same tag may go with it. */
    void remove(long h) {
        int bucket = bucket(h);
        for (int at = bucket; at < bucket + BUCKET_BYTES; at += SLOT_BYTES) {
            long slot = slot(at);
            if (slot != 0 && slot >>> 48 == tag(h)) {
                free(at);
            }
        }
    }

    /** Writers' lock held. Removes all entries. */
    void clear() {
        for (int at = 0; at < (bucketMask + 1) * BUCKET_BYTES; at += SLOT_BYTES) {
            if (slot(at) != 0) {
                free(at);
            }
        }
    }

    /** Writers' lock held. */
    long entries() {
        return entries;
    }

    /** Writers' lock held. Entries pushed out by others so far. */
    long evictions() {
        return evictions;
    }

    private boolean isPresent(long h, ByteBuffer key) {
        int bucket = bucket(h);
        for (int at = bucket; at < bucket + BUCKET_BYTES; at += SLOT_BYTES) {
            long slot = slot(at);
            if (slot != 0 && slot >>> 48 == tag(h) && holds((int) offset(slot) & ringMask, key)) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(int at, ByteBuffer key) {
        return ring.getInt(at) == key.remaining()
                && KeyHash.equal(ring, at + HEADER_BYTES, key, key.position(), key.remaining());
    }

    /** Evicts until {@code size} octets in one piece are free at the head. */
    private void makeRoom(int size) {
        int chances = SECOND_CHANCES;
        while (true) {
            int gap = gap(size);
            if (head + gap + size <= tail + ringBytes) {
                return;
            }
            chances -= passTail(chances > 0) ? 1 : 0;
        }
    }

    /** Octets left unused at the ring's end because an entry of this size does not fit there. */
    private int gap(int size) {
        long toEnd = ringBytes - (head & ringMask);
        return size <= toEnd ? 0 : (int) toEnd;
    }

    private int reserve(int size) {
        int gap = gap(size);
        reserved = head + gap + size;
        // Readers that see any of the octets written from here on must also see the reservation.
        VarHandle.storeStoreFence();
        if (gap > 0) {
            ring.putInt((int) head & ringMask, GAP);
        }
        head += gap + size;
        return (int) (head - size) & ringMask;
    }

    /** Moves the tail over one entry: evicts it, or gives it a second chance; whether it got one. */
    private boolean passTail(boolean mayStay) {
        int at = (int) tail & ringMask;
        int keyLength = ring.getInt(at);
        if (keyLength == GAP) {
            tail += ringBytes - at;
            return false;
        }
        long offset = tail;
        int size = size(keyLength, ring.getInt(at + 4));
        tail += size;
        long h = hash.hash(ring, at + HEADER_BYTES, keyLength);
        int slotAt = find(h, offset);
        if (slotAt < 0) {
            return false;
        }
        // Read before it is freed; a reader's mark that comes later is lost, which costs a second chance and no more.
        boolean wasRead = (slot(slotAt) & READ) != 0;
        free(slotAt);
        if (wasRead && mayStay && head + gap(size) + size <= tail + ringBytes) {
            move(h, at, size);
            return true;
        }
        evictions++;
        return false;
    }

    /** The entry's old room may overlap its new one, and readers may hold its old offset: through a third place. */
    private void move(long h, int from, int size) {
        moving.put(0, ring, from, size);
        int to = reserve(size);
        ring.put(to, moving, 0, size);
        place(h, head - size);
    }

    /** The slot that names the offset; -1 if the entry was removed meanwhile. */
    private int find(long h, long offset) {
        int bucket = bucket(h);
        for (int at = bucket; at < bucket + BUCKET_BYTES; at += SLOT_BYTES) {
            long slot = slot(at);
            if (slot != 0 && offset(slot) == offset) {
                return at;
            }
        }
        return -1;
    }

    /** Names an entry in a free slot of its bucket, or in that of the oldest there. */
    private void place(long h, long offset) {
        int bucket = bucket(h);
        int oldest = bucket;
        for (int at = bucket; at < bucket + BUCKET_BYTES; at += SLOT_BYTES) {
            if (slot(at) == 0) {
                oldest = at;
                break;
            }
            if (offset(slot(at)) < offset(slot(oldest))) {
                oldest = at;
            }
        }
        if (slot(oldest) != 0) {
            free(oldest);
            evictions++;
        }
        SLOTS.setRelease(index, oldest, tag(h) << 48 | offset >>> 3);
        entries++;
    }

    private void free(int slotAt) {
        SLOTS.setOpaque(index, slotAt, 0L);
        entries--;
    }

    private boolean isOverwritten(long offset) {
        return reserved > offset + ringBytes;
    }

    private long slot(int at) {
        return (long) SLOTS.getOpaque(index, at);
    }

    private static long offset(long slot) {
        return (slot & UNITS) << 3;
    }

    private int bucket(long h) {
        return ((int) h & bucketMask) * BUCKET_BYTES;
    }

    private static long tag(long h) {
        return h >>> 16 & 0xffff;
    }

    private static int size(int keyLength, int valueLength) {
        return (HEADER_BYTES + keyLength + valueLength + 7) & ~7;
    }
}
