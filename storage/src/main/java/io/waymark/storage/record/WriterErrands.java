package io.waymark.storage.record;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/** What the writer thread does for others between two groups. Few and rare: one import at a time. */
final class WriterErrands {
    private record Errand(Runnable work, CompletableFuture<Void> done) {}

    private final Queue<Errand> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** Any thread. Completes on the writer thread, with what the work throws if it throws. */
    CompletableFuture<Void> add(Runnable work) {
        Errand errand = new Errand(work, new CompletableFuture<>());
        waiting.add(errand);
        if (closed) {
            refuse();
        }
        return errand.done();
    }

    /** The writer thread. */
    void run() {
        for (Errand errand = waiting.poll(); errand != null; errand = waiting.poll()) {
            try {
                errand.work().run();
                errand.done().complete(null);
            } catch (RuntimeException | Error e) {
                errand.done().completeExceptionally(e);
            }
        }
    }

    /** When the writer thread has ended. */
    void refuse() {
        closed = true;
        for (Errand errand = waiting.poll(); errand != null; errand = waiting.poll()) {
            errand.done().completeExceptionally(new RejectedExecutionException("record store is closing"));
        }
    }
}
