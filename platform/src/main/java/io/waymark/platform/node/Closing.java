package io.waymark.platform.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, to be stopped in reverse order. One part's failure or slowness keeps the others from nothing but
 * time.
 */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** A part that was started. */
    private record Part(String name, AutoCloseable closeable) {}

    private final Deque<Part> parts = new ArrayDeque<>();
    private volatile String current = "";

    /** Adds a part; it is stopped before those added earlier. */
    void add(String name, AutoCloseable part) {
        parts.push(new Part(name, part));
    }

    /** Stops everything, or as much of it as the time allows: every store recovers from what is left. */
    void close(Duration atMost) throws InterruptedException {
        Thread stopper = new Thread(this::closeAll, "waymark-stop");
        stopper.setDaemon(true);
        stopper.start();
        if (!joined(stopper, atMost)) {
            LOG.error("{} did not stop within {} s; leaving it behind", current, atMost.toSeconds());
        }
    }

    private static boolean joined(Thread thread, Duration atMost) throws InterruptedException {
        thread.join(atMost.toMillis());
        return !thread.isAlive();
    }

    private void closeAll() {
        List<String> stopped = new ArrayList<>();
        for (Part part = parts.poll(); part != null; part = parts.poll()) {
            current = part.name();
            long begin = System.nanoTime();
            try {
                part.closeable().close();
            } catch (Exception | Error e) {
                LOG.error("{} did not stop cleanly", part.name(), e);
            }
            stopped.add(part.name() + " " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
        }
        if (!stopped.isEmpty()) {
            LOG.info("Stopped {}", String.join(", ", stopped));
        }
    }
}
