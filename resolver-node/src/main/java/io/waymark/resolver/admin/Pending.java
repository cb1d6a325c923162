package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.RequestMessage;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Challenges that wait for their answers, and sessions. Both are named by one kind of number, positive and unforeseeable.
 * Bounded: beyond {@value #CHALLENGES_MAX} challenges, {@value #CHALLENGE_BYTES_MAX} octets of
 * challenged requests, {@value #SESSIONS_MAX} sessions or {@value #FRESH_MAX} sessions in which nobody has proven
 * anything yet, the oldest are forgotten; and one source has no more than {@value #PER_SOURCE_MAX} challenges and as many
 * unproven sessions, its own oldest being forgotten for the next. Safe for any thread.
 */
public final class Pending {
    static final int CHALLENGES_MAX = 4096;
    static final int SESSIONS_MAX = 10_000;
    /** Sessions anybody may have set up. */
    static final int FRESH_MAX = 2048;
    /** Of challenges and unproven sessions: anybody may ask for them. */
    static final int PER_SOURCE_MAX = 256;
    /** Of the requests challenged, as sent: anybody may send them, and they may be long. */
    static final long CHALLENGE_BYTES_MAX = 16L << 20;

    static final long CHALLENGE_NANOS_MAX = 60_000_000_000L;
    /** What a client may ask for; sessions cost memory, and setting one up again is cheap. */
    static final int SESSION_SECONDS_MAX = 3600;
    /** In a new session somebody must have proven who he is by then. */
    static final long FRESH_NANOS_MAX = 120_000_000_000L;

    private static final int NONCE_BYTES = 16;
    private static final long SECOND = 1_000_000_000L;

    /**
     * A request that waits for its author to prove who he is.
     *
     * @param id in the envelope of challenge and answer
     * @param nonce owned by the value, never written
     * @param original the request
     * @param session the session it was made in
     * @param source where it came from
     * @param bornNanos when
     */
    record Challenge(
            int id,
            byte[] nonce,
            RequestMessage original,
            Optional<Session> session,
            InetAddress source,
            long bornNanos) {
        int bytes() {
            return original.headerAndBody().length;
        }
    }

    /** Whether a session has this number whose owner has proven who he is. */
    public synchronized boolean isProven(int id) {
        return proven.containsKey(id);
    }

    private record Fresh(Session session, InetAddress source, long bornNanos) {}

    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, Challenge> challenges = new LinkedHashMap<>(); // oldest first
    private final SourceQuota challengeQuota = new SourceQuota(PER_SOURCE_MAX);
    private long challengeBytes;
    private final Map<Integer, Fresh> fresh = new LinkedHashMap<>(); // oldest first
    private final SourceQuota freshQuota = new SourceQuota(PER_SOURCE_MAX);
    private long challengesCrowdedOut;
    private long sessionsCrowdedOut;
    private final Map<Integer, Session> proven = new LinkedHashMap<>(16, 0.75f, true); // longest unused first

    // --- challenges

    synchronized Challenge challenge(
            RequestMessage original, Optional<Session> session, InetAddress source, long nowNanos) {
        Challenge challenge = unkept(freshId(), original, session, source, nowNanos);
        challengeQuota.add(source, challenge.id()).ifPresent(oldest -> crowdOut(challenges.get(oldest)));
        makeRoom(challenge.bytes(), nowNanos);
        challenges.put(challenge.id(), challenge);
        challengeBytes += challenge.bytes();
        return challenge;
    }

    /** A challenge somebody else keeps. */
    Challenge unkept(int id, RequestMessage original, Optional<Session> session, InetAddress source, long nowNanos) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return new Challenge(id, nonce, original, session, source, nowNanos);
    }

    /** The challenge with this number, which from now on is answered. */
    synchronized Optional<Challenge> take(int id, long nowNanos) {
        Optional<Challenge> taken = Optional.ofNullable(challenges.get(id));
        taken.ifPresent(this::forget);
        return taken.filter(c -> !isExpired(c, nowNanos));
    }

    /** The latest challenge made in the session, for clients that answer with the session's number. */
    synchronized Optional<Challenge> takeOf(Session session, long nowNanos) {
        Optional<Challenge> latest = challenges.values().stream()
                .filter(c -> c.session().filter(s -> s == session).isPresent())
                .reduce((older, newer) -> newer);
        return latest.flatMap(c -> take(c.id(), nowNanos));
    }

    static boolean isExpired(Challenge challenge, long nowNanos) {
        return nowNanos - challenge.bornNanos() > CHALLENGE_NANOS_MAX;
    }

    private void forget(@Nullable Challenge challenge) {
        if (challenge != null && challenges.remove(challenge.id()) != null) {
            challengeQuota.remove(challenge.source(), challenge.id());
            challengeBytes -= challenge.bytes();
        }
    }

    private void makeRoom(int bytes, long nowNanos) {
        while (!challenges.isEmpty()) {
            Challenge oldest = challenges.values().iterator().next();
            boolean crowded = challenges.size() >= CHALLENGES_MAX || challengeBytes + bytes > CHALLENGE_BYTES_MAX;
            if (!crowded && !isExpired(oldest, nowNanos)) {
                return;
            }
            if (isExpired(oldest, nowNanos)) {
                forget(oldest);
            } else {
                crowdOut(oldest);
            }
        }
    }

    private void crowdOut(@Nullable Challenge challenge) {
        challengesCrowdedOut++;
        forget(challenge);
    }

    // --- sessions

    synchronized Session open(
            byte[] secret, ValueReference claimed, int timeoutSeconds, InetAddress source, long nowNanos) {
        int seconds = timeoutSeconds <= 0 ? SESSION_SECONDS_MAX : Math.min(timeoutSeconds, SESSION_SECONDS_MAX);
        Session session = new Session(freshId(), secret, claimed, seconds * SECOND, nowNanos);
        freshQuota.add(source, session.id()).ifPresent(oldest -> {
            fresh.remove(oldest);
            sessionsCrowdedOut++;
        });
        dropFresh(nowNanos);
        fresh.put(session.id(), new Fresh(session, source, nowNanos));
        return session;
    }

    /** Somebody proved in the session who he is: strangers cannot crowd it out any more. */
    synchronized void prove(Session session, ValueReference identity, long nowNanos) {
        session.prove(identity);
        Fresh entry = fresh.remove(session.id());
        if (entry != null) {
            freshQuota.remove(entry.source(), session.id());
            dropProven(nowNanos);
            proven.put(session.id(), session);
        }
    }

    synchronized Optional<Session> session(int id, long nowNanos) {
        Fresh young = fresh.get(id);
        if (young != null) {
            return isStale(young, nowNanos) ? Optional.empty() : Optional.of(young.session());
        }
        return Optional.ofNullable(proven.get(id)).filter(s -> !s.isExpired(nowNanos));
    }

    /** The session a message with this number was encrypted in: that of the challenge it answers, it may be. */
    synchronized Optional<Session> sessionOf(int id, long nowNanos) {
        return session(id, nowNanos)
                .or(() -> Optional.ofNullable(challenges.get(id)).flatMap(Challenge::session));
    }

    synchronized void close(Session session) {
        Fresh entry = fresh.remove(session.id());
        if (entry != null) {
            freshQuota.remove(entry.source(), session.id());
        }
        proven.remove(session.id());
    }

    private static boolean isStale(Fresh entry, long nowNanos) {
        return nowNanos - entry.bornNanos() > FRESH_NANOS_MAX || entry.session().isExpired(nowNanos);
    }

    private void dropFresh(long nowNanos) {
        Iterator<Fresh> oldest = fresh.values().iterator();
        while (oldest.hasNext()) {
            Fresh entry = oldest.next();
            if (fresh.size() < FRESH_MAX && !isStale(entry, nowNanos)) {
                return;
            }
            sessionsCrowdedOut += isStale(entry, nowNanos) ? 0 : 1;
            oldest.remove();
            freshQuota.remove(entry.source(), entry.session().id());
        }
    }

    private void dropProven(long nowNanos) {
        Iterator<Session> longestUnused = proven.values().iterator();
        while (longestUnused.hasNext()) {
            boolean expired = longestUnused.next().isExpired(nowNanos);
            if (!expired && proven.size() < SESSIONS_MAX) {
                return;
            }
            sessionsCrowdedOut += expired ? 0 : 1;
            longestUnused.remove();
        }
    }

    // --- figures

    /** Challenges that wait. */
    public synchronized int challenges() {
        return challenges.size();
    }

    /** Sessions known. */
    public synchronized int sessions() {
        return fresh.size() + proven.size();
    }

    /** Challenges forgotten before they were answered, for others. */
    public synchronized long challengesCrowdedOut() {
        return challengesCrowdedOut;
    }

    /** Sessions forgotten before they ended, for others. */
    public synchronized long sessionsCrowdedOut() {
        return sessionsCrowdedOut;
    }

    /** A number no challenge and no session has. */
    synchronized int freshId() {
        int id;
        do {
            id = random.nextInt(1, Integer.MAX_VALUE);
        } while (challenges.containsKey(id) || fresh.containsKey(id) || proven.containsKey(id));
        return id;
    }
}
