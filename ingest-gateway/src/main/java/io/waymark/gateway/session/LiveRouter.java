package io.waymark.gateway.session;

import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.route.Retained;
import io.waymark.gateway.route.StoredMessage;
import io.waymark.gateway.route.TopicTree;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.queue.SessionQueue;
import io.waymark.storage.retained.RetainedChange;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes an accepted message to the sessions that subscribe to it. A client whose subscriptions overlap gets one copy, at the
 * highest QoS, with the identifiers of all of them. Any thread.
 *
 * @see "MQTT 5.0 §3.3.4 PUBLISH Actions"
 */
public final class LiveRouter {
    private static final int RETAINED_PORTION = 256;

    private final TopicTree<Subscriber> tree = new TopicTree<>();
    private final Map<String, ShareGroup> groups = new ConcurrentHashMap<>();
    private final AtomicInteger subscriptions = new AtomicInteger();
    // Counts every SUBSCRIBE, after the tree has it and before retained messages are looked for.
    private final AtomicLong subscribed = new AtomicLong();
    private final Retained retained;
    private final SessionMetrics metrics;
    private final long queueAgeMillis;
    private final Clock clock;
    private volatile CommandWatch watch = CommandWatch.NONE;

    LiveRouter(SessionLimits limits, SessionMetrics metrics, Clock clock) {
        this.retained =
                new Retained(limits.retained().countMax(), limits.retained().octetsMax());
        this.metrics = metrics;
        this.queueAgeMillis = limits.queues().ageMax().toMillis();
        this.clock = clock;
    }

    /** Who is told what becomes of commands; before anybody connects. */
    public void watch(CommandWatch told) {
        watch = told;
    }

    /** What becomes of commands is to be told here. */
    public CommandWatch watch() {
        return watch;
    }

    /** Subscriptions of all sessions. */
    public int subscriptions() {
        return subscriptions.get();
    }

    /** Retained messages. */
    public Retained retained() {
        return retained;
    }

    /** Where the message goes, or null when nowhere, as from topics that begin with {@code $}; publisher is null when no client sent it. */
    public @Nullable Routing decide(LiveMessage message, @Nullable Session publisher) {
        if (Topics.isSpecial(message.topic()) || (!message.retain() && tree.size() == 0)) {
            return null;
        }
        Copies copies = new Copies(message, now());
        long decidedAt = subscribed.get();
        Routing routing =
                new Routing(message, this, publisher, message.retain() ? retain(message, copies) : null, decidedAt);
        Map<Session, Match> matches = new HashMap<>(4);
        tree.match(message.topic(), (subscriber, subscription) -> {
            if (subscriber instanceof ShareGroup group) {
                share(group, copies, routing);
            } else if (subscriber instanceof Session session && !(subscription.noLocal() && session == publisher)) {
                matches.computeIfAbsent(session, s -> new Match()).add(subscription);
            }
        });
        matches.forEach((session, match) -> add(session, match.delivery(message), copies, routing));
        return routing;
    }

    /**
     * Gives a message to one session of the device that is connected and subscribes to its topic, rather to one that can keep it
     * on disk; null when there is none with room.
     */
    public @Nullable HandedOver handOver(LiveMessage message, String deviceId) {
        Map<Session, Match> matches = new HashMap<>(2);
        tree.match(message.topic(), (subscriber, subscription) -> {
            if (subscriber instanceof Session session
                    && session.owner() != null
                    && session.key().deviceId().equals(deviceId)) {
                matches.computeIfAbsent(session, s -> new Match()).add(subscription);
            }
        });
        Copies copies = new Copies(message, now());
        HandedOver live = null;
        for (Map.Entry<Session, Match> match : matches.entrySet()) {
            Session session = match.getKey();
            Delivery delivery = match.getValue().delivery(message);
            SessionQueue queue = session.outbound().stored();
            Routing routing = new Routing(message, this, null, null, Routing.DECIDED);
            if (queue == null || delivery.qos() == 0) {
                routing.add(session, delivery);
                live = new HandedOver(session, routing, null);
                continue;
            }
            QueueChange.Append append = append(queue, delivery, copies);
            if (session.outbound().reserve(append.octets(), keptUntil(copies))) {
                metrics.routed(delivery.qos());
                routing.add(session, delivery, append);
                return new HandedOver(session, routing, append);
            }
        }
        return live;
    }

    private QueueChange.Append append(SessionQueue queue, Delivery delivery, Copies copies) {
        byte[] head = QueueEntry.head(delivery, keptUntil(copies));
        return new QueueChange.Append(queue, head, copies.octets());
    }

    private RetainedChange retain(LiveMessage message, Copies copies) {
        if (message.payload().length == 0) {
            return new RetainedChange(message.topic(), null);
        }
        if (!retained.hasRoom(message)) {
            // Rather nothing than something out of date.
            metrics.retainedRefused();
            return new RetainedChange(message.topic(), null);
        }
        return new RetainedChange(message.topic(), copies.octets());
    }

    /** To one member of the group; a subscription of its own beside it brings the member another copy. */
    private void share(ShareGroup group, Copies copies, Routing routing) {
        ShareGroup.Member member = group.choose(copies.message);
        if (member == null) {
            metrics.dropped(Drop.OFFLINE);
            return;
        }
        Match match = new Match();
        match.add(member.subscription());
        add(member.session(), match.delivery(copies.message).sharedBy(group), copies, routing);
    }

    private void add(Session session, Delivery delivery, Copies copies, Routing routing) {
        SessionQueue queue = session.outbound().stored();
        if (queue == null || delivery.qos() == 0) {
            routing.add(session, delivery);
            return;
        }
        QueueChange.Append append = append(queue, delivery, copies);
        if (session.outbound().reserve(append.octets(), keptUntil(copies))) {
            metrics.routed(delivery.qos());
            routing.add(session, delivery, append);
        }
    }

    private long keptUntil(Copies copies) {
        long longest = copies.now.millis() + queueAgeMillis;
        return copies.message.expiresAtNanos() == LiveMessage.NEVER
                ? longest
                : Math.min(longest, copies.now.millisOf(copies.message.expiresAtNanos()));
    }

    /**
     * The store has forgotten what the topic held, because its expiry had passed. Any thread.
     *
     * @return what the topic holds in memory all the same, because it came between, and must be written again; or null
     */
    public @Nullable RetainedChange retainedForgotten(String topic) {
        LiveMessage held = retained.get(topic);
        if (held == null || held.isExpired(System.nanoTime())) {
            if (held != null) {
                retained.remove(held);
            }
            return null;
        }
        return new RetainedChange(topic, StoredMessage.encode(held, now()));
    }

    /** A retained message found in the store at start. */
    public void restoreRetained(byte[] stored) {
        LiveMessage message = StoredMessage.decode(ByteBuffer.wrap(stored), now());
        retained.put(message);
    }

    /**
     * Who subscribed between the arrival of a message and its being durable was not there when its way was decided, and looked for
     * retained messages too early: gets it now, in memory. So a subscription sent before a message finds it, although the two may
     * come to different event loops.
     */
    void subscribedLater(
            LiveMessage message, @Nullable Session publisher, long decidedAt, Predicate<Session> alreadyHas) {
        if (subscribed.get() != decidedAt) {
            deliverLate(message, publisher, alreadyHas);
        }
    }

    /**
     * The same for a message whose way was null: if nobody subscribed to anything when it arrived, the first may have come since.
     * Any thread.
     */
    public void subscribedFirst(LiveMessage message, @Nullable Session publisher) {
        if (tree.size() > 0 && !Topics.isSpecial(message.topic())) {
            deliverLate(message, publisher, session -> false);
        }
    }

    private void deliverLate(LiveMessage message, @Nullable Session publisher, Predicate<Session> alreadyHas) {
        Map<Session, Match> late = new HashMap<>(4);
        tree.match(message.topic(), (subscriber, subscription) -> {
            boolean own = subscription.noLocal() && subscriber == publisher;
            if (subscriber instanceof Session session && !own && !alreadyHas.test(session)) {
                late.computeIfAbsent(session, s -> new Match()).add(subscription);
            }
        });
        late.forEach((session, match) -> deliver(session, match.delivery(message)));
    }

    /** Queues it in memory. */
    void deliver(Session session, Delivery delivery) {
        metrics.routed(delivery.qos());
        if (session.outbound().offer(delivery)) {
            wake(session);
        }
    }

    static void wake(Session session) {
        SessionOwner owner = session.owner();
        if (owner != null) {
            owner.outboundReady();
        }
    }

    private StoredMessage.Now now() {
        return new StoredMessage.Now(System.nanoTime(), clock.millis());
    }

    /** One message and, once somebody needs them, its octets for the store. */
    private static final class Copies {
        final LiveMessage message;
        final StoredMessage.Now now;
        private byte @Nullable [] octets;

        Copies(LiveMessage message, StoredMessage.Now now) {
            this.message = message;
            this.now = now;
        }

        byte[] octets() {
            byte[] known = octets;
            if (known == null) {
                known = StoredMessage.encode(message, now);
                octets = known;
            }
            return known;
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
        subscribed.incrementAndGet();
        watch.arrived(session);
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

    /**
     * The retained messages a new or renewed subscription asks for, in portions: each is to be written like a message of its own.
     */
    List<Routing> retained(Session session, Subscription subscription, long nowNanos) {
        if (Topics.isShared(subscription.filter())) {
            return List.of();
        }
        List<Integer> ids = subscription.identifier() == 0 ? List.of() : List.of(subscription.identifier());
        List<Routing> portions = new ArrayList<>(1);
        int[] size = {0};
        retained.match(subscription.filter(), nowNanos, message -> {
            if (size[0]++ % RETAINED_PORTION == 0) {
                portions.add(new Routing(message, this, null, null, Routing.DECIDED));
            }
            Delivery delivery = new Delivery(message, Math.min(message.qos(), subscription.qos()), true, ids, null);
            add(session, delivery, new Copies(message, now()), portions.get(portions.size() - 1));
        });
        return portions;
    }

    /** The session ended; what a group had given it and it did not take goes to another member. */
    void forget(Session session) {
        for (Subscription subscription : session.subscriptions()) {
            unsubscribe(session, subscription.filter());
        }
        for (Delivery left : session.outbound().clear()) {
            ShareGroup group = left.share();
            if (group != null) {
                hand(group, left);
            }
        }
        watch.over(session);
    }

    /** A member whose queue is stored gets it in memory only: its publisher has been acknowledged long ago. */
    private void hand(ShareGroup group, Delivery left) {
        ShareGroup.Member member = group.choose(left.message());
        if (member == null) {
            metrics.dropped(Drop.SESSION_ENDED);
            return;
        }
        Match match = new Match();
        match.add(member.subscription());
        deliver(member.session(), match.delivery(left.message()).sharedBy(group));
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
