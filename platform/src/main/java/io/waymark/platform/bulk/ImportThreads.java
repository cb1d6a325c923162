package io.waymark.platform.bulk;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one import, gone with it. */
public final class ImportThreads implements AutoCloseable {
    private final ExecutorService executor;
    private final int count;

    /** As many as there are cores. */
    public ImportThreads() {
        AtomicInteger number = new AtomicInteger();
        this.count = Runtime.getRuntime().availableProcessors();
        this.executor = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, "waymark-import-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** How many. */
    public int count() {
        return count;
    }

    /** To run work on. */
    public ExecutorService executor() {
        return executor;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
