package io.waymark.gateway.session;

import org.jspecify.annotations.Nullable;

/**
 * Deadlines of many connections on one ticking clock: setting, moving and cancelling one costs the same however many there are.
 * A deadline is told at the first tick behind it; one further away than the wheel turns is looked at once a turn. One thread.
 */
public final class TimerWheel {
    /** One deadline; reused by its connection. */
    public static final class Timeout {
        private final Runnable action;
        private long deadlineNanos;
        private @Nullable Timeout previous;
        private @Nullable Timeout next;

        /** @param action what to do when it passes; may set it again */
        public Timeout(Runnable action) {
            this.action = action;
        }

        private boolean isSet() {
            return previous != null;
        }

        private void unlink() {
            Timeout before = previous;
            Timeout after = next;
            if (before != null && after != null) {
                before.next = after;
                after.previous = before;
            }
            previous = null;
            next = null;
        }
    }

    private final Timeout[] buckets;
    private final long tickNanos;
    private long tick;

    /**
     * @param slots a power of two
     * @param tickNanos length of a tick
     * @param nowNanos start
     */
    public TimerWheel(int slots, long tickNanos, long nowNanos) {
        if (Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("slots must be a power of two but was " + slots);
        }
        this.tickNanos = tickNanos;
        this.tick = Math.floorDiv(nowNanos, tickNanos);
        buckets = new Timeout[slots];
        for (int i = 0; i < slots; i++) {
            Timeout head = new Timeout(() -> {});
            head.previous = head;
            head.next = head;
            buckets[i] = head;
        }
    }

    /** Sets or moves it. */
    public void set(Timeout timeout, long deadlineNanos) {
        timeout.unlink();
        timeout.deadlineNanos = deadlineNanos;
        link(timeout);
    }

    private void link(Timeout timeout) {
        long at = Math.max(tick + 1, Math.floorDiv(timeout.deadlineNanos, tickNanos) + 1);
        Timeout head = buckets[(int) (at & (buckets.length - 1))];
        Timeout last = head.previous;
        if (last == null) {
            throw new IllegalStateException("bucket of tick " + at + " has lost its head");
        }
        last.next = timeout;
        timeout.previous = last;
        timeout.next = head;
        head.previous = timeout;
    }

    /** Takes it off the wheel; harmless when it is not set. */
    public void cancel(Timeout timeout) {
        if (timeout.isSet()) {
            timeout.unlink();
        }
    }

    /** Does what is due. */
    public void advance(long nowNanos) {
        long until = Math.floorDiv(nowNanos, tickNanos);
        // After a long pause one whole turn sees every bucket.
        tick = Math.max(tick, until - buckets.length);
        while (tick < until) {
            tick++;
            drain(buckets[(int) (tick & (buckets.length - 1))], nowNanos);
        }
    }

    private void drain(Timeout head, long nowNanos) {
        Timeout first = head.next;
        Timeout chain = null;
        for (Timeout t = first; t != null && t != head; t = head.next) {
            t.unlink();
            t.next = chain;
            chain = t;
        }
        while (chain != null) {
            Timeout t = chain;
            chain = t.next;
            t.next = null;
            if (t.deadlineNanos - nowNanos <= 0) {
                t.action.run();
            } else {
                link(t);
            }
        }
    }
}
