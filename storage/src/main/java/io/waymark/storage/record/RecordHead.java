package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is known about a record beside its content: how it came to be what it is, and how much of its past is kept. One
 * row of the family {@code heads}, also for records deleted:
 *
 * <pre>
 * off 0  u1 version = 1          8  i8 sequence of the last change
 *     1  u1 action              16  i8 when, ms
 *     2  u1 flags: bit 0 = the record has aliases
 *     3  u1 0                   24  i4 former versions kept
 *     4  i4 versions ever       28  i8 when the oldest of them went out of force, ms
 *                               36  author, UTF-8
 * </pre>
 *
 * @param number versions there ever were, this one included
 * @param kept rows of {@link HistoryTable}
 * @param oldestUntilMillis meaningless if none is kept
 */
record RecordHead(
        Action action,
        boolean hasAliases,
        int number,
        long sequence,
        long millis,
        int kept,
        long oldestUntilMillis,
        Author author) {
    private static final int VERSION = 1;
    private static final int AUTHOR_OFFSET = 36;
    private static final int HAS_ALIASES = 1;

    boolean isThere() {
        return action != Action.DELETED;
    }

    RecordHead withPast(int newKept, long newOldestUntilMillis) {
        return new RecordHead(action, hasAliases, number, sequence, millis, newKept, newOldestUntilMillis, author);
    }

    byte[] encode() {
        byte[] name = author.name().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(AUTHOR_OFFSET + name.length)
                .put((byte) VERSION)
                .put((byte) action.code())
                .put((byte) (hasAliases ? HAS_ALIASES : 0))
                .put((byte) 0)
                .putInt(number)
                .putLong(sequence)
                .putLong(millis)
                .putInt(kept)
                .putLong(oldestUntilMillis)
                .put(name)
                .array();
    }

    static RecordHead decode(byte[] row) {
        ByteBuffer in = ByteBuffer.wrap(row);
        if (row.length < AUTHOR_OFFSET || in.get() != VERSION) {
            throw new StorageException("head of " + row.length + " bytes is no record head of version " + VERSION);
        }
        Action action = Action.of(in.get());
        boolean hasAliases = (in.get() & HAS_ALIASES) != 0;
        in.get();
        return new RecordHead(
                action,
                hasAliases,
                in.getInt(),
                in.getLong(),
                in.getLong(),
                in.getInt(),
                in.getLong(),
                new Author(new String(row, AUTHOR_OFFSET, row.length - AUTHOR_OFFSET, StandardCharsets.UTF_8)));
    }
}
