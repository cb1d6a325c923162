package io.waymark.resolver.admin;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Where the arithmetic happens that strangers can ask for: key derivation, signatures, Diffie-Hellman. It runs on threads
 * of its own, so that it slows down only itself, and one source has at most {@value #PER_SOURCE_MAX} pieces of it waiting.
 * Safe for any thread.
 */
public final class Proofs {
    static final int PER_SOURCE_MAX = 64;

    private final Executor executor;
    private final SourceCounts waiting = new SourceCounts(PER_SOURCE_MAX);
    private final LongAdder refused = new LongAdder();

    /**
     * @param executor few threads, bounded; may throw {@link RejectedExecutionException}
     */
    public Proofs(Executor executor) {
        this.executor = executor;
    }

    /** Computes. The future fails with {@link RejectedExecutionException} if too much waits already. */
    public <T> CompletableFuture<T> compute(InetAddress source, Supplier<T> work) {
        if (!waiting.enter(source)) {
            refused.increment();
            return CompletableFuture.failedFuture(new RejectedExecutionException("one source asks for too much"));
        }
        try {
            return CompletableFuture.supplyAsync(work, executor)
                    .whenComplete((value, failure) -> waiting.leave(source));
        } catch (RejectedExecutionException e) {
            waiting.leave(source);
            refused.increment();
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Pieces of work refused so far. */
    public long refused() {
        return refused.sum();
    }
}
