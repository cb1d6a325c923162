package io.waymark.gateway.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Packet identifiers of QoS 2 messages the client has sent and not yet released: the memory that makes a repeated PUBLISH a
 * duplicate. An identifier goes
 *
 * <pre>
 *   (absent) → STORING → STORED → RELEASING → (absent)
 *                 └→ (absent) when the write failed
 * </pre>
 *
 * STORING and RELEASING last as long as the spool's write. Any thread.
 *
 * @see "MQTT 5.0 §4.3.3 QoS 2: Exactly once delivery"
 */
public final class InboundQos2 {
    /** What a PUBLISH with QoS 2 means. */
    public enum Receipt {
        /** A new message: store it, then say {@link #stored} or {@link #failed}. */
        NEW,
        /** A duplicate of a message still being written: the waiter is told how that ends. */
        STORING,
        /** A duplicate of a stored message: acknowledge it again. */
        STORED
    }

    /** What a PUBREL means. */
    public enum Release {
        /** Forget the identifier durably, then say {@link #released}. */
        RELEASING,
        /** No such identifier. */
        UNKNOWN,
        /** The client has not seen a PUBREC yet: a protocol error. */
        TOO_EARLY
    }

    /** Who sent a duplicate while the first was being written. Called on the thread that reports the outcome. */
    @FunctionalInterface
    public interface Waiter {
        /** The write ended. */
        void settled(boolean stored);
    }

    private enum State {
        STORING,
        STORED,
        RELEASING
    }

    private static final class Entry {
        State state;
        final List<Waiter> waiters = new ArrayList<>(0);

        Entry(State state) {
            this.state = state;
        }
    }

    private final Map<Integer, Entry> entries = new HashMap<>();

    /** Identifiers not yet released. */
    public synchronized int size() {
        return entries.size();
    }

    /** An identifier found in the store at start. */
    public synchronized void restore(int packetId) {
        entries.put(packetId, new Entry(State.STORED));
    }

    /** PUBLISH with QoS 2 arrived. */
    public synchronized Receipt publish(int packetId, Waiter waiter) {
        Entry entry = entries.get(packetId);
        if (entry == null || entry.state == State.RELEASING) {
            entries.put(packetId, new Entry(State.STORING));
            return Receipt.NEW;
        }
        if (entry.state == State.STORED) {
            return Receipt.STORED;
        }
        entry.waiters.add(waiter);
        return Receipt.STORING;
    }

    /** The message is durable. */
    public void stored(int packetId) {
        settle(packetId, true);
    }

    /** The message was not written: the identifier is free, a repetition is a new attempt. */
    public void failed(int packetId) {
        settle(packetId, false);
    }

    private void settle(int packetId, boolean stored) {
        List<Waiter> waiters;
        synchronized (this) {
            Entry entry = entries.get(packetId);
            if (entry == null || entry.state != State.STORING) {
                return;
            }
            waiters = entry.waiters;
            if (stored) {
                entries.put(packetId, new Entry(State.STORED));
            } else {
                entries.remove(packetId);
            }
        }
        waiters.forEach(waiter -> waiter.settled(stored));
    }

    /** PUBREL arrived. */
    public synchronized Release release(int packetId) {
        Entry entry = entries.get(packetId);
        if (entry == null) {
            return Release.UNKNOWN;
        }
        if (entry.state == State.STORING) {
            return Release.TOO_EARLY;
        }
        entry.state = State.RELEASING;
        return Release.RELEASING;
    }

    /** The store has forgotten the identifier. */
    public synchronized void released(int packetId) {
        Entry entry = entries.get(packetId);
        if (entry != null && entry.state == State.RELEASING) {
            entries.remove(packetId);
        }
    }
}
