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
 */
public record Delivery(
        LiveMessage message,
        int qos,
        boolean retain,
        List<Integer> subscriptionIds,
        @Nullable ShareGroup share) {
    /** The same, chosen from this group. */
    Delivery sharedBy(ShareGroup group) {
        return new Delivery(message, qos, retain, subscriptionIds, group);
    }
}
