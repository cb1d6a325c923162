package io.waymark.storage.spool;

/** Octets that are no spool entry. Stackless; the message goes on after "entry 17 …". */
final class DamagedEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedEntryException(String message) {
        super(message, null, false, false);
    }
}
