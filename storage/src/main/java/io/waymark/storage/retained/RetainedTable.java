package io.waymark.storage.retained;

import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksStore;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * Retained messages on disk.
 *
 * <pre>
 * retained  key:   topic (UTF-8)
 *           value: opaque
 * </pre>
 */
public final class RetainedTable {
    /** Name of the family. */
    public static final String RETAINED = "retained";

    private final RocksStore store;
    private final ColumnFamily retained;

    /** A view on the family of an open store. */
    public RetainedTable(RocksStore store) {
        this.store = store;
        this.retained = store.family(RETAINED);
    }

    /** Adds the change to the batch. */
    public void apply(RocksBatch batch, RetainedChange change) {
        byte[] key = change.topic().getBytes(StandardCharsets.UTF_8);
        byte[] message = change.message();
        if (message == null) {
            batch.delete(retained, key);
        } else {
            batch.put(retained, key, message);
        }
    }

    /** Every topic and its message; at start. */
    public void visit(BiConsumer<String, byte[]> visitor) {
        try (Cursor cursor = store.cursor(retained)) {
            for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
                visitor.accept(new String(cursor.key(), StandardCharsets.UTF_8), cursor.value());
            }
        }
    }
}
