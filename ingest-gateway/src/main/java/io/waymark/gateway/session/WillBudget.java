package io.waymark.gateway.session;

import io.waymark.gateway.packet.Will;
import java.util.concurrent.atomic.AtomicLong;

/** What the wills of all clients together may take. Any thread. */
final class WillBudget {
    private static final long OVERHEAD_OCTETS = 128;

    private final long octetsMax;
    private final AtomicLong octets = new AtomicLong();

    WillBudget(long octetsMax) {
        this.octetsMax = octetsMax;
    }

    /** Takes room for one; false when there is none. */
    boolean hold(Will will) {
        if (octets.addAndGet(weight(will)) > octetsMax) {
            drop(will);
            return false;
        }
        return true;
    }

    void drop(Will will) {
        octets.addAndGet(-weight(will));
    }

    long octets() {
        return octets.get();
    }

    private static long weight(Will will) {
        return OVERHEAD_OCTETS + will.topic().length() + will.payload().length;
    }
}
