package io.waymark.gateway.session;

import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.route.Retained;
import io.waymark.gateway.route.TopicTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes an accepted message to the sessions that subscribe to it. A client whose subscriptions overlap gets one copy, at the
 * highest QoS, with the identifiers of all of them. Any thread.
 *
 * @see "MQTT 5.0 §3.3.4 PUBLISH Actions"
 */
public final class LiveRouter {
    private final TopicTree<Session> tree = new TopicTree<>();
    private final Retained retained;
    private final SessionMetrics metrics;

    LiveRouter(SessionLimits limits, SessionMetrics metrics) {
        this.retained = new Retained(limits.retainedCountMax(), limits.retainedOctetsMax());
        this.metrics = metrics;
    }

    /** Whether {@link #route} would do anything for a message that is not retained. */
    public boolean hasSubscribers() {
        return tree.size() > 0;
    }

    /** Subscriptions of all sessions. */
    public int subscriptions() {
        return tree.size();
    }

    /** Retained messages. */
    public Retained retained() {
        return retained;
    }

    /** Stores it if retained and queues it for every subscriber; publisher is null when no client sent it. */
    public void route(LiveMessage message, @Nullable Session publisher) {
        if (message.retain() && !retained.put(message)) {
            metrics.retainedRefused();
        }
        if (tree.size() == 0) {
            return;
        }
        Map<Session, Match> matches = new HashMap<>(4);
        tree.match(message.topic(), (session, subscription) -> {
            if (!subscription.noLocal() || session != publisher) {
                matches.computeIfAbsent(session, s -> new Match()).add(subscription);
            }
        });
        matches.forEach((session, match) -> deliver(session, match.delivery(message)));
    }

    private void deliver(Session session, Delivery delivery) {
        metrics.routed(delivery.qos());
        if (session.outbound().offer(delivery)) {
            SessionOwner owner = session.owner();
            if (owner != null) {
                owner.outboundReady();
            }
        }
    }

    /** Starts delivering; the filter is valid, not shared and not too deep. True if the client did not have it. */
    boolean subscribe(Session session, Subscription subscription) {
        boolean added = session.subscribed(subscription);
        tree.put(session, subscription);
        return added;
    }

    /** Stops delivering; false if the client did not have the filter. */
    boolean unsubscribe(Session session, String filter) {
        tree.remove(session, filter);
        return session.unsubscribed(filter);
    }

    /** Queues the retained messages a new or renewed subscription asks for. */
    void sendRetained(Session session, Subscription subscription, long nowNanos) {
        List<Integer> ids = subscription.identifier() == 0 ? List.of() : List.of(subscription.identifier());
        retained.match(
                subscription.filter(),
                nowNanos,
                message -> deliver(
                        session, new Delivery(message, Math.min(message.qos(), subscription.qos()), true, ids)));
    }

    /** The session ended. */
    void forget(Session session) {
        for (Subscription subscription : session.subscriptions()) {
            unsubscribe(session, subscription.filter());
        }
        session.outbound().clear();
    }

    private static final class Match {
        private int qos;
        private boolean asPublished;
        private List<Integer> ids = List.of();

        void add(Subscription subscription) {
            qos = Math.max(qos, subscription.qos());
            asPublished |= subscription.retainAsPublished();
            if (subscription.identifier() != 0) {
                if (ids.isEmpty()) {
                    ids = new ArrayList<>(2);
                }
                ids.add(subscription.identifier());
            }
        }

        Delivery delivery(LiveMessage message) {
            return new Delivery(message, Math.min(qos, message.qos()), asPublished && message.retain(), ids);
        }
    }
}
