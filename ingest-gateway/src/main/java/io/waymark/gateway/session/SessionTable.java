package io.waymark.gateway.session;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Will;
import io.waymark.storage.queue.SessionQueue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All clients, connected and remembered. Any thread.
 *
 * <p>A connection first <em>claims</em> its client key, which makes the connection that held it let go, and when that is done
 * <em>attaches</em>: it takes over the session or begins a new one. Of several connections that claim one key at the same time
 * each evicts the one before it, so the last to claim is the one that stays.
 *
 * @see "MQTT-3.1.4-3 session takeover"
 */
public final class SessionTable {
    /**
     * The session a connection got.
     *
     * @param session to use
     * @param present whether it is one from before
     * @param ended one that ended to make room for it, or null
     */
    public record Attachment(
            Session session, boolean present, @Nullable Departure ended) {}

    /**
     * What a client leaves when its time is up.
     *
     * @param session whose
     * @param will to be published now, or null
     * @param ended whether the session is over; if so and the store knows it, the store is to forget it
     */
    public record Departure(Session session, @Nullable Will will, boolean ended) {}

    private static final class Client {
        @Nullable
        SessionOwner claimant;

        @Nullable
        Session session;

        boolean isEmpty() {
            return claimant == null && session == null;
        }
    }

    /** Sessions stored by a version without queues are numbered from here on, away from those that have one. */
    private static final long FIRST_OF_THE_NUMBERLESS = 1L << 62;

    private final Map<ClientKey, Client> clients = new ConcurrentHashMap<>();
    // Sessions without connection in the order in which something happens to them: expiry or delayed will.
    private final TreeSet<Session> offline = new TreeSet<>(Comparator.<Session>comparingLong(s -> s.endsAtNanos)
            .thenComparing(s -> s.key().stored()));
    private final AtomicLong lastQueue = new AtomicLong();
    private final AtomicLong willOctets = new AtomicLong();
    private final SessionLimits limits;
    private final QueueBudget budget;
    private final SessionMetrics metrics;
    private final LiveRouter router;
    private final Subscriptions subscriptions;

    /**
     * @param limits of everything kept
     * @param registry gets the gauges
     * @param clock for what is kept on disk until some time
     */
    public SessionTable(SessionLimits limits, MeterRegistry registry, Clock clock) {
        this.limits = limits;
        this.budget = new QueueBudget(limits.queueOctetsTotalMax());
        this.metrics = new SessionMetrics(registry);
        this.router = new LiveRouter(limits, metrics, clock);
        this.subscriptions = new Subscriptions(router, limits);
        gauge(registry, "sessions", "clients connected or remembered", this::size);
        gauge(registry, "subscriptions", "topic filters of all clients", router::subscriptions);
        gauge(registry, "will.bytes", "octets of the wills of all clients", willOctets::get);
        gauge(registry, "queue", "messages stored for persistent sessions", budget::messages);
        gauge(registry, "queue.bytes", "octets of messages stored for persistent sessions", budget::octets);
        gauge(
                registry,
                "retained",
                "topics with a retained message",
                () -> router.retained().size());
        gauge(
                registry,
                "retained.bytes",
                "octets of retained messages",
                () -> router.retained().octets());
    }

    private static void gauge(MeterRegistry registry, String name, String what, Supplier<Number> value) {
        Gauge.builder("waymark.gateway." + name, value).description(what).register(registry);
    }

    /** Between clients. */
    public LiveRouter router() {
        return router;
    }

    /** Decides SUBSCRIBE and UNSUBSCRIBE. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /** What the table is bound to. */
    public SessionLimits limits() {
        return limits;
    }

    /** Whether there is room for the will of one more client; if so it is taken until {@link #dropWill} or a {@link Departure}. */
    public boolean holdWill(Will will) {
        if (willOctets.addAndGet(weight(will)) > limits.willOctetsMax()) {
            dropWill(will);
            return false;
        }
        return true;
    }

    /** The will was published or is not wanted any more. */
    public void dropWill(Will will) {
        willOctets.addAndGet(-weight(will));
    }

    private static long weight(Will will) {
        return 128L + will.topic().length() + will.payload().length;
    }

    /** Clients connected or remembered. */
    public int size() {
        return clients.size();
    }

    /**
     * Claims the key for a connection.
     *
     * @return done when the connection that held it has let go, or null when the table is full
     */
    public @Nullable CompletionStage<Void> claim(ClientKey key, SessionOwner owner) {
        if (clients.size() >= limits.sessionsMax() && !clients.containsKey(key)) {
            return null;
        }
        SessionOwner[] before = new SessionOwner[1];
        clients.compute(key, (k, known) -> {
            Client client = known == null ? new Client() : known;
            if (client.claimant != null) {
                before[0] = client.claimant;
            }
            client.claimant = owner;
            return client;
        });
        SessionOwner evicted = before[0];
        return evicted == null ? CompletableFuture.completedFuture(null) : evicted.evict();
    }

    /** Gives a claimed key its session. Only when the claim is done and the owner has not been evicted meanwhile. */
    public Attachment attach(ClientKey key, SessionOwner owner, boolean cleanStart, long expirySeconds) {
        Attachment[] result = new Attachment[1];
        clients.compute(key, (k, known) -> {
            if (known == null) {
                throw new IllegalStateException("client must be claimed before it is attached");
            }
            result[0] = attach(key, known, cleanStart, expirySeconds);
            return known;
        });
        Attachment attachment = result[0];
        Departure ended = attachment.ended();
        if (ended != null) {
            router.forget(ended.session());
        }
        attachment.session().owner(owner);
        return attachment;
    }

    private Attachment attach(ClientKey key, Client client, boolean cleanStart, long expirySeconds) {
        Session old = client.session;
        Will will = old == null ? null : takeOffline(old);
        if (old != null && !cleanStart) {
            old.expirySeconds(expirySeconds);
            return new Attachment(old, true, null);
        }
        Session session = create(key, expirySeconds);
        client.session = session;
        return new Attachment(session, false, old == null ? null : new Departure(old, will, true));
    }

    private Session create(ClientKey key, long expirySeconds) {
        SessionQueue queue = expirySeconds == 0 ? null : new SessionQueue(lastQueue.incrementAndGet());
        return create(key, expirySeconds, queue);
    }

    private Session create(ClientKey key, long expirySeconds, @Nullable SessionQueue queue) {
        return new Session(
                key,
                expirySeconds,
                new OutboundQueue(
                        limits.queueCountMax(),
                        limits.queueOctetsMax(),
                        metrics::dropped,
                        queue == null ? null : new Backlog(queue, budget)));
    }

    /**
     * The connection is gone.
     *
     * @param session what it was attached to, or null when it never got that far
     * @param delayedWill to be published unless the client comes back in time; null for none
     * @return whether the session ended with the connection; a will it was to wait for is then due
     */
    public boolean detach(
            ClientKey key, SessionOwner owner, @Nullable Session session, @Nullable Will delayedWill, long nowNanos) {
        boolean ends = session != null && !session.isPersistent();
        boolean[] keeps = {false};
        clients.computeIfPresent(key, (k, client) -> {
            if (client.claimant == owner) {
                client.claimant = null;
            }
            if (ends && client.session == session) {
                client.session = null;
            }
            if (session != null && !ends && client.session == session) {
                session.owner(null);
                putOffline(session, delayedWill, nowNanos);
                keeps[0] = true;
            }
            return client.isEmpty() ? null : client;
        });
        if (delayedWill != null && !keeps[0]) {
            dropWill(delayedWill);
        }
        if (session != null) {
            session.outbound().disconnected();
        }
        if (session != null && ends) {
            session.owner(null);
            router.forget(session);
        }
        return ends;
    }

    private void putOffline(Session session, @Nullable Will will, long nowNanos) {
        synchronized (offline) {
            long seconds = session.expirySeconds();
            session.expiresAtNanos = nowNanos + seconds * 1_000_000_000L;
            session.delayedWill = will;
            session.endsAtNanos = will == null
                    ? session.expiresAtNanos
                    : Math.min(session.expiresAtNanos, nowNanos + will.delaySeconds() * 1_000_000_000L);
            offline.add(session);
        }
    }

    private @Nullable Will takeOffline(Session session) {
        synchronized (offline) {
            offline.remove(session);
            Will will = session.delayedWill;
            session.delayedWill = null;
            if (will != null) {
                dropWill(will);
            }
            return will;
        }
    }

    /**
     * Ends what has expired and brings up the wills that are due; call it once a second or so. The key of a session that ended
     * stays claimed, so that nobody begins a new one before the store has forgotten the old: say {@link #buried} then.
     */
    public List<Departure> expire(long nowNanos) {
        List<Departure> departures = new ArrayList<>(0);
        for (Session session : due(nowNanos)) {
            clients.computeIfPresent(session.key(), (key, client) -> {
                depart(client, session, nowNanos, departures);
                return client;
            });
        }
        for (Departure departure : departures) {
            if (departure.ended()) {
                router.forget(departure.session());
            }
        }
        return departures;
    }

    private List<Session> due(long nowNanos) {
        List<Session> due = new ArrayList<>(0);
        synchronized (offline) {
            for (Session session : offline) {
                if (session.endsAtNanos - nowNanos > 0) {
                    break;
                }
                due.add(session);
            }
        }
        return due;
    }

    private void depart(Client client, Session session, long nowNanos, List<Departure> departures) {
        synchronized (offline) {
            // Claimed: its client is about to come back.
            if (client.claimant != null || !offline.remove(session)) {
                return;
            }
            boolean over = session.expiresAtNanos - nowNanos <= 0;
            departures.add(new Departure(session, session.delayedWill, over));
            if (session.delayedWill != null) {
                dropWill(session.delayedWill);
            }
            session.delayedWill = null;
            if (over) {
                client.session = null;
                Burial burial = new Burial();
                session.burial = burial;
                client.claimant = burial;
            } else {
                session.endsAtNanos = session.expiresAtNanos;
                offline.add(session);
            }
        }
    }

    /** The store has been told to forget the session that {@link #expire} ended. */
    public void buried(Session session) {
        Burial burial = session.burial;
        if (burial == null) {
            return;
        }
        clients.computeIfPresent(session.key(), (key, client) -> {
            if (client.claimant == burial) {
                client.claimant = null;
            }
            return client.isEmpty() ? null : client;
        });
        burial.done.complete(null);
    }

    /** Holds the key of an expired session while the store forgets it. */
    static final class Burial implements SessionOwner {
        final CompletableFuture<Void> done = new CompletableFuture<>();

        @Override
        public CompletionStage<Void> evict() {
            return done;
        }

        @Override
        public void outboundReady() {}
    }

    /** What the store remembers, being taken in at start. One thread. */
    public final class Restoring {
        private final Map<Long, Session> byQueue = new HashMap<>();
        private final long nowNanos;

        private Restoring(long nowNanos) {
            this.nowNanos = nowNanos;
        }

        /**
         * A session found in the store; its expiry counts from now.
         *
         * @throws IllegalArgumentException when key or record are not what this gateway writes
         */
        public void session(String storedKey, byte[] record, int[] qos2PacketIds) {
            ClientKey key = ClientKey.ofStored(storedKey);
            SessionRecord found = SessionRecord.decode(record);
            long number = found.queue() == 0 ? lastQueue.incrementAndGet() + FIRST_OF_THE_NUMBERLESS : found.queue();
            Session session = create(key, found.expirySeconds(), new SessionQueue(number));
            session.restored(record);
            for (int id : qos2PacketIds) {
                session.inbound().restore(id);
            }
            for (Subscription subscription : found.subscriptions()) {
                router.subscribe(session, subscription);
            }
            Client client = new Client();
            client.session = session;
            clients.put(key, client);
            byQueue.put(number, session);
            lastQueue.accumulateAndGet(found.queue(), Math::max);
            putOffline(session, null, nowNanos);
        }

        /** A message found in the store; false when nobody has its queue. */
        public boolean queued(long queue, long sequence, byte[] entry) {
            Session session = byQueue.get(queue);
            if (session != null) {
                session.outbound().restored(sequence, entry);
            }
            return session != null;
        }
    }

    /** Takes in what the store remembers; before anybody connects. First sessions, then queues. */
    public Restoring restoring(long nowNanos) {
        return new Restoring(nowNanos);
    }
}
