package io.waymark.resolver.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads for what would hold an event loop up: signatures, key derivation, deciding writes. Bounded. */
public final class Workers implements Executor, AutoCloseable {
    private static final int QUEUE_MAX = 1024;
    private static final long STOP_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final ThreadPoolExecutor pool;

    /**
     * @param metrics shows how many wait
     */
    public Workers(MeterRegistry metrics) {
        this("workers", Math.max(2, Runtime.getRuntime().availableProcessors() / 2), metrics);
    }

    private Workers(String name, int threads, MeterRegistry metrics) {
        BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
        this.pool = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                queue,
                new DefaultThreadFactory("waymark-resolver-" + name, true));
        Gauge.builder("waymark.resolver." + name + ".queue", queue, BlockingQueue::size)
                .description("Requests waiting for one of the " + name + ", at most " + QUEUE_MAX)
                .register(metrics);
    }

    /** Others, for what strangers can make the node compute: they take at most half of the processors. */
    public static Workers forProofs(MeterRegistry metrics) {
        return new Workers("proofs", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), metrics);
    }

    /** Others, for the private keys of TLS handshakes: a flood of these slows down only handshakes. */
    public static Workers forHandshakes(MeterRegistry metrics) {
        return new Workers("handshakes", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), metrics);
    }

    /**
     * Runs later.
     *
     * @throws RejectedExecutionException if too many wait already
     */
    @Override
    public void execute(Runnable work) {
        pool.execute(work);
    }

    /** Runs later, or not at all if too many wait already: for what is tried again anyway. */
    public void tryExecute(Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("too many wait for a worker, skipped", e);
        }
    }

    /** Finishes what was taken, for a short while. */
    @Override
    public void close() {
        stop(pool);
    }

    /** Has a pool finish what it took, for a short while. */
    static void stop(ExecutorService pool) {
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
