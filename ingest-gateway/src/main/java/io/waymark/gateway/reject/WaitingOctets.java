package io.waymark.gateway.reject;

import java.util.ArrayDeque;

/** Octets on their way to Kafka, bounded. Any thread. */
final class WaitingOctets {
    private record Entry(long position, long octets) {}

    private final long max;
    // In the order of positions.
    private final ArrayDeque<Entry> spooled = new ArrayDeque<>();
    private long held;
    private long reached;

    WaitingOctets(long max) {
        this.max = max;
    }

    /** Takes them, or nothing if there is no room. */
    synchronized boolean reserve(long octets) {
        boolean fits = held + octets <= max;
        held += fits ? octets : 0;
        return fits;
    }

    /** They will not be written. */
    synchronized void release(long octets) {
        held -= octets;
    }

    /** They have their place; called in the order of places. */
    synchronized void spooled(long position, long octets) {
        if (position <= reached) {
            held -= octets;
        } else {
            spooled.add(new Entry(position, octets));
        }
    }

    /** Kafka has committed everything up to here. */
    synchronized void committed(long position) {
        reached = Math.max(reached, position);
        for (Entry oldest = spooled.peek(); oldest != null && oldest.position <= reached; oldest = spooled.peek()) {
            spooled.remove();
            held -= oldest.octets;
        }
    }

    synchronized long held() {
        return held;
    }
}
