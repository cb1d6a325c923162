package io.waymark.gateway.session;

import io.waymark.gateway.route.LiveMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message for one subscriber.
 *
 * @param message shared with other subscribers
 * @param qos the lower of published and subscribed
 * @param retain the RETAIN flag this subscriber sees
 * @param subscriptionIds of the subscriptions that matched
 * @param share the group it was chosen from, or null
 * @param sequence its place in the session's stored queue, or 0 when it is only in memory
 */
public record Delivery(
        LiveMessage message,
        int qos,
        boolean retain,
        List<Integer> subscriptionIds,
        @Nullable ShareGroup share,
        long sequence) {
    /** Only in memory. */
    public Delivery(
            LiveMessage message, int qos, boolean retain, List<Integer> subscriptionIds, @Nullable ShareGroup share) {
        this(message, qos, retain, subscriptionIds, share, 0);
    }

    /** The same, chosen from this group. */
    Delivery sharedBy(ShareGroup group) {
        return new Delivery(message, qos, retain, subscriptionIds, group, sequence);
    }

    /** The same in its place on disk. */
    Delivery at(long place) {
        return new Delivery(message, qos, retain, subscriptionIds, share, place);
    }
}
