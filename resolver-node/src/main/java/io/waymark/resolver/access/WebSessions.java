package io.waymark.resolver.access;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.ValueReference;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sessions of administrators on the web. Only whoever has proven a key gets one. Bounded: of one identity the longest unused
 * beyond {@value #PER_IDENTITY_MAX} is forgotten, beyond {@value #MAX} the longest unused of all. Safe for any thread.
 */
final class WebSessions {
    static final int MAX = 10_000;
    static final int PER_IDENTITY_MAX = 64;
    private static final int SPENT_MAX = 100_000;
    static final long IDLE_NANOS_MAX = TimeUnit.MINUTES.toNanos(30);
    static final long LIFE_NANOS_MAX = TimeUnit.HOURS.toNanos(12);

    /**
     * A session.
     *
     * @param id never logged
     * @param nonce of the challenge it began with, base64
     * @param identity the key's place
     * @param keyDigest of the key that was proven: the session ends with the key
     * @param bornNanos when it began
     */
    record Session(String id, String nonce, ValueReference identity, String keyDigest, long bornNanos) {}

    private record Held(Session session, long usedNanos) {
        boolean isExpired(long nowNanos) {
            return nowNanos - usedNanos > IDLE_NANOS_MAX || nowNanos - session.bornNanos() > LIFE_NANOS_MAX;
        }
    }

    private final Map<String, Held> sessions = new LinkedHashMap<>(); // longest unused first
    private final Map<String, Integer> ofIdentity = new HashMap<>();
    /** Challenges that began a session that is over, until they are too old by themselves: a proof serves once. */
    private final Map<String, Long> spent = new LinkedHashMap<>();

    /** Begins a session; empty if the challenge has served before. */
    synchronized Optional<Session> open(
            Challenges.Challenge challenge, ValueReference identity, String keyDigest, long nowNanos) {
        forgetSpent(nowNanos);
        if (sessions.containsKey(challenge.sessionId()) || spent.containsKey(challenge.sessionId())) {
            return Optional.empty();
        }
        makeRoom(identity, nowNanos);
        Session session = new Session(
                challenge.sessionId(),
                Base64.getEncoder().encodeToString(challenge.nonce()),
                identity,
                keyDigest,
                nowNanos);
        sessions.put(session.id(), new Held(session, nowNanos));
        ofIdentity.merge(key(identity), 1, Integer::sum);
        return Optional.of(session);
    }

    /** The session of this number, which is in use now. */
    synchronized Optional<Session> use(String id, long nowNanos) {
        Held held = sessions.remove(id);
        if (held == null) {
            return Optional.empty();
        }
        if (held.isExpired(nowNanos)) {
            ended(held, nowNanos);
            return Optional.empty();
        }
        sessions.put(id, new Held(held.session(), nowNanos));
        return Optional.of(held.session());
    }

    synchronized void close(String id, long nowNanos) {
        Held held = sessions.remove(id);
        if (held != null) {
            ended(held, nowNanos);
        }
    }

    synchronized boolean isSpent(String id) {
        return spent.containsKey(id);
    }

    synchronized int size() {
        return sessions.size();
    }

    private void makeRoom(ValueReference identity, long nowNanos) {
        boolean full = ofIdentity.getOrDefault(key(identity), 0) >= PER_IDENTITY_MAX;
        Iterator<Held> longestUnused = sessions.values().iterator();
        while (longestUnused.hasNext()) {
            Held held = longestUnused.next();
            boolean his = key(held.session().identity()).equals(key(identity));
            if (held.isExpired(nowNanos) || (full && his) || sessions.size() >= MAX) {
                longestUnused.remove();
                ended(held, nowNanos);
                full = full && !his;
            } else if (!full) {
                return;
            }
        }
    }

    private void ended(Held held, long nowNanos) {
        ofIdentity.computeIfPresent(key(held.session().identity()), (k, n) -> n > 1 ? n - 1 : null);
        spent.put(held.session().id(), nowNanos);
    }

    private void forgetSpent(long nowNanos) {
        long age = TimeUnit.SECONDS.toNanos(Challenges.SECONDS_MAX + 1);
        Iterator<Long> oldest = spent.values().iterator();
        while (oldest.hasNext()) {
            boolean harmless = nowNanos - oldest.next() > age;
            if (!harmless && spent.size() < SPENT_MAX) {
                return;
            }
            oldest.remove();
        }
    }

    private static String key(ValueReference identity) {
        return identity.index() + ":" + Handle.foldAscii(identity.handle());
    }
}
