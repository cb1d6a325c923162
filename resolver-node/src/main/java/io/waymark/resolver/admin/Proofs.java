package io.waymark.resolver.admin;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<ByteBuffer, Integer> waiting = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();

    /**
     * @param executor few threads, bounded; may throw {@link RejectedExecutionException}
     */
    public Proofs(Executor executor) {
        this.executor = executor;
    }

    /** Computes. The future fails with {@link RejectedExecutionException} if too much waits already. */
    public <T> CompletableFuture<T> compute(InetAddress source, Supplier<T> work) {
        ByteBuffer key = SourceQuota.key(source);
        if (waiting.merge(key, 1, Integer::sum) > PER_SOURCE_MAX) {
            leave(key);
            refused.increment();
            return CompletableFuture.failedFuture(new RejectedExecutionException("one source asks for too much"));
        }
        try {
            return CompletableFuture.supplyAsync(work, executor).whenComplete((value, failure) -> leave(key));
        } catch (RejectedExecutionException e) {
            leave(key);
            refused.increment();
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Pieces of work refused so far. */
    public long refused() {
        return refused.sum();
    }

    private void leave(ByteBuffer key) {
        waiting.computeIfPresent(key, (k, n) -> n > 1 ? n - 1 : null);
    }
}
