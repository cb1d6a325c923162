package io.waymark.gateway.ingest;

import java.time.Duration;

/** The device or its group has sent as much as it may for now. Stackless: it is an answer. */
public final class OverQuotaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration wait;

    OverQuotaException(Duration wait) {
        super("the quota of the device or of its group is used up for now", null, false, false);
        this.wait = wait;
    }

    /** Until more may come. */
    public Duration retryAfter() {
        return wait;
    }
}
