package io.waymark.platform.node;

/** The node could not start; the message says what, where and why, and needs no stack trace to be acted upon. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message for people
     */
    public StartException(String message) {
        super(message);
    }

    /**
     * @param message for people
     * @param cause for whoever asks for the stack trace
     */
    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
