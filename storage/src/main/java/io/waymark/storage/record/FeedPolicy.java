package io.waymark.storage.record;

import java.time.Duration;

/**
 * Whether changes are noted for a feed, and how many.
 *
 * @param enabled whether each change is noted in the {@link Outbox} in its own batch
 * @param backlogMax most noted changes held; more changes of records are refused then
 * @param retention how long a note stays after it was told published
 */
public record FeedPolicy(boolean enabled, long backlogMax, Duration retention) {
    /** No feed. */
    public static final FeedPolicy OFF = new FeedPolicy(false, 1, Duration.ZERO);

    /** Refuses a backlog below 1. */
    public FeedPolicy {
        if (backlogMax < 1 || retention.isNegative()) {
            throw new IllegalArgumentException("feed must hold at least 1 change and keep it for no negative time, but"
                    + " was given " + backlogMax + " and " + retention);
        }
    }
}
