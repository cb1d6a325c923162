package io.waymark.gateway.server;

import io.waymark.gateway.session.TimerWheel;
import java.util.concurrent.TimeUnit;

/** How long one connection may be silent; one timer, whatever it waits for. Event loop only. */
final class Deadlines {
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TimerWheel wheel;
    private final TimerWheel.Timeout timeout;
    private long keepAliveNanos;
    private long lastReadNanos = System.nanoTime();

    /** @param passed what to do when the time is up */
    Deadlines(TimerWheel wheel, Runnable passed) {
        this.wheel = wheel;
        this.timeout = new TimerWheel.Timeout(passed);
    }

    /** Octets came. */
    void read() {
        lastReadNanos = System.nanoTime();
    }

    /** When octets came last: {@link System#nanoTime}. */
    long lastReadNanos() {
        return lastReadNanos;
    }

    /** CONNECT must be answered by then. */
    void connecting(long nanos) {
        wheel.set(timeout, lastReadNanos + nanos);
    }

    /** From now on the client must be heard every one and a half of these; 0 = it may be silent. */
    void connected(int keepAliveSeconds) {
        keepAliveNanos = TimeUnit.MILLISECONDS.toNanos(keepAliveSeconds * 1_500L);
        wheel.cancel(timeout);
        if (keepAliveNanos > 0) {
            wheel.set(timeout, System.nanoTime() + keepAliveNanos);
        }
    }

    /**
     * Whether the client has been silent for too long; if not, the timer is set again.
     *
     * @param excused its silence is our doing
     */
    boolean isSilent(boolean excused) {
        long now = System.nanoTime();
        if (!excused && now - lastReadNanos >= keepAliveNanos) {
            return true;
        }
        wheel.set(timeout, (excused ? now : lastReadNanos) + keepAliveNanos);
        return false;
    }

    long keepAliveMillis() {
        return keepAliveNanos / 1_000_000;
    }

    /** The client has been told the reason and is to close by itself. */
    void ending() {
        wheel.set(timeout, System.nanoTime() + LINGER_NANOS);
    }

    void cancel() {
        wheel.cancel(timeout);
    }
}
