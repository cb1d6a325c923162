package io.waymark.storage.queue;

/**
 * The queue of one session. Its number is never given to another session of the same store; entries have ascending sequence
 * numbers, given by the spool's writer when they are written, so their order is the order of commits.
 */
public final class SessionQueue {
    private final long number;

    // The spool's writer thread only, once the store is in use.
    private long lastSequence;
    private boolean deleted;

    /** @param number at least 1, never used before in this store, or one found there */
    public SessionQueue(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("queue number must be at least 1 but was " + number);
        }
        this.number = number;
    }

    /** At least 1. */
    public long number() {
        return number;
    }

    /** An entry was found at start, or a mark of how far it had come. */
    public void found(long sequence) {
        lastSequence = Math.max(lastSequence, sequence);
    }

    long next() {
        return ++lastSequence;
    }

    long last() {
        return lastSequence;
    }

    boolean isUsed() {
        return lastSequence > 0;
    }

    boolean isDeleted() {
        return deleted;
    }

    void delete() {
        deleted = true;
    }

    @Override
    public String toString() {
        return "SessionQueue[" + number + "]";
    }
}
