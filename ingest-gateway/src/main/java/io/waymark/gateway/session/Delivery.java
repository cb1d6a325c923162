package io.waymark.gateway.session;

import io.waymark.gateway.route.LiveMessage;
import java.util.List;

/**
 * One message for one subscriber.
 *
 * @param message shared with other subscribers
 * @param qos the lower of published and subscribed
 * @param retain the RETAIN flag this subscriber sees
 * @param subscriptionIds of the subscriptions that matched
 */
public record Delivery(LiveMessage message, int qos, boolean retain, List<Integer> subscriptionIds) {}
