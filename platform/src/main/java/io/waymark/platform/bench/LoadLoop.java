package io.waymark.platform.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * One generator thread: keeps its links busy from start to end.
 *
 * <p>Closed loop: every link's window is kept full, and the thread sleeps until an answer arrives. Open loop: requests
 * leave on a fixed schedule whatever the answers do; close to the next one the thread spins, because a timer's wake-up
 * (50 µs and more) would otherwise be measured as the server's.
 */
final class LoadLoop implements Callable<Tally> {
    private static final long EXPIRY_EVERY_NANOS = 250_000_000;
    private static final long SPIN_BELOW_NANOS = 1_100_000;

    private final List<? extends Link> links;
    private final LoadPlan plan;
    private final double rate;
    private final long startNanos;
    private final Tally tally;
    private final int refillAt;
    private long sent;
    private int turn;

    /**
     * @param rate requests per second of this thread; 0 = closed loop
     * @param startNanos common to all threads of a run
     */
    LoadLoop(List<? extends Link> links, LoadPlan plan, double rate, long startNanos, Tally tally) {
        this.links = links;
        this.plan = plan;
        this.rate = rate;
        this.startNanos = startNanos;
        this.tally = tally;
        // Refill in handfuls: a system call for one request at a time makes the generator dearer than the server.
        this.refillAt = Math.max(1, Math.min(16, plan.window() / 4));
    }

    /** Runs until the plan's end, or until the thread is interrupted. */
    @Override
    public Tally call() throws IOException {
        try (Selector selector = Selector.open()) {
            for (Link link : links) {
                link.register(selector);
            }
            run(selector);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return tally;
    }

    private void run(Selector selector) throws IOException {
        long measureFrom = startNanos + plan.warmup().toNanos();
        long end = measureFrom + plan.duration().toNanos();
        long nextExpiry = startNanos + EXPIRY_EVERY_NANOS;
        boolean measuring = false;
        for (long now = System.nanoTime(); now - end < 0 && !interrupted(); now = System.nanoTime()) {
            if (!measuring && now - measureFrom >= 0) {
                measuring = true;
                tally.reset();
            }
            long wait = rate > 0 ? sendDue(now) : refill(now);
            for (Link link : links) {
                link.flush();
            }
            await(selector, wait);
            if (now - nextExpiry >= 0) {
                expire(now);
                nextExpiry = now + EXPIRY_EVERY_NANOS;
            }
        }
        expire(System.nanoTime());
    }

    private static boolean interrupted() {
        return Thread.currentThread().isInterrupted();
    }

    /** Fills every window; there is nothing to do until an answer arrives. */
    private long refill(long now) throws IOException {
        for (Link link : links) {
            int room = link.room();
            if (room >= refillAt || link.inFlight() == 0) {
                for (int i = 0; i < room; i++) {
                    link.send(now);
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /** Sends what is due, round robin; what finds no room stays due, and its latency keeps counting. */
    private long sendDue(long now) throws IOException {
        long due = (long) ((now - startNanos) * 1e-9 * rate);
        int full = 0;
        while (sent < due && full < links.size()) {
            Link link = links.get(turn);
            turn = (turn + 1) % links.size();
            if (link.room() > 0) {
                link.send(dueNanos(sent++));
                full = 0;
            } else {
                full++;
            }
        }
        return full > 0 ? Long.MAX_VALUE : dueNanos(sent) - now;
    }

    private long dueNanos(long n) {
        return startNanos + (long) (n / rate * 1e9);
    }

    private void await(Selector selector, long waitNanos) throws IOException {
        if (waitNanos < SPIN_BELOW_NANOS) {
            Thread.onSpinWait();
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, 1);
        }
    }

    private void ready(SelectionKey key) {
        try {
            ((Link) key.attachment()).receive(tally);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void expire(long now) {
        for (Link link : links) {
            link.expire(now - plan.timeout().toNanos(), tally);
        }
    }
}
