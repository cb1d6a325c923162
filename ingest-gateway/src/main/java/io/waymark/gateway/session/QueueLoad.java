package io.waymark.gateway.session;

import io.waymark.storage.queue.SessionQueue;

/**
 * A part of a session's stored queue to be read for its connection.
 *
 * @param queue whose
 * @param from first sequence number wanted
 * @param durable highest one that can be there
 */
public record QueueLoad(SessionQueue queue, long from, long durable) {
    /** Most entries read at once. */
    public static final int ENTRIES_MAX = 64;

    /** About the most octets read at once. */
    public static final long OCTETS_MAX = 256 * 1024;
}
