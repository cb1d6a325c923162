package io.waymark.resolver.statistics;

import io.waymark.identifier.Handle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thread's counters. Counting finds the prefix's row in a table of the thread's own and adds one to a number nobody
 * else writes: no allocation but for a prefix this thread has not met before, no lock, no atomic operation. {@link #addTo}
 * may be called by any other thread and may miss the last few additions.
 */
public final class Lane {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int MEASURES = Measure.values().length;
    private static final int FIRST_ROWS = 64;

    /** A prefix's numbers; several prefixes may share the numbers of {@link Prefixes#OTHER}. */
    private static final class Row {
        final int hash;
        final byte[] prefix;
        final String name;
        final long[] counts;

        Row(int hash, byte[] prefix, String name, long[] counts) {
            this.hash = hash;
            this.prefix = prefix;
            this.name = name;
            this.counts = counts;
        }
    }

    private final Prefixes prefixes;
    private final long[] other = new long[MEASURES];
    private final long[] unknown = new long[MEASURES];

    /** Open addressing, a power of two, at most half full. Written by the owner, read by all. */
    private volatile @Nullable Row[] rows = new @Nullable Row[FIRST_ROWS];

    /** The owner's view of the same, without the cost of a volatile read. */
    private @Nullable Row[] own = rows;

    private int used;

    Lane(Prefixes prefixes) {
        this.prefixes = prefixes;
    }

    /**
     * Counts one. Owner only.
     *
     * @param key the ASCII-folded handle from position to limit; unchanged
     */
    public void count(ByteBuffer key, Measure measure) {
        int start = key.position();
        int limit = key.limit();
        int hash = 0;
        int at = start;
        for (; at < limit; at++) {
            byte b = key.get(at);
            if (b == '/') {
                break;
            }
            hash = 31 * hash + b;
        }
        add(numbers(key, start, at - start, hash, measure), measure);
    }

    /** Counts one for a handle as written, or for the prefix alone. Owner only; the slower way. */
    public void count(String handleOrPrefix, Measure measure) {
        count(ByteBuffer.wrap(Handle.foldAscii(handleOrPrefix).getBytes(StandardCharsets.UTF_8)), measure);
    }

    private static void add(long[] numbers, Measure measure) {
        int i = measure.column();
        COUNT.setOpaque(numbers, i, numbers[i] + 1);
    }

    private long[] numbers(ByteBuffer key, int start, int length, int hash, Measure measure) {
        @Nullable Row[] table = own;
        int mask = table.length - 1;
        int slot = spread(hash) & mask;
        for (Row row = table[slot]; row != null; row = table[slot]) {
            if (row.hash == hash && row.prefix.length == length && same(row.prefix, key, start)) {
                return row.counts;
            }
            slot = (slot + 1) & mask;
        }
        return measure == Measure.REFUSED || measure == Measure.REGISTRATION_REFUSED
                ? unknown // anybody can ask for prefixes that do not exist, and must not fill the table with them
                : meet(key, start, length, hash);
    }

    private static int spread(int hash) {
        return hash ^ (hash >>> 15);
    }

    private static boolean same(byte[] prefix, ByteBuffer key, int start) {
        for (int i = 0; i < prefix.length; i++) {
            if (prefix[i] != key.get(start + i)) {
                return false;
            }
        }
        return true;
    }

    /** A prefix this thread has not met before; those beyond the bound are remembered too, up to another such number. */
    private long[] meet(ByteBuffer key, int start, int length, int hash) {
        if (used >= 2 * prefixes.max()) {
            return other;
        }
        byte[] prefix = new byte[length];
        key.get(start, prefix);
        String name = prefixes.rowOf(prefix);
        Row row = new Row(hash, prefix, name, name.equals(Prefixes.OTHER) ? other : new long[MEASURES]);
        if (2 * (used + 1) > own.length) {
            grow();
        }
        place(own, row);
        rows = own; // publishes the row
        used++;
        return row.counts;
    }

    private void grow() {
        @Nullable Row[] larger = new @Nullable Row[own.length * 2];
        for (Row row : own) {
            if (row != null) {
                place(larger, row);
            }
        }
        own = larger;
    }

    private static void place(@Nullable Row[] table, Row row) {
        int mask = table.length - 1;
        int slot = spread(row.hash) & mask;
        while (table[slot] != null) {
            slot = (slot + 1) & mask;
        }
        table[slot] = row;
    }

    /** Adds this thread's numbers since its start to a sum by row name. Any thread. */
    void addTo(Map<String, long[]> sums) {
        for (Row row : rows) {
            if (row != null && row.counts != other) {
                add(sums, row.name, row.counts);
            }
        }
        add(sums, Prefixes.OTHER, other);
        add(sums, Prefixes.UNKNOWN, unknown);
    }

    private static void add(Map<String, long[]> sums, String name, long[] counts) {
        long[] sum = sums.computeIfAbsent(name, n -> new long[MEASURES]);
        for (int i = 0; i < MEASURES; i++) {
            sum[i] += (long) COUNT.getOpaque(counts, i);
        }
    }
}
