package io.waymark.gateway.session;

import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.packet.Unsubscribe;
import io.waymark.gateway.route.TopicTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SUBSCRIBE and UNSUBSCRIBE decided filter by filter, in order. Shared subscriptions are refused, as CONNACK says.
 *
 * @see "MQTT 5.0 §3.8, §3.10"
 */
public final class Subscriptions {
    private final LiveRouter router;
    private final int subscriptionsMax;

    Subscriptions(LiveRouter router, int subscriptionsMax) {
        this.router = router;
        this.subscriptionsMax = subscriptionsMax;
    }

    /**
     * The outcome of a SUBSCRIBE.
     *
     * @param reasons one for each filter
     * @param retained subscriptions whose retained messages are to be sent once the SUBACK is
     */
    public record Outcome(List<ReasonCode> reasons, List<Subscription> retained) {}

    /** Subscribes the session to what may be granted. */
    public Outcome subscribe(Session session, Subscribe subscribe) {
        List<ReasonCode> reasons = new ArrayList<>(subscribe.subscriptions().size());
        List<Subscription> retained = new ArrayList<>(1);
        for (Subscription subscription : subscribe.subscriptions()) {
            ReasonCode refusal = refusal(session, subscription.filter());
            if (refusal != null) {
                reasons.add(refusal);
                continue;
            }
            boolean added = router.subscribe(session, subscription);
            reasons.add(ReasonCode.granted(subscription.qos()));
            if (subscription.retainHandling() == 0 || (subscription.retainHandling() == 1 && added)) {
                retained.add(subscription);
            }
        }
        return new Outcome(reasons, retained);
    }

    private @Nullable ReasonCode refusal(Session session, String filter) {
        if (!Topics.isFilter(filter)) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        if (Topics.isShared(filter)) {
            return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        boolean full = session.subscriptionCount() >= subscriptionsMax && !session.isSubscribed(filter);
        return full || TopicTree.isTooDeep(filter) ? ReasonCode.QUOTA_EXCEEDED : null;
    }

    /** Queues the retained messages of these subscriptions. */
    public void sendRetained(Session session, List<Subscription> subscriptions, long nowNanos) {
        subscriptions.forEach(subscription -> router.sendRetained(session, subscription, nowNanos));
    }

    /** Unsubscribes; one reason for each filter. */
    public List<ReasonCode> unsubscribe(Session session, Unsubscribe unsubscribe) {
        List<ReasonCode> reasons = new ArrayList<>(unsubscribe.filters().size());
        for (String filter : unsubscribe.filters()) {
            reasons.add(unsubscribe(session, filter));
        }
        return reasons;
    }

    private ReasonCode unsubscribe(Session session, String filter) {
        if (!Topics.isFilter(filter)) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        return router.unsubscribe(session, filter) ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED;
    }
}
