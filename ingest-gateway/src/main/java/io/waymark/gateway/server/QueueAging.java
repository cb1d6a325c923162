package io.waymark.gateway.server;

import io.waymark.gateway.session.QueueLoad;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.session.SessionTable;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.queue.SessionQueue;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Removes messages that expired, or waited as long as they may, from the queues of clients that are away: a client that never
 * comes back leaves nothing behind it longer than that. One queue after the other, in portions, so that it holds up neither the
 * disk nor connections that read theirs. One thread.
 */
final class QueueAging {
    private static final int PORTIONS_AT_ONCE = 32;

    private final SessionTable sessions;
    private final QueueReader reader;
    private final Consumer<QueueChange> forget;
    private final ArrayDeque<Session> due = new ArrayDeque<>();
    private @Nullable Session current;
    private long from;

    /** @param forget has the store remove entries */
    QueueAging(SessionTable sessions, QueueReader reader, Consumer<QueueChange> forget) {
        this.sessions = sessions;
        this.reader = reader;
        this.forget = forget;
    }

    /** Goes on where it stopped, a bounded way; with a new round when the last one is over. */
    void advance(long nowMillis) {
        if (current == null && due.isEmpty()) {
            due.addAll(sessions.withOldMessages(nowMillis));
        }
        for (int i = 0; i < PORTIONS_AT_ONCE && begin(); i++) {
            portion(nowMillis);
        }
    }

    /** Whether there is a queue to look at. */
    private boolean begin() {
        if (current == null) {
            current = due.poll();
            from = 0;
            if (current != null) {
                current.outbound().beginAging();
            }
        }
        return current != null;
    }

    private void portion(long nowMillis) {
        Session session = current;
        SessionQueue queue = session == null ? null : session.outbound().stored();
        current = null;
        if (session == null || queue == null) {
            return;
        }
        List<QueueTable.Entry> entries = reader.read(queue, from, QueueLoad.ENTRIES_MAX, QueueLoad.OCTETS_MAX);
        if (session.outbound().age(entries, entries.isEmpty(), nowMillis)) {
            from = entries.get(entries.size() - 1).sequence() + 1;
            current = session;
        }
        long[] done = session.outbound().takeDone();
        if (done.length > 0) {
            forget.accept(new QueueChange.Remove(queue, done));
        }
    }
}
