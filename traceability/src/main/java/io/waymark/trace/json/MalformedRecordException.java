package io.waymark.trace.json;

/** A record that is not what its topic promises. Stackless: it is an answer, not a fault of ours. */
public final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong. */
    public MalformedRecordException(String message) {
        super(message, null, false, false);
    }

    static MalformedRecordException of(String what, RuntimeException cause) {
        return new MalformedRecordException(what + ": " + cause.getMessage());
    }
}
