package io.waymark.storage.spool;

import io.waymark.storage.note.NoteChange;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.queue.SessionQueue;
import io.waymark.storage.retained.RetainedChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one commit must make durable together.
 *
 * @param message appended to the spool, or null
 * @param session state changed in the same batch, or null
 * @param queues changes of sessions' queues in the same batch
 * @param retained change of what a topic holds in the same batch, or null
 * @param more messages right behind the first, in order; none without a first
 * @param notes changes of notes in the same batch, in order
 */
public record SpoolWrite(
        @Nullable SpoolMessage message,
        @Nullable SessionWrite session,
        List<QueueChange> queues,
        @Nullable RetainedChange retained,
        List<SpoolMessage> more,
        List<NoteChange> notes) {
    /** Copies the lists. */
    public SpoolWrite {
        queues = List.copyOf(queues);
        more = List.copyOf(more);
        notes = List.copyOf(notes);
        if (message == null && !more.isEmpty()) {
            throw new IllegalArgumentException("there must be a first message before " + more.size() + " more");
        }
    }

    /** One message and no notes. */
    public SpoolWrite(
            @Nullable SpoolMessage message,
            @Nullable SessionWrite session,
            List<QueueChange> queues,
            @Nullable RetainedChange retained) {
        this(message, session, queues, retained, List.of(), List.of());
    }

    /** Nothing for queues or topics. */
    public SpoolWrite(@Nullable SpoolMessage message, @Nullable SessionWrite session) {
        this(message, session, List.of(), null);
    }

    /** Messages one behind the other, and notes. */
    public static SpoolWrite of(List<SpoolMessage> messages, List<NoteChange> notes) {
        return new SpoolWrite(
                messages.isEmpty() ? null : messages.get(0),
                null,
                List.of(),
                null,
                messages.isEmpty() ? messages : messages.subList(1, messages.size()),
                notes);
    }

    /** Only changes of queues. */
    public static SpoolWrite ofQueues(List<QueueChange> queues) {
        return new SpoolWrite(null, null, queues, null);
    }

    /** A change of one client's session state. */
    public sealed interface SessionWrite {
        /** The MQTT client identifier. */
        String clientId();

        /** Remembers an inbound QoS 2 packet identifier until its PUBREL. */
        record AddQos2(String clientId, int packetId) implements SessionWrite {}

        /** PUBREL arrived: the identifier is free again. */
        record RemoveQos2(String clientId, int packetId) implements SessionWrite {}

        /** Stores the session's own record (subscriptions, expiry), opaque to the store. */
        record PutSession(String clientId, byte[] state) implements SessionWrite {}

        /** Forgets session record, QoS 2 identifiers and the session's queue if it has one. */
        record DeleteSession(String clientId, @Nullable SessionQueue queue) implements SessionWrite {
            /** A session without queue. */
            public DeleteSession(String clientId) {
                this(clientId, null);
            }
        }
    }
}
