package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Walks a column family in key order, over the state at the time it was opened. One thread. Must be closed: the store
 * cannot close before.
 */
public final class Cursor implements AutoCloseable {
    private final RocksIterator iterator;
    private final OpenGate gate;
    private final Path directory;

    Cursor(RocksIterator iterator, OpenGate gate, Path directory) {
        this.iterator = iterator;
        this.gate = gate;
        this.directory = directory;
    }

    /** Goes to the first key at or after the given one; false if there is none. */
    public boolean seek(byte[] key) {
        iterator.seek(key);
        return valid();
    }

    /** Goes to the first key; false if there is none. */
    public boolean seekFirst() {
        iterator.seekToFirst();
        return valid();
    }

    /** Goes to the last key; false if there is none. */
    public boolean seekLast() {
        iterator.seekToLast();
        return valid();
    }

    /** Goes one further; false at the end. */
    public boolean next() {
        iterator.next();
        return valid();
    }

    /** A copy of the key here. */
    public byte[] key() {
        return iterator.key();
    }

    /** A copy of the value here. */
    public byte[] value() {
        return iterator.value();
    }

    @Override
    public void close() {
        iterator.close();
        gate.leave();
    }

    /** An iterator that met an error looks exactly like one at its end, unless asked. */
    private boolean valid() {
        if (iterator.isValid()) {
            return true;
        }
        try {
            iterator.status();
            return false;
        } catch (RocksDBException e) {
            throw new StorageException("cannot scan " + directory + ": " + e.getMessage(), e);
        }
    }
}
