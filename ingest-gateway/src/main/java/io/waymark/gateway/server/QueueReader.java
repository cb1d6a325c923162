package io.waymark.gateway.server;

import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.queue.SessionQueue;
import java.util.List;

/** What the server reads of the store. */
@FunctionalInterface
public interface QueueReader {
    /** As {@code Spool.readQueue}: takes its time. */
    List<QueueTable.Entry> read(SessionQueue queue, long from, int entriesMax, long octetsMax);
}
