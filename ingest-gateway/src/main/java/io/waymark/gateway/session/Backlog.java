package io.waymark.gateway.session;

import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.queue.SessionQueue;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What lies on disk for one session: how much, how far it has been read, what may be removed. Entries are known by sequence
 * number; those up to {@code read} are in memory, in flight or done, those up to {@code durable} can be read. Guarded by its
 * queue.
 *
 * <p>Packet identifiers follow from sequence numbers, so a message keeps its own through a crash without another write.
 */
final class Backlog {
    private static final int PACKET_IDS = 65_535;

    private final SessionQueue queue;
    private final QueueBudget budget;

    // valid for session
    private int count;
    private long octets;
    private long durable;
    private long read;
    private long sentBefore;
    private long sent;
    private boolean marked;
    private int found;
    private long[] done = new long[0];
    private int doneCount;
    // Nothing on disk is over before.
    private long endsAtMillis = Long.MAX_VALUE;

    // valid for connection
    private boolean reading;

    Backlog(SessionQueue queue, QueueBudget budget) {
        this.queue = queue;
        this.budget = budget;
    }

    SessionQueue queue() {
        return queue;
    }

    static int packetId(long sequence) {
        return (int) ((sequence - 1) % PACKET_IDS) + 1;
    }

    // ---- how much

    int count() {
        return count;
    }

    long octets() {
        return octets;
    }

    boolean take(int size) {
        if (!budget.take(size)) {
            return false;
        }
        count++;
        octets += size;
        return true;
    }

    void give(int size) {
        count--;
        octets -= size;
        budget.give(size, 1);
    }

    void giveAll() {
        budget.give(octets, count);
        count = 0;
        octets = 0;
    }

    // ---- how far

    /** Found at start, before any entry: the last number given, and what may have been sent. */
    void marked(long last, long sentTo) {
        marked = true;
        queue.found(last);
        sentBefore = sentTo;
        sent = sentTo;
    }

    /** An entry found at start; without a mark the first ones may have been sent before the crash. */
    void found(long sequence, int size) {
        budget.takeAnyway(size);
        count++;
        octets += size;
        durable = Math.max(durable, sequence);
        queue.found(sequence);
        if (!marked && found++ < OutboundQueue.INFLIGHT_MAX) {
            sentBefore = sequence;
            sent = sequence;
        }
    }

    boolean mayHaveBeenSent(long sequence) {
        return sequence <= sentBefore;
    }

    /** It is being sent. */
    void sent(long sequence) {
        sent = Math.max(sent, sequence);
    }

    /** What may have been sent ends here. */
    long sent() {
        return sent;
    }

    /** The entry is durable; true when everything before it has been read, so that it need not be read back. */
    boolean appended(long sequence) {
        boolean next = read == durable && !reading;
        durable = sequence;
        return next;
    }

    boolean isAllRead() {
        return read >= durable;
    }

    long read() {
        return read;
    }

    void readTo(long sequence) {
        read = Math.max(read, sequence);
    }

    /** What is behind this has to be read again. */
    void unreadBehind(long sequence) {
        read = Math.min(read, sequence);
    }

    /** Begins a reading unless one is under way. */
    @Nullable
    QueueLoad begin(long from) {
        if (reading) {
            return null;
        }
        reading = true;
        return new QueueLoad(queue, from, durable);
    }

    void ended() {
        reading = false;
    }

    // ---- how long

    long endsAtMillis() {
        return endsAtMillis;
    }

    /** Something is over then. */
    void ends(long atMillis) {
        endsAtMillis = Math.min(endsAtMillis, atMillis);
    }

    /** Everything is about to be looked at. */
    void forgetEnds() {
        endsAtMillis = Long.MAX_VALUE;
    }

    /** A part of what is on disk: what is over goes, and is told, except what the client may have had. */
    void age(List<QueueTable.Entry> entries, LongPredicate held, long nowMillis, Consumer<Drop> drops) {
        for (QueueTable.Entry entry : entries) {
            if (held.test(entry.sequence())) {
                continue;
            }
            if (QueueEntry.isOver(entry.value(), nowMillis)) {
                drops.accept(Drop.EXPIRED);
                done(entry.sequence(), entry.value().length);
            } else {
                ends(QueueEntry.endsAtMillis(entry.value()));
            }
        }
    }

    // ---- what may go

    void done(long sequence, int size) {
        give(size);
        if (doneCount == done.length) {
            done = Arrays.copyOf(done, Math.max(8, 2 * doneCount));
        }
        done[doneCount++] = sequence;
    }

    long[] takeDone() {
        long[] taken = Arrays.copyOf(done, doneCount);
        doneCount = 0;
        return taken;
    }
}
