package io.waymark.gateway.session;

import io.waymark.gateway.packet.Offer;
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
 * SUBSCRIBE and UNSUBSCRIBE decided filter by filter, in order.
 *
 * @see "MQTT 5.0 §3.8, §3.10"
 */
public final class Subscriptions {
    private final LiveRouter router;
    private final SessionLimits limits;

    Subscriptions(LiveRouter router, SessionLimits limits) {
        this.router = router;
        this.limits = limits;
    }

    /** What one client may subscribe to. */
    @FunctionalInterface
    public interface Permission {
        /** Whether the filter, without {@code $share/…/}, is allowed. */
        boolean allows(String filter);
    }

    /**
     * The outcome of a SUBSCRIBE.
     *
     * @param reasons one for each filter
     * @param retained subscriptions whose retained messages are to be sent once the SUBACK is
     */
    public record Outcome(List<ReasonCode> reasons, List<Subscription> retained) {}

    /** Subscribes the session to what may be granted. */
    public Outcome subscribe(Session session, Subscribe subscribe, Offer offer, Permission permission) {
        List<ReasonCode> reasons = new ArrayList<>(subscribe.subscriptions().size());
        List<Subscription> retained = new ArrayList<>(1);
        for (Subscription asked : subscribe.subscriptions()) {
            Subscription subscription = asked.withQosMax(offer.qosMax());
            ReasonCode refusal = refusal(session, subscription, offer, permission);
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

    private @Nullable ReasonCode refusal(
            Session session, Subscription subscription, Offer offer, Permission permission) {
        String filter = subscription.filter();
        if (!Topics.isFilter(filter)) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        ReasonCode notOffered = notOffered(subscription, offer);
        if (notOffered != null) {
            return notOffered;
        }
        if (!permission.allows(Topics.unshared(filter))) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        return hasRoom(session, filter) && !TopicTree.isTooDeep(filter) ? null : ReasonCode.QUOTA_EXCEEDED;
    }

    private static @Nullable ReasonCode notOffered(Subscription subscription, Offer offer) {
        if (!offer.features().shared() && Topics.isShared(subscription.filter())) {
            return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (!offer.features().wildcards() && Topics.hasWildcard(subscription.filter())) {
            return ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        return !offer.features().subscriptionIds() && subscription.identifier() != 0
                ? ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED
                : null;
    }

    private boolean hasRoom(Session session, String filter) {
        return session.isSubscribed(filter)
                || (session.subscriptionCount() < limits.subscriptions().max()
                        && router.subscriptions() < limits.subscriptions().totalMax());
    }

    /** The retained messages of these subscriptions, to be written and delivered. */
    public List<Routing> retained(Session session, List<Subscription> subscriptions, long nowNanos) {
        List<Routing> all = new ArrayList<>(0);
        subscriptions.forEach(subscription -> all.addAll(router.retained(session, subscription, nowNanos)));
        return all;
    }

    /** Ends the session's subscriptions that are not allowed any more; how many. */
    public int endForbidden(Session session, Permission permission) {
        int count = 0;
        for (Subscription subscription : session.subscriptions()) {
            if (!permission.allows(Topics.unshared(subscription.filter()))) {
                router.unsubscribe(session, subscription.filter());
                count++;
            }
        }
        return count;
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
