package io.waymark.gateway.bridge;

import io.waymark.storage.spool.Spool;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages of QoS 0 and 1 between an upstream and the spool: offered in the order they came, acknowledged in that order when they
 * are durable, bounded in number. An arrival beyond the bound blocks its thread, and with it the connection.
 *
 * <p>When a connection ends, what was not acknowledged is kept. The upstream's session still holds its packet identifier, so a
 * delivery marked as a repetition with that identifier and the same content is the same message: it is not spooled again and is
 * acknowledged as soon as the first is durable. A message whose acknowledgement was handed to the connection that ended may have
 * been forgotten by the upstream or not, and its identifier be in use again: its repetition counts as a message. That is QoS 1.
 *
 * <p>Any thread.
 */
final class Inbox {
    /** How long a full spool is left alone, in milliseconds. */
    static final long RETRY_MILLIS = 20;

    private enum State {
        /** The spool has not taken it yet. */
        WAITING,
        /** The spool has taken it. */
        OFFERED,
        /** It is durable, or will never enter. */
        SETTLED,
        /** The spool could not write it. */
        FAILED
    }

    private static final class Entry {
        final Arrival arrival;
        final Door.Message message;
        State state = State.WAITING;

        Entry(Arrival arrival, Door.Message message) {
            this.arrival = arrival;
            this.message = message;
        }
    }

    /** An acknowledgement that is due. */
    static final class Due {
        private final long link;
        private final Entry entry;

        private Due(long link, Entry entry) {
            this.link = link;
            this.entry = entry;
        }

        /** The connection it belongs to. */
        long link() {
            return link;
        }

        int packetId() {
            return entry.arrival.packetId();
        }
    }

    private final int window;
    private final Door door;
    private final Function<Arrival, Door.Message> addressing;
    private final BridgeMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Not acknowledged, of the present connection, in order of arrival.
    private final ArrayDeque<Entry> ring = new ArrayDeque<>();
    // Not taken by the spool, in order of arrival.
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    // Not acknowledged, of connections before.
    private final Map<Integer, Entry> orphans = new HashMap<>();
    private long link;
    private boolean open = true;

    /**
     * @param window most messages not acknowledged
     * @param addressing says whose message it is
     */
    Inbox(int window, Door door, Function<Arrival, Door.Message> addressing, BridgeMetrics metrics) {
        this.window = window;
        this.door = door;
        this.addressing = addressing;
        this.metrics = metrics;
    }

    int unacknowledged() {
        return locked(ring::size);
    }

    int waiting() {
        return locked(waiting::size);
    }

    private int locked(IntSupplier what) {
        lock.lock();
        try {
            return what.getAsInt();
        } finally {
            lock.unlock();
        }
    }

    // ---- connections

    /** A new connection is about to be made, the one before is over; its number. */
    long begin() {
        lock.lock();
        try {
            ring.forEach(this::orphan);
            ring.clear();
            changed.signalAll();
            return ++link;
        } finally {
            lock.unlock();
        }
    }

    private void orphan(Entry entry) {
        if (entry.state != State.FAILED) {
            orphans.put(entry.arrival.packetId(), entry);
        }
    }

    /** The upstream has forgotten the session: identifiers start anew. */
    void sessionAbsent() {
        lock.lock();
        try {
            orphans.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, and lets whoever waits for room go. */
    void close() {
        lock.lock();
        try {
            open = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until what came is acknowledged, or time is up. */
    void drain(long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (!ring.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- arrivals

    /** Of QoS 0: taken or given up at once. */
    void unconfirmed(Arrival arrival) {
        Door.Message message = addressing.apply(arrival);
        String refusal = door.refusal(message);
        if (refusal != null) {
            metrics.rejected(refusal);
            door.reject(message, refusal, new Dropping());
        } else if (waiting() > 0 || door.offer(message, null, new Dropping()) != Spool.Offer.ACCEPTED) {
            metrics.dropped("spool_full");
        }
    }

    /** Of QoS 1. Returns when it has its place; an arrival of a connection that is over has none and comes again. */
    void confirmed(long from, Arrival arrival) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (from != link || adopted(arrival)) {
                return;
            }
            while (open && from == link && (ring.size() >= window || waiting.size() >= window)) {
                changed.await();
            }
            if (open && from == link) {
                add(new Entry(arrival, addressing.apply(arrival)));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean adopted(Arrival arrival) {
        Entry known = orphans.remove(arrival.packetId());
        if (known == null || !arrival.duplicate() || !arrival.repeats(known.arrival) || known.state == State.FAILED) {
            return false;
        }
        metrics.duplicate();
        ring.add(known);
        changed.signalAll();
        return true;
    }

    private void add(Entry entry) {
        ring.add(entry);
        String refusal = door.refusal(entry.message);
        if (refusal == null) {
            waiting.add(entry);
            offerWaiting();
        } else {
            reject(entry, refusal);
        }
        changed.signalAll();
    }

    /** What is kept of it must be durable before the upstream forgets it. */
    private void reject(Entry entry, String refusal) {
        metrics.rejected(refusal);
        if (!door.reject(entry.message, refusal, new Writing(entry))) {
            entry.state = State.SETTLED;
        } else if (entry.state == State.WAITING) {
            entry.state = State.OFFERED;
        }
    }

    private void offerWaiting() {
        boolean took = true;
        for (Iterator<Entry> i = waiting.iterator(); took && i.hasNext(); ) {
            Entry entry = i.next();
            took = door.offer(entry.message, null, new Writing(entry)) == Spool.Offer.ACCEPTED;
            if (took) {
                i.remove();
                if (entry.state == State.WAITING) {
                    entry.state = State.OFFERED;
                }
            }
        }
    }

    // ---- acknowledgements

    /**
     * Waits for the next acknowledgement that is due, and meanwhile offers again what the spool had no room for; null when the inbox
     * is closed and nothing is due.
     *
     * @throws Failed when the oldest message could not be written: its connection must end, so that it comes again
     */
    @Nullable
    Due next() throws InterruptedException, Failed {
        lock.lockInterruptibly();
        try {
            Due due = due();
            while (due == null && (open || !ring.isEmpty())) {
                if (waiting.isEmpty()) {
                    changed.await();
                } else if (!changed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    offerWaiting();
                }
                due = due();
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Due due() throws Failed {
        Entry oldest = ring.peek();
        if (oldest == null || oldest.state == State.WAITING || oldest.state == State.OFFERED) {
            return null;
        }
        if (oldest.state == State.FAILED) {
            throw new Failed(link);
        }
        ring.remove();
        changed.signalAll();
        return new Due(link, oldest);
    }

    /** The acknowledgement never left: a repetition of its message is known as one. */
    void unsent(Due due) {
        lock.lock();
        try {
            orphan(due.entry);
        } finally {
            lock.unlock();
        }
    }

    /** Thrown when a message could not be written. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        private final long link;

        Failed(long link) {
            super("a message could not be written", null, false, false);
            this.link = link;
        }

        long link() {
            return link;
        }
    }

    private void settle(Entry entry, State outcome) {
        lock.lock();
        try {
            entry.state = outcome;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Writing implements Spool.Completion {
        private final Entry entry;

        Writing(Entry entry) {
            this.entry = entry;
        }

        @Override
        public void durable(long position) {
            settle(entry, State.SETTLED);
        }

        @Override
        public void failed(Throwable cause) {
            settle(entry, State.FAILED);
        }

        /** The upstream waits for its acknowledgement anyway. */
        @Override
        public boolean isPatient() {
            return true;
        }
    }

    private final class Dropping implements Spool.Completion {
        @Override
        public void durable(long position) {}

        @Override
        public void failed(Throwable cause) {
            metrics.dropped("write_failed");
        }
    }
}
