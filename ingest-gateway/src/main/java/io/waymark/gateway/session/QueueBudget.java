package io.waymark.gateway.session;

import java.util.concurrent.atomic.AtomicLong;

/** What all stored queues together may take. Any thread. */
final class QueueBudget {
    private final long octetsMax;
    private final AtomicLong octets = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();

    QueueBudget(long octetsMax) {
        this.octetsMax = octetsMax;
    }

    /** Takes room for one message; false when there is none. */
    boolean take(int size) {
        if (octets.addAndGet(size) > octetsMax) {
            octets.addAndGet(-size);
            return false;
        }
        messages.incrementAndGet();
        return true;
    }

    /** For a message that is there already, whether there is room or not. */
    void takeAnyway(int size) {
        octets.addAndGet(size);
        messages.incrementAndGet();
    }

    void give(long size, long count) {
        octets.addAndGet(-size);
        messages.addAndGet(-count);
    }

    long octets() {
        return octets.get();
    }

    long messages() {
        return messages.get();
    }
}
