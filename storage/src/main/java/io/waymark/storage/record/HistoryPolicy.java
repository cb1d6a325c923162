package io.waymark.storage.record;

import java.time.Duration;

/**
 * How much of the past is kept of each record, beside what it is now.
 *
 * @param versionsMax most former versions; 0 = none
 * @param ageMax a former version goes when it has been out of force for this long
 */
public record HistoryPolicy(int versionsMax, Duration ageMax) {
    /** 100 versions, ten years. */
    public static final HistoryPolicy DEFAULT = new HistoryPolicy(100, Duration.ofDays(3653));

    /** Refuses negative bounds. */
    public HistoryPolicy {
        if (versionsMax < 0 || ageMax.isNegative()) {
            throw new IllegalArgumentException(
                    "history must not be negative but was " + versionsMax + " versions for " + ageMax);
        }
    }

    /** What went out of force before this is not kept. */
    long horizon(long nowMillis) {
        return nowMillis - ageMax.toMillis();
    }
}
