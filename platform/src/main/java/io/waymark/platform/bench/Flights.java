package io.waymark.platform.bench;

import java.util.Arrays;

/** Requests in flight on one link: the identifier each was given and when it was due. Not thread-safe. */
final class Flights {
    private static final long FREE = Long.MIN_VALUE;

    private final long[] due;
    private final int[] ids;
    private final int idMask;
    private int next;
    private int open;

    /**
     * @param slots a power of two, well above the window
     * @param idMask identifiers run through 1…idMask and around, so it must be 2^n - 1 and at least slots - 1
     */
    Flights(int slots, int idMask) {
        if (Integer.bitCount(slots) != 1 || idMask < slots - 1) {
            throw new IllegalArgumentException("slots must be a power of two up to idMask + 1 but was " + slots);
        }
        this.due = new long[slots];
        this.ids = new int[slots];
        this.idMask = idMask;
        Arrays.fill(due, FREE);
    }

    /** A power of two with room for late answers beside the window. */
    static int slotsFor(int window) {
        return Math.min(1 << 16, Math.max(1024, Integer.highestOneBit(window) << 3));
    }

    /** Takes the next free identifier; the caller keeps fewer open than there are slots. */
    int open(long dueNanos) {
        if (open >= due.length - 1) {
            throw new IllegalStateException("more than " + (due.length - 1) + " requests in flight");
        }
        do {
            next = (next + 1) & idMask;
        } while (next == 0 || due[slot(next)] != FREE);
        due[slot(next)] = dueNanos;
        ids[slot(next)] = next;
        open++;
        return next;
    }

    boolean isOpen(int id) {
        return due[slot(id)] != FREE && ids[slot(id)] == id;
    }

    /** Ends an open flight and returns when it was due. */
    long close(int id) {
        int slot = slot(id);
        long dueNanos = due[slot];
        due[slot] = FREE;
        open--;
        return dueNanos;
    }

    int size() {
        return open;
    }

    /** Ends those due before the given instant, and returns how many. */
    int closeDueBefore(long nanos) {
        int closed = 0;
        for (int slot = 0; open > closed && slot < due.length; slot++) {
            if (due[slot] != FREE && due[slot] - nanos < 0) {
                due[slot] = FREE;
                closed++;
            }
        }
        open -= closed;
        return closed;
    }

    /** Ends all and returns when each was due. */
    long[] closeAll() {
        long[] all = Arrays.stream(due).filter(nanos -> nanos != FREE).toArray();
        Arrays.fill(due, FREE);
        open = 0;
        return all;
    }

    private int slot(int id) {
        return id & (due.length - 1);
    }
}
