package io.waymark.resolver.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A few threads for what would hold an event loop up: signatures, key derivation, deciding writes. Bounded. */
public final class Workers implements Executor, AutoCloseable {
    private static final int QUEUE_MAX = 1024;
    private static final long STOP_SECONDS = 2;

    private final ThreadPoolExecutor pool;

    /**
     * @param metrics shows how many wait
     */
    public Workers(MeterRegistry metrics) {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
        BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
        this.pool = new ThreadPoolExecutor(
                threads, threads, 1, TimeUnit.MINUTES, queue, new DefaultThreadFactory("waymark-resolver-work", true));
        Gauge.builder("waymark.resolver.workers.queue", queue, BlockingQueue::size)
                .description("Requests waiting for a worker, at most " + QUEUE_MAX)
                .register(metrics);
    }

    /**
     * Runs later.
     *
     * @throws java.util.concurrent.RejectedExecutionException if too many wait already
     */
    @Override
    public void execute(Runnable work) {
        pool.execute(work);
    }

    /** Finishes what was taken, for a short while. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
