package io.waymark.storage.record;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** SKELETON: signatures are the contract, bodies follow. */
public final class RecordStore implements AutoCloseable {
    /** Answer of {@link #read}: no such record. */
    public static final int NOT_FOUND = -1;

    public static RecordStore open(RecordStoreConfig config, MeterRegistry metrics) {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * Hot path: copies a stored record (layout in StoredRecord) into dst at its position, without allocating.
     *
     * @param key direct buffer, position..limit = ASCII-folded UTF-8 handle
     * @param dst direct buffer; position unchanged, limit unchanged
     * @return length of the stored record; NOT_FOUND; if larger than dst.remaining() the true length, dst then holds garbage: retry with more room
     */
    public int read(ByteBuffer key, ByteBuffer dst) {
        throw new UnsupportedOperationException("being built");
    }

    /** The decoded values, for the rarer paths. */
    public Optional<List<HandleValue>> find(Handle handle) {
        throw new UnsupportedOperationException("being built");
    }

    /** The record a canonical identifier is an alias of. */
    public Optional<Handle> findByAlias(String canonical) {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * Queues changes for the single writer as one atomic unit; the future completes after fsync (on the writer thread) or fails with
     * StorageException / AliasTakenException / java.util.concurrent.RejectedExecutionException when the queue is full.
     */
    public CompletableFuture<Void> apply(List<RecordChange> changes) {
        throw new UnsupportedOperationException("being built");
    }

    /** Calls back for each record whose folded name starts with prefix + "/", after the given folded name (exclusive, empty = from the start), in order, at most limit. */
    public void list(String prefix, String afterFolded, int limit, Consumer<Handle> consumer) {
        throw new UnsupportedOperationException("being built");
    }

    /** RocksDB's estimate of the number of records. */
    public long estimatedCount() {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }
}
