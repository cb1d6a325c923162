package io.waymark.gateway.server;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Why a connection's packets are not decoded; they are when there is no reason left. While the reason is a slow spool, Kafka or
 * quota, a little more is read and kept, for there may be a PINGREQ in it. Event loop only.
 */
final class ReadPause {
    /** A reason. */
    enum Reason {
        /** CONNECT is being answered. */
        CONNECTING(1),
        /** The spool is full. */
        SPOOL_FULL(2),
        /** Too many of its messages are unacknowledged. */
        WINDOW(4),
        /** It does not read what we send. */
        UNWRITABLE(8),
        /** The server stops. */
        STOPPING(16),
        /** Its device or group sends more than it may. */
        QUOTA(32);

        private final int bit;

        Reason(int bit) {
            this.bit = bit;
        }
    }

    /** Beyond it no more is read of a connection that is paused. */
    static final int KEPT_OCTETS_MAX = 64 << 10;
    /** Beyond it no more is read of any connection that is paused. */
    static final long KEPT_OCTETS_TOTAL_MAX = 32L << 20;

    private static final int LISTENING = Reason.SPOOL_FULL.bit | Reason.WINDOW.bit | Reason.QUOTA.bit;

    private final Channel channel;
    private final AtomicInteger pausedConnections;
    private final AtomicLong keptOctets;
    private int reasons;
    private int kept;
    private boolean ended;

    /**
     * @param pausedConnections counts this connection while it is paused
     * @param keptOctets counts what is kept of it meanwhile
     */
    ReadPause(Channel channel, AtomicInteger pausedConnections, AtomicLong keptOctets) {
        this.channel = channel;
        this.keptOctets = keptOctets;
        this.pausedConnections = pausedConnections;
    }

    boolean isPaused() {
        return reasons != 0;
    }

    boolean is(Reason why) {
        return (reasons & why.bit) != 0;
    }

    /** Whether the client itself is not the reason. */
    boolean isOurs() {
        return (reasons & ~Reason.UNWRITABLE.bit) != 0;
    }

    void begin(Reason why) {
        if (ended) {
            return;
        }
        if (reasons == 0) {
            pausedConnections.incrementAndGet();
        }
        reasons |= why.bit;
        if (!listens()) {
            channel.config().setAutoRead(false);
        }
    }

    /** Whether it is paused and signs of life are answered nevertheless. */
    boolean listens() {
        return reasons != 0 && (reasons & ~LISTENING) == 0;
    }

    /** So many octets wait to be decoded: whether more is read while it is paused. */
    void keeps(int octets) {
        if (reasons == 0) {
            return;
        }
        long total = keptOctets.addAndGet((long) octets - kept);
        kept = octets;
        channel.config().setAutoRead(listens() && octets < KEPT_OCTETS_MAX && total < KEPT_OCTETS_TOTAL_MAX);
    }

    private void keepsNothing() {
        keptOctets.addAndGet(-kept);
        kept = 0;
    }

    /** Whether that was the last reason: what was kept is to be decoded, and then, if nothing new came up, read on. */
    boolean end(Reason why) {
        if (reasons == 0) {
            return false;
        }
        reasons &= ~why.bit;
        if (reasons != 0) {
            return false;
        }
        pausedConnections.decrementAndGet();
        keepsNothing();
        return true;
    }

    void readOn() {
        if (reasons == 0) {
            channel.config().setAutoRead(true);
        }
    }

    /** The connection is over: nothing can pause it any more. */
    void close() {
        ended = true;
        if (reasons != 0) {
            reasons = 0;
            pausedConnections.decrementAndGet();
            keepsNothing();
        }
    }
}
