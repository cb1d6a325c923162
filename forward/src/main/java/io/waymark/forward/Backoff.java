package io.waymark.forward;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after the n-th failure in a row: doubling, bounded, with jitter so that they do not return in step. */
final class Backoff {
    private static final long FIRST_MILLIS = 200;
    private static final long MAX_MILLIS = 10_000;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** One more failure: between half and the whole of the doubled wait. */
    Duration next() {
        long bound = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(failures, 16));
        failures++;
        return Duration.ofMillis(bound / 2 + random.nextLong(bound / 2 + 1));
    }

    /** It went well. */
    void reset() {
        failures = 0;
    }
}
