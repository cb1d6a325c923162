package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which changes the feed has still to tell, in order. A note says which record, not what it holds: that is in the record
 * itself or, if it has changed since, among its former versions, which are kept until the note is published.
 *
 * <pre>
 * outbox     i8 sequence of the last change noted → note
 * bulk_keys  i8 bulk id, folded handle            → nothing
 *
 * note  off 0  u1 version = 1          4  i8 notes ever, this one included
 *           1  u1 action              12  i8 when, ms
 *           2  u2 author length a     20  i8 bulk id; 0 = a single change
 *                                     28  i8 changes noted: the keys of the bulk, in order; or 1
 *                                     36  a bytes: author, UTF-8; then, for a single change, the folded handle
 * </pre>
 */
record OutboxTable(RocksStore store, ColumnFamily notes, ColumnFamily bulkKeys) {
    private static final int VERSION = 1;
    private static final int AUTHOR_OFFSET = 36;

    /**
     * A change to tell, or those of a bulk.
     *
     * @param sequence of the last
     * @param key folded handle of a single change, else empty
     */
    record Note(
            Action action, long notes, long millis, long bulkId, long count, long sequence, Author author, byte[] key) {
        long firstSequence() {
            return sequence - count + 1;
        }

        boolean isBulk() {
            return bulkId != 0;
        }
    }

    void put(RocksBatch batch, Note note) {
        byte[] author = note.author().name().getBytes(StandardCharsets.UTF_8);
        byte[] value = ByteBuffer.allocate(AUTHOR_OFFSET + author.length + note.key().length)
                .put((byte) VERSION)
                .put((byte) note.action().code())
                .putShort((short) author.length)
                .putLong(note.notes())
                .putLong(note.millis())
                .putLong(note.bulkId())
                .putLong(note.count())
                .put(author)
                .put(note.key())
                .array();
        batch.put(notes, key(note.sequence()), value);
    }

    /** Sought with {@link #key}, understood with {@link #decode}. */
    Cursor cursor() {
        return store.cursor(notes);
    }

    static byte[] key(long sequence) {
        return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
    }

    static Note decode(byte[] key, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        if (value.length < AUTHOR_OFFSET || in.get() != VERSION) {
            throw new StorageException("outbox note of " + value.length + " bytes is none of version " + VERSION);
        }
        Action action = Action.of(in.get());
        int authorLength = in.getShort() & 0xffff;
        if (authorLength > value.length - AUTHOR_OFFSET) {
            throw new StorageException("outbox note of " + value.length + " bytes is cut short");
        }
        long notes = in.getLong();
        long millis = in.getLong();
        long bulkId = in.getLong();
        long count = in.getLong();
        return new Note(
                action,
                notes,
                millis,
                bulkId,
                count,
                ByteBuffer.wrap(key).getLong(),
                new Author(new String(value, AUTHOR_OFFSET, authorLength, StandardCharsets.UTF_8)),
                Arrays.copyOfRange(value, AUTHOR_OFFSET + authorLength, value.length));
    }

    /** Deletes notes from (inclusive) … to (inclusive). */
    void delete(RocksBatch batch, long from, long to) {
        batch.deleteRange(notes, key(from), key(to + 1));
    }

    /** Gives back the disk space of whole files up to a sequence whose deletion is durable. */
    void dropFiles(long to) {
        store.dropFiles(notes, key(0), key(to + 1));
    }

    /** Deletes everything. */
    void clear(RocksBatch batch) {
        batch.deleteRange(notes, key(0), key(Long.MAX_VALUE));
        batch.deleteRange(bulkKeys, key(0), key(Long.MAX_VALUE));
    }

    void putBulkKey(RocksBatch batch, long bulkId, byte[] handle) {
        batch.put(bulkKeys, bulkKey(bulkId, handle), new byte[0]);
    }

    void deleteBulk(RocksBatch batch, long bulkId) {
        batch.deleteRange(bulkKeys, key(bulkId), key(bulkId + 1));
    }

    /** Sought with {@link #bulkKey}. */
    Cursor bulkCursor() {
        return store.cursor(bulkKeys);
    }

    static byte[] bulkKey(long bulkId, byte[] handle) {
        return ByteBuffer.allocate(Long.BYTES + handle.length)
                .putLong(bulkId)
                .put(handle)
                .array();
    }

    /** Whether a key of {@code bulk_keys} is of this bulk. */
    static boolean isOf(long bulkId, byte[] key) {
        return key.length > Long.BYTES && ByteBuffer.wrap(key).getLong() == bulkId;
    }

    /** The folded handle in a key of {@code bulk_keys}. */
    static byte[] handle(byte[] bulkKey) {
        return Arrays.copyOfRange(bulkKey, Long.BYTES, bulkKey.length);
    }
}
