package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How far something has come: {@code i8 sequence, i8 ms, i8 notes}, in the family {@code meta}.
 *
 * @param sequence of a change
 * @param millis when it was made
 * @param notes rows the outbox had ever had by then
 */
record Mark(long sequence, long millis, long notes) {
    static final Mark NONE = new Mark(0, 0, 0);
    private static final int BYTES = 3 * Long.BYTES;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(sequence)
                .putLong(millis)
                .putLong(notes)
                .array();
    }

    static Mark decode(byte @Nullable [] row) {
        if (row == null) {
            return NONE;
        }
        if (row.length != BYTES) {
            throw new StorageException("mark must have " + BYTES + " bytes but has " + row.length);
        }
        ByteBuffer in = ByteBuffer.wrap(row);
        return new Mark(in.getLong(), in.getLong(), in.getLong());
    }
}
