package io.waymark.platform.bench;

import java.io.IOException;
import java.nio.channels.Selector;

/** One socket of a load, with a bounded number of requests in flight. Used by one thread. */
interface Link extends AutoCloseable {
    /** Has the selector watch for answers, now and after every reconnect; the key's attachment is this link. */
    void register(Selector selector) throws IOException;

    /** Requests that may be sent now without exceeding the window. */
    int room();

    /**
     * Writes one request, at the latest with the next {@link #flush}.
     *
     * @param dueNanos when it should have left ({@link System#nanoTime}); latency counts from here
     */
    void send(long dueNanos) throws IOException;

    /** Hands to the kernel what {@link #send} has written and there is room for. */
    void flush() throws IOException;

    /** Reads what has arrived and tells the tally. */
    void receive(Tally tally) throws IOException;

    /** Gives up on requests due before the given instant and tells the tally. */
    void expire(long dueBeforeNanos, Tally tally);

    /** Requests without an answer so far. */
    int inFlight();

    @Override
    void close() throws IOException;
}
