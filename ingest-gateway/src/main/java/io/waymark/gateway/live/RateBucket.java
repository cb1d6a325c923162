package io.waymark.gateway.live;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may be taken in a second, with a burst of one second's worth. What is taken beyond it is owed: nothing is refused, but
 * whoever took it is told how long to wait until it is earned. Any thread.
 *
 * @see "ITU-T I.371, generic cell rate algorithm, virtual scheduling"
 */
public final class RateBucket {
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NEVER = Long.MIN_VALUE;

    /** When everything taken so far is earned. */
    private final AtomicLong earnedAt = new AtomicLong(NEVER);

    /**
     * Takes.
     *
     * @param perSecond more than 0
     * @return nanoseconds to wait before taking more, 0 = none
     */
    public long take(long nowNanos, long amount, long perSecond) {
        long cost = Math.max(1, amount * BURST_NANOS / perSecond);
        long earned =
                earnedAt.updateAndGet(before -> (before == NEVER || before - nowNanos < 0 ? nowNanos : before) + cost);
        return Math.max(0, earned - nowNanos - BURST_NANOS);
    }

    /** Nanoseconds to wait before taking more, 0 = none. */
    public long owed(long nowNanos) {
        long earned = earnedAt.get();
        return earned == NEVER ? 0 : Math.max(0, earned - nowNanos - BURST_NANOS);
    }

    /** Forgets what is owed: the bound has changed. */
    void forgive() {
        earnedAt.set(NEVER);
    }
}
