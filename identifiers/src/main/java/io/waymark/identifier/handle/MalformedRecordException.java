package io.waymark.identifier.handle;

/** Octets that are no handle value, administrator or site. Stackless; the message names the field and the bound. */
public final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong and where
     */
    public MalformedRecordException(String message) {
        super(message, null, false, false);
    }
}
