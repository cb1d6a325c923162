package io.waymark.gateway.session;

import io.waymark.gateway.packet.Will;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sessions without connection, in the order in which something happens to them: expiry or delayed will. Any thread. */
final class OfflineSessions {
    private final TreeSet<Session> byEnd = new TreeSet<>(Comparator.<Session>comparingLong(s -> s.endsAtNanos)
            .thenComparing(s -> s.key().stored()));
    private final WillBudget wills;

    OfflineSessions(WillBudget wills) {
        this.wills = wills;
    }

    /** @param will to be published unless the client comes back in time; null for none */
    synchronized void put(Session session, @Nullable Will will, long nowNanos) {
        long seconds = session.forgotten ? 0 : session.expirySeconds();
        session.expiresAtNanos = nowNanos + seconds * 1_000_000_000L;
        session.delayedWill = will;
        session.endsAtNanos = will == null
                ? session.expiresAtNanos
                : Math.min(session.expiresAtNanos, nowNanos + will.delaySeconds() * 1_000_000_000L);
        byEnd.add(session);
    }

    /** Its client is there; returns the will that waited. */
    synchronized @Nullable Will take(Session session) {
        byEnd.remove(session);
        return takeWill(session);
    }

    private @Nullable Will takeWill(Session session) {
        Will will = session.delayedWill;
        session.delayedWill = null;
        if (will != null) {
            wills.drop(will);
        }
        return will;
    }

    /** Those to which something happens by now. */
    synchronized List<Session> due(long nowNanos) {
        List<Session> due = new ArrayList<>(0);
        for (Session session : byEnd) {
            if (session.endsAtNanos - nowNanos > 0) {
                break;
            }
            due.add(session);
        }
        return due;
    }

    /** Those of one device are due now. */
    synchronized void expireAll(String deviceId, long nowNanos) {
        List<Session> its = byEnd.stream()
                .filter(session -> session.key().deviceId().equals(deviceId))
                .toList();
        its.forEach(byEnd::remove);
        for (Session session : its) {
            session.expiresAtNanos = nowNanos;
            session.endsAtNanos = nowNanos;
            byEnd.add(session);
        }
    }

    /** What happens to it now; null when its client came back meanwhile. One that has not ended yet stays. */
    synchronized SessionTable.@Nullable Departure depart(Session session, long nowNanos) {
        if (!byEnd.remove(session)) {
            return null;
        }
        boolean over = session.expiresAtNanos - nowNanos <= 0;
        if (!over) {
            session.endsAtNanos = session.expiresAtNanos;
            byEnd.add(session);
        }
        return new SessionTable.Departure(session, takeWill(session), over);
    }
}
