package io.waymark.trace.query;

/** The stores cannot be read yet (starting, waiting for topics) or just now (moving). Try again shortly. Stackless. */
public final class NotReadyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says in which state the streams are. */
    public NotReadyException(String message) {
        super(message, null, false, false);
    }
}
