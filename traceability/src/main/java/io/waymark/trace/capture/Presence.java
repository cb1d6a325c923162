package io.waymark.trace.capture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a tag was in sight of one read point: the latest few intervals, in event time. A reader repeats a tag many times a
 * second for as long as it stands there; that is one fact, "it was here", and becomes one event. A read belongs to an
 * interval when it lies within the smoothing window of it, so a tag is news again only after it was out of sight for longer
 * than the window. Reads may arrive late and out of order.
 *
 * <pre>
 *   layout, big-endian: u1 version = 1 | { i8 first, i8 last epoch milliseconds } × n, n ≤ 8, ascending, disjoint
 * </pre>
 *
 * @param intervals ascending, disjoint
 */
public record Presence(List<Interval> intervals) {
    /** Intervals remembered; what is older is forgotten, and a read that late is taken as news. */
    static final int INTERVALS_MAX = 8;

    private static final byte VERSION = 1;

    /**
     * A stay.
     *
     * @param first epoch milliseconds of the first read
     * @param last epoch milliseconds of the last read
     */
    public record Interval(long first, long last) {}

    /**
     * The outcome of one read.
     *
     * @param presence what to remember now
     * @param news whether the read opened an interval
     */
    public record Sighting(Presence presence, boolean news) {}

    /** Copies the intervals. */
    public Presence {
        intervals = List.copyOf(intervals);
    }

    /** Never seen. */
    public static Presence none() {
        return new Presence(List.of());
    }

    /**
     * Takes account of a read.
     *
     * @param atMillis event time of the read
     * @param windowMillis smoothing window, not negative
     */
    public Sighting seen(long atMillis, long windowMillis) {
        long first = atMillis;
        long last = atMillis;
        boolean news = true;
        List<Interval> kept = new ArrayList<>(intervals.size() + 1);
        for (Interval interval : intervals) {
            if (atMillis >= interval.first() - windowMillis && atMillis <= interval.last() + windowMillis) {
                // a read in the gap between two stays joins them
                first = Math.min(first, interval.first());
                last = Math.max(last, interval.last());
                news = false;
            } else {
                kept.add(interval);
            }
        }
        insert(kept, new Interval(first, last));
        return new Sighting(new Presence(kept), news);
    }

    private static void insert(List<Interval> ascending, Interval interval) {
        int at = 0;
        while (at < ascending.size() && ascending.get(at).first() < interval.first()) {
            at++;
        }
        ascending.add(at, interval);
        if (ascending.size() > INTERVALS_MAX) {
            ascending.remove(0);
        }
    }

    /** The stored form. */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(1 + 16 * intervals.size()).put(VERSION);
        intervals.forEach(i -> out.putLong(i.first()).putLong(i.last()));
        return out.array();
    }

    /**
     * Reads the stored form.
     *
     * @throws IllegalStateException if it is of another version or cut short
     */
    public static Presence fromBytes(byte @Nullable [] bytes) {
        if (bytes == null) {
            return none();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length % 16 != 1 || in.get() != VERSION) {
            throw new IllegalStateException("presence of " + bytes.length + " octets is not of version " + VERSION);
        }
        List<Interval> intervals = new ArrayList<>();
        while (in.hasRemaining()) {
            intervals.add(new Interval(in.getLong(), in.getLong()));
        }
        return new Presence(intervals);
    }
}
