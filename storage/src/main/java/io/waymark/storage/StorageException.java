package io.waymark.storage;

/** The disk or RocksDB broke its promise (I/O error, corruption, no space, locked by another process). */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was being done, with the path
     * @param cause the store's own report
     */
    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * @param message what was found, with the path and the value; nothing below reported it
     */
    public StorageException(String message) {
        super(message);
    }
}
