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

    /** A feed if the store has one already: for programs that change records in the node's absence. */
    public static final FeedPolicy AS_FOUND = new FeedPolicy(false, Long.MAX_VALUE, Duration.ZERO);

    /** Refuses a backlog below 1. */
    public FeedPolicy {
        if (backlogMax < 1 || retention.isNegative()) {
            throw new IllegalArgumentException("feed must hold at least 1 change and keep it for no negative time, but"
                    + " was given " + backlogMax + " and " + retention);
        }
    }

    /** Whether there shall be a feed in a store that has or has none now. */
    boolean isWanted(boolean isThere) {
        return equals(AS_FOUND) ? isThere : enabled;
    }
}
