package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.RequestMessage;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Challenges that wait for their answers, and sessions. Both are named by one kind of number, positive and unforeseeable.
 * Bounded: beyond {@value #CHALLENGES_MAX} challenges, {@value #CHALLENGE_BYTES_MAX} octets of
 * challenged requests or {@value #SESSIONS_MAX} sessions the oldest are forgotten. Safe for
 * any thread.
 */
public final class Pending {
    static final int CHALLENGES_MAX = 4096;
    static final int SESSIONS_MAX = 10_000;
    /** Of the requests challenged, as sent: anybody may send them, and they may be long. */
    static final long CHALLENGE_BYTES_MAX = 16L << 20;

    static final long CHALLENGE_NANOS_MAX = 60_000_000_000L;
    /** What a client may ask for; sessions cost memory, and setting one up again is cheap. */
    static final int SESSION_SECONDS_MAX = 3600;

    private static final int NONCE_BYTES = 16;
    private static final long SECOND = 1_000_000_000L;

    /**
     * A request that waits for its author to prove who he is.
     *
     * @param id in the envelope of challenge and answer
     * @param nonce owned by the value, never written
     * @param original the request
     * @param session the session it was made in
     * @param bornNanos when
     */
    record Challenge(int id, byte[] nonce, RequestMessage original, Optional<Session> session, long bornNanos) {
        int bytes() {
            return original.headerAndBody().length;
        }
    }

    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, Challenge> challenges = new LinkedHashMap<>(); // oldest first
    private long challengeBytes;
    private final Map<Integer, Session> sessions = new LinkedHashMap<>(16, 0.75f, true); // longest unused first

    synchronized Challenge challenge(RequestMessage original, Optional<Session> session, long nowNanos) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Challenge challenge = new Challenge(freshId(), nonce, original, session, nowNanos);
        makeRoom(challenge.bytes(), nowNanos);
        challenges.put(challenge.id(), challenge);
        challengeBytes += challenge.bytes();
        return challenge;
    }

    /** The challenge with this number, which from now on is answered. */
    synchronized Optional<Challenge> take(int id, long nowNanos) {
        Optional<Challenge> taken = Optional.ofNullable(challenges.remove(id));
        taken.ifPresent(c -> challengeBytes -= c.bytes());
        return taken.filter(c -> !isExpired(c, nowNanos));
    }

    /** The latest challenge made in the session, for clients that answer with the session's number. */
    synchronized Optional<Challenge> takeOf(Session session, long nowNanos) {
        Optional<Challenge> latest = challenges.values().stream()
                .filter(c -> c.session().filter(s -> s == session).isPresent())
                .reduce((older, newer) -> newer);
        return latest.flatMap(c -> take(c.id(), nowNanos));
    }

    synchronized Session open(byte[] secret, ValueReference claimed, int timeoutSeconds, long nowNanos) {
        int seconds = timeoutSeconds <= 0 ? SESSION_SECONDS_MAX : Math.min(timeoutSeconds, SESSION_SECONDS_MAX);
        Session session = new Session(freshId(), secret, claimed, seconds * SECOND, nowNanos);
        dropSessions(nowNanos);
        sessions.put(session.id(), session);
        return session;
    }

    synchronized Optional<Session> session(int id, long nowNanos) {
        return Optional.ofNullable(sessions.get(id)).filter(s -> !s.isExpired(nowNanos));
    }

    synchronized void close(Session session) {
        sessions.remove(session.id());
    }

    /** Challenges that wait. */
    public synchronized int challenges() {
        return challenges.size();
    }

    /** Sessions known. */
    public synchronized int sessions() {
        return sessions.size();
    }

    private int freshId() {
        int id;
        do {
            id = random.nextInt(1, Integer.MAX_VALUE);
        } while (challenges.containsKey(id) || sessions.containsKey(id));
        return id;
    }

    private static boolean isExpired(Challenge challenge, long nowNanos) {
        return nowNanos - challenge.bornNanos() > CHALLENGE_NANOS_MAX;
    }

    private void makeRoom(int bytes, long nowNanos) {
        Iterator<Challenge> oldest = challenges.values().iterator();
        while (oldest.hasNext()) {
            Challenge challenge = oldest.next();
            boolean crowded = challenges.size() >= CHALLENGES_MAX || challengeBytes + bytes > CHALLENGE_BYTES_MAX;
            if (!crowded && !isExpired(challenge, nowNanos)) {
                return;
            }
            oldest.remove();
            challengeBytes -= challenge.bytes();
        }
    }

    private void dropSessions(long nowNanos) {
        Iterator<Session> longestUnused = sessions.values().iterator();
        while (longestUnused.hasNext()
                && (longestUnused.next().isExpired(nowNanos) || sessions.size() >= SESSIONS_MAX)) {
            longestUnused.remove();
        }
    }
}
