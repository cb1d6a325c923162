package io.waymark.gateway.session;

import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.storage.queue.SessionQueue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the store remembers of sessions, being taken in at start: first sessions, then what waits for them. One thread. */
public final class SessionRestore {
    private final SessionTable table;
    private final Map<Long, Session> byQueue = new HashMap<>();
    private final long nowNanos;

    SessionRestore(SessionTable table, long nowNanos) {
        this.table = table;
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
        Session session = table.restored(key, found.expirySeconds(), found.queue(), nowNanos);
        session.restored(record);
        for (int id : qos2PacketIds) {
            session.inbound().restore(id);
        }
        for (Subscription subscription : found.subscriptions()) {
            table.router().subscribe(session, subscription);
        }
        SessionQueue queue = session.outbound().stored();
        if (queue != null) {
            byQueue.put(queue.number(), session);
        }
    }

    /** The message an entry of a queue holds, or null when there is none to be sent or it cannot be read. */
    public static @Nullable LiveMessage message(byte[] entry) {
        return QueueEntry.message(entry);
    }

    /** Whether a session has the queue of this number. */
    public boolean hasQueue(long queue) {
        return byQueue.containsKey(queue);
    }

    /** How far a queue had come; false when nobody has it. */
    public boolean marked(long queue, long last, long sent) {
        Session session = byQueue.get(queue);
        if (session != null) {
            session.outbound().marked(last, sent);
        }
        return session != null;
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
