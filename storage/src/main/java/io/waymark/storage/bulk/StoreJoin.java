package io.waymark.storage.bulk;

import io.waymark.storage.rocks.Cursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks up ascending keys in a table by walking beside them: where the table has nothing between two keys, a look-up costs
 * one comparison. One thread.
 */
final class StoreJoin implements AutoCloseable {
    /** Steps tried before the cursor searches. */
    private static final int STEPS_MAX = 8;

    private final Cursor cursor;
    private byte @Nullable [] current;
    private boolean begun;

    /** @param cursor closed with this */
    StoreJoin(Cursor cursor) {
        this.cursor = cursor;
    }

    /** Whether the key is in the table; keys must ascend from call to call. */
    boolean has(byte[] key, int at, int length) {
        if (!begun) {
            begun = true;
            seek(Arrays.copyOfRange(key, at, at + length));
        }
        for (int step = 0; current != null; step++) {
            int order = Arrays.compareUnsigned(current, 0, current.length, key, at, at + length);
            if (order >= 0) {
                return order == 0;
            }
            if (step < STEPS_MAX) {
                current = cursor.next() ? cursor.key() : null;
            } else {
                seek(Arrays.copyOfRange(key, at, at + length));
            }
        }
        return false;
    }

    /** The value of the key that {@link #has} found. */
    byte[] value() {
        return cursor.value();
    }

    private void seek(byte[] key) {
        current = cursor.seek(key) ? cursor.key() : null;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
