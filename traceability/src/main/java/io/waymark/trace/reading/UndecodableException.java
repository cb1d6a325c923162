package io.waymark.trace.reading;

/** A message that cannot be understood, and why. Stackless: bad input is expected and must be cheap. */
public final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * @param reason the machine word
     * @param message a sentence naming the value and the bound
     */
    public UndecodableException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** The machine word. */
    public Reason reason() {
        return reason;
    }

    /** The sentence. */
    public String detail() {
        String message = getMessage();
        return message == null ? reason.word() : message;
    }
}
