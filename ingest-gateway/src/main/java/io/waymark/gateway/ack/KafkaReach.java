package io.waymark.gateway.ack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * How far Kafka has come, and who waits for it to come further. Whoever waits bounds how many do. Any thread.
 */
public final class KafkaReach {
    private record Wait(long position, CompletableFuture<Void> there) {}

    private final PriorityQueue<Wait> waits = new PriorityQueue<>(Comparator.comparingLong(Wait::position));
    private long reached;

    /**
     * Completes when Kafka has committed everything up to this position of the spool, on the forwarder's thread; now if it has.
     * Whoever ends it himself waits no more.
     */
    public CompletableFuture<Void> at(long position) {
        Wait wait = new Wait(position, new CompletableFuture<>());
        synchronized (this) {
            if (position <= reached) {
                return CompletableFuture.completedFuture(null);
            }
            waits.add(wait);
        }
        wait.there.whenComplete((done, failure) -> {
            if (failure != null) {
                forget(wait);
            }
        });
        return wait.there;
    }

    private synchronized void forget(Wait wait) {
        waits.remove(wait);
    }

    /** Kafka has committed everything up to here. One thread at a time. */
    public void reached(long position) {
        take(position).forEach(wait -> wait.there.complete(null));
    }

    private synchronized List<Wait> take(long position) {
        reached = Math.max(reached, position);
        List<Wait> there = new ArrayList<>(0);
        for (Wait next = waits.peek(); next != null && next.position <= reached; next = waits.peek()) {
            there.add(next);
            waits.remove();
        }
        return there;
    }

    /** How many wait. */
    public synchronized int waiting() {
        return waits.size();
    }
}
