package io.waymark.storage.record;

import java.util.concurrent.RejectedExecutionException;

/** The feed is so far behind that no more changes are accepted. */
public final class OutboxFullException extends RejectedExecutionException {
    private static final long serialVersionUID = 1L;

    OutboxFullException(long held, long heldMax) {
        super("the change feed is behind: " + held + " changes wait to be published, at most " + heldMax + " may");
    }
}
