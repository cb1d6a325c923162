package io.waymark.gateway.server;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How fast one address may open connections: so many in a second, and after a quiet time a burst of twenty seconds' worth at once.
 * An IPv6 network of 64 bits counts as one address. A fixed table: two addresses in one slot share its rate. Any thread.
 */
final class ConnectRate {
    private static final int SLOTS = 1 << 14;
    private static final long BURST_SECONDS = 20;
    private static final long NANOS = 1_000_000_000L;

    private final long nanosEach;
    // When the slot's budget is whole again; times relative to the start.
    private final AtomicLongArray wholeAt = new AtomicLongArray(SLOTS);

    /** @param perSecond 0 = as fast as it likes */
    ConnectRate(int perSecond) {
        this.nanosEach = perSecond == 0 ? 0 : NANOS / perSecond;
    }

    /** Whether the address may open one more now. */
    boolean allows(InetAddress address, long nanosSinceStart) {
        if (nanosEach == 0) {
            return true;
        }
        int slot = slot(address);
        while (true) {
            long before = wholeAt.get(slot);
            long after = Math.max(before, nanosSinceStart) + nanosEach;
            if (after - nanosSinceStart > BURST_SECONDS * NANOS) {
                return false;
            }
            if (wholeAt.compareAndSet(slot, before, after)) {
                return true;
            }
        }
    }

    private static int slot(InetAddress address) {
        byte[] octets = address.getAddress();
        int hash = Arrays.hashCode(octets.length == 16 ? Arrays.copyOf(octets, 8) : octets) * 0x9E37_79B9;
        return hash >>> 18;
    }
}
