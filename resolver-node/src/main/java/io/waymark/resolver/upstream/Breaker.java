package io.waymark.resolver.upstream;

import java.util.concurrent.TimeUnit;

/**
 * Leaves a server alone that fails. CLOSED → (five failures in a row) OPEN → (after a while) HALF_OPEN → (the one question
 * let through is answered) CLOSED, or (it is not) OPEN, twice as long. Not for several threads; time is passed in.
 */
final class Breaker {
    /** Where it stands. */
    enum State {
        /** Questions pass. */
        CLOSED,
        /** None does. */
        OPEN,
        /** One is on its way to find out. */
        HALF_OPEN
    }

    private static final int FAILURES_MAX = 5;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private State state = State.CLOSED;
    private int failures;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long openedNanos;

    State state() {
        return state;
    }

    /** Whether a question may pass now; who is told so must tell how it ended. */
    boolean admits(long nowNanos) {
        if (state == State.OPEN && nowNanos - openedNanos >= pauseNanos) {
            state = State.HALF_OPEN;
            return true;
        }
        return state == State.CLOSED;
    }

    void succeeded() {
        state = State.CLOSED;
        failures = 0;
        pauseNanos = FIRST_PAUSE_NANOS;
    }

    void failed(long nowNanos) {
        if (state == State.HALF_OPEN) {
            pauseNanos = Math.min(LAST_PAUSE_NANOS, 2 * pauseNanos);
            open(nowNanos);
        } else if (state == State.CLOSED && ++failures >= FAILURES_MAX) {
            open(nowNanos);
        }
    }

    private void open(long nowNanos) {
        state = State.OPEN;
        failures = 0;
        openedNanos = nowNanos;
    }
}
