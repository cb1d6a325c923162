package io.waymark.storage.record;

/** Records changed that an import had been checked against; checked again it may pass. Stackless. */
public final class StoreChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreChangedException(String message) {
        super(message, null, false, false);
    }
}
