package io.waymark.gateway.bridge;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait before the next attempt: doubles from half a second to the bound, by chance between half of it and all. */
final class Backoff {
    private static final long FIRST_MILLIS = 500;

    private final long maxMillis;
    private final DoubleSupplier chance;
    private long next = FIRST_MILLIS;

    /** @param chance 0 inclusive to 1 exclusive, so that bridges of one upstream do not come back together */
    Backoff(Duration max, DoubleSupplier chance) {
        this.maxMillis = max.toMillis();
        this.chance = chance;
    }

    /** The wait, in milliseconds. */
    long failed() {
        long wait = Math.min(next, maxMillis);
        next = Math.min(wait * 2, maxMillis);
        return wait / 2 + (long) (chance.getAsDouble() * (wait - wait / 2.0));
    }

    /** It worked: begin anew. */
    void succeeded() {
        next = FIRST_MILLIS;
    }
}
