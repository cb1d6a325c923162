package io.waymark.gateway.server;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/** Why a connection is not read; it is read when there is no reason left. Event loop only. */
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

    private final Channel channel;
    private final AtomicInteger pausedConnections;
    private int reasons;
    private boolean ended;

    /** @param pausedConnections counts this connection while it is paused */
    ReadPause(Channel channel, AtomicInteger pausedConnections) {
        this.channel = channel;
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
            channel.config().setAutoRead(false);
        }
        reasons |= why.bit;
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
        }
    }
}
