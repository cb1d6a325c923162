package io.waymark.storage.commit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * Tells the time it was when it was made and what has passed since then, however the machine's clock is set meanwhile. For
 * measuring how long something is kept: a clock set forward must not let it go early, one set back not keep it for ever.
 */
public final class SteadyClock extends Clock {
    private final Instant begin;
    private final LongSupplier nanos;
    private final long beginNanos;

    /**
     * From a moment on.
     *
     * @param nanos as {@link System#nanoTime}
     */
    public SteadyClock(Instant begin, LongSupplier nanos) {
        this.begin = begin;
        this.nanos = nanos;
        this.beginNanos = nanos.getAsLong();
    }

    /** From now on. */
    public static SteadyClock start() {
        return new SteadyClock(Clock.systemUTC().instant(), System::nanoTime);
    }

    @Override
    public Instant instant() {
        return begin.plus(Duration.ofNanos(nanos.getAsLong() - beginNanos));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Only moments are asked for: the zone stays. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
