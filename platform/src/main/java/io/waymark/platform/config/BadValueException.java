package io.waymark.platform.config;

/** A setting's text that cannot be what it should be. Stackless; the message is the bound: "must be …". */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    BadValueException(String bound) {
        super(bound, null, false, false);
    }
}
