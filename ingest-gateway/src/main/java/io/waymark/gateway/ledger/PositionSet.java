package io.waymark.gateway.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Positions seen, from 1 on. Takes one bit for each where they have gaps and nothing where they have none. */
final class PositionSet {
    private static final int CHUNK_BITS = 1 << 16;
    private static final long[] FULL = new long[0];

    /**
     * Neighbouring positions.
     *
     * @param from first
     * @param to last
     */
    record Range(long from, long to) {}

    private static final class Chunk {
        long[] words = new long[CHUNK_BITS / Long.SIZE];
        int count;
    }

    private final Map<Long, Chunk> chunks = new HashMap<>();
    private long size;

    /** Positions in it. */
    long size() {
        return size;
    }

    /** Whether it was not there yet. */
    boolean add(long position) {
        Chunk chunk = chunks.computeIfAbsent(position / CHUNK_BITS, c -> new Chunk());
        int bit = (int) (position % CHUNK_BITS);
        if (chunk.words == FULL || (chunk.words[bit / Long.SIZE] & 1L << bit) != 0) {
            return false;
        }
        chunk.words[bit / Long.SIZE] |= 1L << bit;
        size++;
        if (++chunk.count == CHUNK_BITS) {
            chunk.words = FULL;
        }
        return true;
    }

    boolean has(long position) {
        Chunk chunk = chunks.get(position / CHUNK_BITS);
        int bit = (int) (position % CHUNK_BITS);
        return chunk != null && (chunk.words == FULL || (chunk.words[bit / Long.SIZE] & 1L << bit) != 0);
    }

    private boolean isFull(long position) {
        Chunk chunk = chunks.get(position / CHUNK_BITS);
        return chunk != null && chunk.words == FULL;
    }

    /** What is not there from … to, both inclusive, in order; at most so many ranges. */
    List<Range> missing(long from, long to, int rangesMax) {
        List<Range> found = new ArrayList<>();
        long next = nextMissing(from, to);
        while (next <= to && found.size() < rangesMax) {
            long end = next;
            while (end < to && !has(end + 1)) {
                end++;
            }
            found.add(new Range(next, end));
            next = nextMissing(end + 1, to);
        }
        return found;
    }

    private long nextMissing(long from, long to) {
        long next = from;
        while (next <= to && has(next)) {
            next = isFull(next) ? (next / CHUNK_BITS + 1) * CHUNK_BITS : next + 1;
        }
        return next;
    }
}
