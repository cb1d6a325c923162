package io.waymark.platform.bulk;

/** An import cannot go on; nothing was loaded. The message is for people and says what to do. Stackless. */
public final class ImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what happened and what to do */
    public ImportException(String message) {
        super(message, null, false, false);
    }
}
