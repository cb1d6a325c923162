package io.waymark.storage.spool;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes the spool holds or has promised to hold. Thread-safe. */
final class SpaceBudget {
    private final long max;
    private final AtomicLong held;

    SpaceBudget(long max, long held) {
        this.max = max;
        this.held = new AtomicLong(held);
    }

    /** Takes the bytes, or nothing if there is no room. */
    boolean reserve(long bytes) {
        if (held.addAndGet(bytes) <= max) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
