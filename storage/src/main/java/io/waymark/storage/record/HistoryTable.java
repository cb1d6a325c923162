package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Former versions of records. Times and sequences are stored inverted, so that those of one record lie side by side,
 * youngest first, and the one in force at a time is one seek away. Handles hold no control character, so no key is the
 * beginning of another record's.
 *
 * <pre>
 * key    folded handle (UTF-8), u1 0, i8 ~ms since when, i8 ~sequence
 * value  off 0  u1 version = 1
 *            1  u1 action
 *            2  u2 author length a
 *            4  i4 number: versions there had been, this one included
 *            8  a bytes: author, UTF-8
 *          8+a  {@link StoredRecord}; nothing if the record was deleted
 * </pre>
 */
record HistoryTable(RocksStore store, ColumnFamily rows) {
    private static final int VERSION = 1;
    private static final int AUTHOR_OFFSET = 8;
    private static final int TIME_BYTES = 1 + 2 * Long.BYTES;

    /**
     * One row.
     *
     * @param stored empty if the record was deleted
     */
    record Row(Action action, int number, long sequence, long millis, Author author, byte[] stored) {
        private static final byte[] NOTHING = {};

        /** The version a head tells of; {@code stored} is null if the record is gone. */
        static Row of(RecordHead head, byte @Nullable [] stored) {
            return new Row(
                    head.action(),
                    head.number(),
                    head.sequence(),
                    head.millis(),
                    head.author(),
                    stored == null ? NOTHING : stored);
        }
    }

    /** Visits rows; says whether to go on. */
    interface Visitor {
        boolean visit(byte[] key, Row row);
    }

    void put(RocksBatch batch, byte[] handle, Row row) {
        batch.put(rows, key(handle, row.millis(), row.sequence()), encode(row));
    }

    static byte[] encode(Row row) {
        byte[] author = row.author().name().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(AUTHOR_OFFSET + author.length + row.stored().length)
                .put((byte) VERSION)
                .put((byte) row.action().code())
                .putShort((short) author.length)
                .putInt(row.number())
                .put(author)
                .put(row.stored())
                .array();
    }

    /** The version a change made, if it is kept. */
    @Nullable
    Row get(byte[] handle, long millis, long sequence) {
        byte[] key = key(handle, millis, sequence);
        byte[] value = store.get(rows, key);
        return value == null ? null : decode(key, value);
    }

    /** From the youngest version that was in force at a time, to older ones. */
    void visit(byte[] handle, long millis, Visitor visitor) {
        try (Cursor cursor = store.cursor(rows)) {
            boolean more = cursor.seek(key(handle, millis, Long.MAX_VALUE));
            while (more && isOf(handle, cursor.key())) {
                byte[] key = cursor.key();
                if (!visitor.visit(key, decode(key, cursor.value()))) {
                    return;
                }
                more = cursor.next();
            }
        }
    }

    void delete(RocksBatch batch, byte[] key) {
        batch.delete(rows, key);
    }

    private static boolean isOf(byte[] handle, byte[] key) {
        return key.length == handle.length + TIME_BYTES
                && key[handle.length] == 0
                && Arrays.equals(handle, 0, handle.length, key, 0, handle.length);
    }

    static byte[] key(byte[] handle, long millis, long sequence) {
        return ByteBuffer.allocate(handle.length + TIME_BYTES)
                .put(handle)
                .put((byte) 0)
                .putLong(~millis)
                .putLong(~sequence)
                .array();
    }

    static Row decode(byte[] key, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (value.length < AUTHOR_OFFSET || in.get() != VERSION) {
            throw new StorageException("former version of " + value.length + " bytes is none of version " + VERSION);
        }
        Action action = Action.of(in.get());
        int authorLength = in.getShort() & 0xffff;
        if (authorLength > value.length - AUTHOR_OFFSET || key.length < TIME_BYTES) {
            throw new StorageException("former version of " + value.length + " bytes is cut short");
        }
        int number = in.getInt();
        String author = new String(value, AUTHOR_OFFSET, authorLength, StandardCharsets.UTF_8);
        ByteBuffer time = ByteBuffer.wrap(key, key.length - 2 * Long.BYTES, 2 * Long.BYTES);
        long millis = ~time.getLong();
        long sequence = ~time.getLong();
        byte[] stored = Arrays.copyOfRange(value, AUTHOR_OFFSET + authorLength, value.length);
        return new Row(action, number, sequence, millis, new Author(author), stored);
    }
}
