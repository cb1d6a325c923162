package io.waymark.resolver.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocal;
import io.waymark.resolver.admin.Origin;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FastResolution;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads for the requests that an event loop could not answer from memory: they read the disk, and take the general path.
 * Bounded; what finds no room is to be answered SERVER_TOO_BUSY.
 */
public final class ColdPath implements Executor, AutoCloseable {
    /**
     * Bounds.
     *
     * @param threads reads under way at once
     * @param queueMax requests waiting for one of them
     */
    public record Limits(int threads, int queueMax) {
        /** Refuses bounds below 1. */
        public Limits {
            if (threads < 1 || queueMax < 1) {
                throw new IllegalArgumentException(
                        "cold reads need at least 1 thread and 1 place to wait but were given " + threads + " and "
                                + queueMax);
            }
        }

        /** 8 threads, 4096 waiting. */
        public static Limits defaults() {
            return new Limits(8, 4096);
        }
    }

    /** Answers a message the general way: {@link RequestProcessor#process}. */
    public interface General {
        /** Never fails; no frames if the message deserves silence. */
        CompletableFuture<Frames> process(byte[] frame, Origin origin);
    }

    private static final int ROOM = EnvelopeCodec.BYTES + EnvelopeCodec.MAX_MESSAGE_BYTES + 1024;

    private final General general;
    private final ResolverMetrics metrics;
    private final ThreadPoolExecutor pool;
    private final Counter requests;
    private final Counter refused;
    private final FastThreadLocal<FastResolution> resolutions;
    private final FastThreadLocal<ByteBuffer> buffers = new FastThreadLocal<>() {
        @Override
        protected ByteBuffer initialValue() {
            return ByteBuffer.allocateDirect(ROOM);
        }
    };

    /**
     * @param resolutions make one for each thread; they may read the disk
     * @param general answers what they do not
     */
    public ColdPath(
            Limits limits,
            Supplier<FastResolution> resolutions,
            General general,
            ResolverMetrics metrics,
            MeterRegistry registry) {
        this.general = general;
        this.metrics = metrics;
        BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(limits.queueMax());
        this.pool = new ThreadPoolExecutor(
                limits.threads(),
                limits.threads(),
                1,
                TimeUnit.MINUTES,
                queue,
                new DefaultThreadFactory("waymark-resolver-cold", true));
        pool.allowCoreThreadTimeOut(true);
        this.resolutions = new FastThreadLocal<>() {
            @Override
            protected FastResolution initialValue() {
                return resolutions.get();
            }
        };
        this.requests = Counter.builder("waymark.resolver.cold")
                .description("Requests that the event loops could not answer from memory")
                .register(registry);
        this.refused = Counter.builder("waymark.resolver.cold.refused")
                .description("Of those, the ones refused because " + limits.queueMax() + " were waiting")
                .register(registry);
        Gauge.builder("waymark.resolver.cold.queue", queue, BlockingQueue::size)
                .description("Requests waiting for a cold read, at most " + limits.queueMax())
                .register(registry);
    }

    /**
     * Runs something that may wait for the disk.
     *
     * @throws RejectedExecutionException if too many wait already; counted
     */
    @Override
    public void execute(Runnable work) {
        try {
            pool.execute(work);
            requests.increment();
        } catch (RejectedExecutionException e) {
            refused.increment();
            throw e;
        }
    }

    /**
     * Answers a whole message.
     *
     * @param frame envelope first; kept
     * @return the messages of the answer, as from {@link RequestProcessor#process}; null if too many requests wait already
     */
    @Nullable
    CompletableFuture<Frames> process(byte[] frame, Origin origin) {
        CompletableFuture<CompletableFuture<Frames>> answer = new CompletableFuture<>();
        try {
            execute(() -> {
                try {
                    answer.complete(answer(frame, origin));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            return null;
        }
        return answer.thenCompose(frames -> frames);
    }

    private CompletableFuture<Frames> answer(byte[] frame, Origin origin) {
        FastResolution resolution = resolutions.get();
        ByteBuffer out = buffers.get().clear();
        int bytes = resolution.answerOne(Unpooled.wrappedBuffer(frame), 0, frame.length, out);
        if (bytes < 0) {
            return general.process(frame, origin);
        }
        metrics.answered(origin.transport(), resolution.code(), 1);
        byte[] octets = new byte[bytes];
        out.get(0, octets);
        return CompletableFuture.completedFuture(Frames.of(List.of(octets)));
    }

    /** Finishes what was taken, for a short while. */
    @Override
    public void close() {
        Workers.stop(pool);
    }
}
