package io.waymark.forward;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt at something far away: doubles from the first wait to the bound, by chance between
 * half of it and all. One thread.
 */
public final class Backoff {
    private final long firstMillis;
    private final long maxMillis;
    private final DoubleSupplier chance;
    private long next;

    /** @param chance 0 inclusive to 1 exclusive, so that those who lost the same thing do not come back together */
    public Backoff(Duration first, Duration max, DoubleSupplier chance) {
        this.firstMillis = first.toMillis();
        this.maxMillis = max.toMillis();
        this.chance = chance;
        this.next = firstMillis;
    }

    /** It failed: the wait, in milliseconds. */
    public long failed() {
        long wait = Math.min(next, maxMillis);
        next = Math.min(wait * 2, maxMillis);
        return wait / 2 + (long) (chance.getAsDouble() * (wait - wait / 2.0));
    }

    /** It worked: begin anew. */
    public void succeeded() {
        next = firstMillis;
    }
}
