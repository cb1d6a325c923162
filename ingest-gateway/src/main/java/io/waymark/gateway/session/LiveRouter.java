package io.waymark.gateway.session;

import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.route.Retained;
import io.waymark.gateway.route.TopicTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes an accepted message to the sessions that subscribe to it. A client whose subscriptions overlap gets one copy, at the
 * highest QoS, with the identifiers of all of them. Any thread.
 *
 * @see "MQTT 5.0 §3.3.4 PUBLISH Actions"
 */
public final class LiveRouter {
    private final TopicTree<Subscriber> tree = new TopicTree<>();
    private final Map<String, ShareGroup> groups = new ConcurrentHashMap<>();
    private final AtomicInteger subscriptions = new AtomicInteger();
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
        return subscriptions.get();
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
        tree.match(message.topic(), (subscriber, subscription) -> {
            if (subscriber instanceof ShareGroup group) {
                share(group, message);
            } else if (subscriber instanceof Session session && !(subscription.noLocal() && session == publisher)) {
                matches.computeIfAbsent(session, s -> new Match()).add(subscription);
            }
        });
        matches.forEach((session, match) -> deliver(session, match.delivery(message)));
    }

    /** To one member of the group; a subscription of its own beside it brings the member another copy. */
    private void share(ShareGroup group, LiveMessage message) {
        ShareGroup.Member member = group.choose(message);
        if (member == null) {
            metrics.dropped(OutboundQueue.Drop.OFFLINE);
            return;
        }
        Match match = new Match();
        match.add(member.subscription());
        deliver(member.session(), match.delivery(message).sharedBy(group));
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

    /** Starts delivering; the filter is valid and not too deep. True if the client did not have it. */
    boolean subscribe(Session session, Subscription subscription) {
        boolean added = session.subscribed(subscription);
        if (added) {
            subscriptions.incrementAndGet();
        }
        if (Topics.isShared(subscription.filter())) {
            join(session, subscription);
        } else {
            tree.put(session, subscription);
        }
        return added;
    }

    private void join(Session session, Subscription subscription) {
        groups.compute(subscription.filter(), (name, known) -> {
            ShareGroup group = known == null ? new ShareGroup(name) : known;
            group.put(session, subscription);
            if (known == null) {
                tree.put(group, subscription.withFilter(Topics.unshared(name)));
            }
            return group;
        });
    }

    /** Stops delivering; false if the client did not have the filter. */
    boolean unsubscribe(Session session, String filter) {
        boolean removed = session.unsubscribed(filter);
        if (removed) {
            subscriptions.decrementAndGet();
        }
        if (Topics.isShared(filter)) {
            leave(session, filter);
        } else {
            tree.remove(session, filter);
        }
        return removed;
    }

    private void leave(Session session, String filter) {
        groups.computeIfPresent(filter, (name, group) -> {
            group.remove(session);
            if (!group.isEmpty()) {
                return group;
            }
            tree.remove(group, Topics.unshared(name));
            return null;
        });
    }

    /** Queues the retained messages a new or renewed subscription asks for. */
    void sendRetained(Session session, Subscription subscription, long nowNanos) {
        if (Topics.isShared(subscription.filter())) {
            return;
        }
        List<Integer> ids = subscription.identifier() == 0 ? List.of() : List.of(subscription.identifier());
        retained.match(
                subscription.filter(),
                nowNanos,
                message -> deliver(
                        session, new Delivery(message, Math.min(message.qos(), subscription.qos()), true, ids, null)));
    }

    /** The session ended; what a group had given it and it did not take goes to another member. */
    void forget(Session session) {
        for (Subscription subscription : session.subscriptions()) {
            unsubscribe(session, subscription.filter());
        }
        for (Delivery left : session.outbound().clear()) {
            ShareGroup group = left.share();
            if (group != null) {
                share(group, left.message());
            }
        }
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
            return new Delivery(message, Math.min(qos, message.qos()), asPublished && message.retain(), ids, null);
        }
    }
}
