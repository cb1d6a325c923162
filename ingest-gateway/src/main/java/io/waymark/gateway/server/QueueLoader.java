package io.waymark.gateway.server;

import io.waymark.gateway.session.QueueLoad;
import io.waymark.storage.queue.QueueTable;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads stored queues away from the event loops. A connection has at most one reading under way, so what waits is bounded. */
final class QueueLoader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueLoader.class);

    private final QueueReader reader;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "gateway-queue-loader");
        made.setDaemon(true);
        return made;
    });

    QueueLoader(QueueReader reader) {
        this.reader = reader;
    }

    /** Told what was read on the caller's event loop. */
    interface Told {
        void loaded(List<QueueTable.Entry> entries, boolean whole);

        void failed(String why);
    }

    void load(LoopContext loop, QueueLoad load, Told told) {
        execute(() -> read(loop, load, told));
    }

    /** Something else that reads queues and may take its time. */
    void execute(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("the loader has ended");
        }
    }

    QueueReader reader() {
        return reader;
    }

    private void read(LoopContext loop, QueueLoad load, Told told) {
        try {
            List<QueueTable.Entry> entries =
                    reader.read(load.queue(), load.from(), QueueLoad.ENTRIES_MAX, QueueLoad.OCTETS_MAX);
            long octets = entries.stream().mapToLong(e -> e.value().length).sum();
            boolean whole = entries.size() < QueueLoad.ENTRIES_MAX && octets < QueueLoad.OCTETS_MAX;
            loop.execute(() -> told.loaded(entries, whole));
        } catch (RuntimeException e) {
            LOG.error("{} cannot be read", load.queue(), e);
            loop.execute(() -> told.failed("the session's messages cannot be read"));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
