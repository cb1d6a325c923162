package io.waymark.platform.bench;

/** Due instants of requests that are answered in the order they were sent; a ring of fixed size. Not thread-safe. */
final class DueQueue {
    private final long[] due;
    private int head;
    private int size;

    DueQueue(int capacity) {
        this.due = new long[capacity];
    }

    void add(long dueNanos) {
        if (size == due.length) {
            throw new IllegalStateException("more than " + due.length + " requests in flight");
        }
        due[(head + size++) % due.length] = dueNanos;
    }

    /** The oldest; there must be one. */
    long remove() {
        if (size == 0) {
            throw new IllegalStateException("no request in flight");
        }
        long oldest = due[head];
        head = (head + 1) % due.length;
        size--;
        return oldest;
    }

    int size() {
        return size;
    }

    /** Empties it and returns what was there, oldest first. */
    long[] removeAll() {
        long[] all = new long[size];
        for (int i = 0; i < all.length; i++) {
            all[i] = remove();
        }
        return all;
    }
}
