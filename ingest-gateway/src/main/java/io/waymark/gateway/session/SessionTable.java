package io.waymark.gateway.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.packet.Will;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.queue.SessionQueue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
    private final OfflineSessions offline;
    private final AtomicLong lastQueue = new AtomicLong();
    private final WillBudget wills;
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
        this.budget = new QueueBudget(limits.queues().octetsTotalMax());
        this.metrics = new SessionMetrics(registry);
        this.router = new LiveRouter(limits, metrics, clock);
        this.subscriptions = new Subscriptions(router, limits);
        this.wills = new WillBudget(limits.willOctetsMax());
        this.offline = new OfflineSessions(wills);
        metrics.gauge("sessions", "clients connected or remembered", this::size);
        metrics.gauge("subscriptions", "topic filters of all clients", router::subscriptions);
        metrics.gauge("will.bytes", "octets of the wills of all clients", wills::octets);
        metrics.gauge("queue", "messages stored for persistent sessions", budget::messages);
        metrics.gauge("queue.bytes", "octets of messages stored for persistent sessions", budget::octets);
        metrics.gauge(
                "retained",
                "topics with a retained message",
                () -> router.retained().size());
        metrics.gauge(
                "retained.bytes",
                "octets of retained messages",
                () -> router.retained().octets());
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
        return wills.hold(will);
    }

    /** The will was published or is not wanted any more. */
    public void dropWill(Will will) {
        wills.drop(will);
    }

    /** Whether the client is connected or remembered. */
    public boolean isKnown(ClientKey key) {
        return clients.containsKey(key);
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
        Will will = old == null ? null : offline.take(old);
        if (old != null && !cleanStart && !old.forgotten) {
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
                        limits.queues().countMax(),
                        limits.queues().octetsMax(),
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
                offline.put(session, delayedWill, nowNanos);
                keeps[0] = true;
            }
            return client.isEmpty() ? null : client;
        });
        if (delayedWill != null && !keeps[0]) {
            dropWill(delayedWill);
        }
        if (session != null) {
            session.outbound().disconnected();
            router.watch().left(session);
        }
        if (session != null && ends) {
            session.owner(null);
            router.forget(session);
        }
        return ends;
    }

    /**
     * Ends what has expired and brings up the wills that are due; call it once a second or so. The key of a session that ended
     * stays claimed, so that nobody begins a new one before the store has forgotten the old: say {@link #buried} then.
     */
    public List<Departure> expire(long nowNanos) {
        List<Departure> departures = new ArrayList<>(0);
        for (Session session : offline.due(nowNanos)) {
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

    /**
     * The device is forgotten: its sessions without connection end at the next {@link #expire}, others with their connection.
     * Whoever comes under their names before that begins anew.
     */
    public void expireAll(String deviceId, long nowNanos) {
        for (ClientKey each : clients.keySet()) {
            if (each.deviceId().equals(deviceId)) {
                clients.computeIfPresent(each, (key, client) -> forgetSession(client));
            }
        }
        offline.expireAll(deviceId, nowNanos);
    }

    private static Client forgetSession(Client client) {
        if (client.session != null) {
            client.session.forgotten = true;
        }
        return client;
    }

    private void depart(Client client, Session session, long nowNanos, List<Departure> departures) {
        // Claimed: its client is about to come back.
        Departure departure = client.claimant != null ? null : offline.depart(session, nowNanos);
        if (departure == null) {
            return;
        }
        departures.add(departure);
        if (departure.ended()) {
            client.session = null;
            Burial burial = new Burial();
            session.burial = burial;
            client.claimant = burial;
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

    /** Sessions whose clients are away and in whose queues something is over by now. Looks at every client. */
    public List<Session> withOldMessages(long nowMillis) {
        List<Session> found = new ArrayList<>(0);
        for (Client client : clients.values()) {
            Session session = client.session;
            if (session != null && session.outbound().isDue(nowMillis)) {
                found.add(session);
            }
        }
        return found;
    }

    /** How far the queues of remembered sessions have come; when nothing more is sent. Looks at every client. */
    public List<QueueChange> marks() {
        List<QueueChange> marks = new ArrayList<>();
        for (Client client : clients.values()) {
            Session session = client.session;
            QueueChange.Mark mark = session == null ? null : session.outbound().mark();
            if (mark != null) {
                marks.add(mark);
            }
        }
        return marks;
    }

    /** Takes in what the store remembers; before anybody connects. First sessions, then queues. */
    public SessionRestore restoring(long nowNanos) {
        return new SessionRestore(this, nowNanos);
    }

    /**
     * A session found in the store; nobody is connected to it.
     *
     * @param queueNumber of its queue, or 0 when it was stored by a version without queues
     */
    Session restored(ClientKey key, long expirySeconds, long queueNumber, long nowNanos) {
        long number = queueNumber == 0 ? lastQueue.incrementAndGet() + FIRST_OF_THE_NUMBERLESS : queueNumber;
        Session session = create(key, expirySeconds, new SessionQueue(number));
        Client client = new Client();
        client.session = session;
        clients.put(key, client);
        lastQueue.accumulateAndGet(queueNumber, Math::max);
        offline.put(session, null, nowNanos);
        return session;
    }
}
