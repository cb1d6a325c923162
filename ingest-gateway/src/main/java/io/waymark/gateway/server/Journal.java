package io.waymark.gateway.server;

import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite;

/** What the server needs of the spool. */
@FunctionalInterface
public interface Journal {
    /** As {@link Spool#offer}: any thread, never blocks. */
    Spool.Offer offer(SpoolWrite write, Spool.Completion completion);

    /** As {@link Spool#lastDurable}. */
    default long lastDurable() {
        return 0;
    }
}
