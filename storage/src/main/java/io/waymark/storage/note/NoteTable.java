package io.waymark.storage.note;

import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksStore;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Notes on disk.
 *
 * <pre>
 * notes  key:   u1 whose, then as its owner likes
 *        value: opaque
 * </pre>
 *
 * <p>Changes go into the caller's batch, on the spool's writer thread; reading is for the start.
 */
public final class NoteTable {
    /** Name of the family. */
    public static final String NOTES = "notes";

    private final RocksStore store;
    private final ColumnFamily notes;

    /** A view on the family of an open store. */
    public NoteTable(RocksStore store) {
        this.store = store;
        this.notes = store.family(NOTES);
    }

    /**
     * Adds the change to the batch.
     *
     * @param position of the first message of the same write
     */
    public void apply(RocksBatch batch, NoteChange change, long position) {
        byte[] value = change.value();
        if (value != null && change.positionAt() >= 0) {
            ByteBuffer.wrap(value).putLong(change.positionAt(), position);
        }
        put(batch, change.key(), value);
    }

    /** Adds to the batch what puts back what was noted before the change. */
    public void undo(RocksBatch batch, NoteChange change) {
        put(batch, change.key(), change.before());
    }

    private void put(RocksBatch batch, byte[] key, byte @Nullable [] value) {
        if (value == null) {
            batch.delete(notes, key);
        } else {
            batch.put(notes, key, value);
        }
    }

    /** Every note of one owner, in the order of keys; at start. */
    public void visit(byte whose, BiConsumer<byte[], byte[]> visitor) {
        try (Cursor cursor = store.cursor(notes)) {
            boolean more = cursor.seek(new byte[] {whose});
            while (more && cursor.key()[0] == whose) {
                visitor.accept(cursor.key(), cursor.value());
                more = cursor.next();
            }
        }
    }
}
