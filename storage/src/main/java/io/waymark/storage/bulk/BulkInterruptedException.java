package io.waymark.storage.bulk;

/** The thread of an import was interrupted; nothing was loaded. Stackless. */
public final class BulkInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says so. */
    public BulkInterruptedException() {
        super("the import was stopped; nothing was loaded", null, false, false);
    }
}
