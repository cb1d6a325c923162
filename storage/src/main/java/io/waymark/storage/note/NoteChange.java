package io.waymark.storage.note;

import org.jspecify.annotations.Nullable;

/**
 * A change of one note. Of several changes of one key, offer the later after the earlier.
 *
 * @param key not empty; its first octet says whose it is, see {@link NoteTable}
 * @param value what is noted from now on, or null for nothing
 * @param before what was noted, or null for nothing; put back when the commit fails
 * @param positionAt where in the value the position of the write's first message is put, as i8; -1 = nowhere
 */
public record NoteChange(byte[] key, byte @Nullable [] value, byte @Nullable [] before, int positionAt) {
    /** A note that does not tell the position. */
    public NoteChange(byte[] key, byte @Nullable [] value, byte @Nullable [] before) {
        this(key, value, before, -1);
    }

    /** Octets it takes in a write batch. */
    public int octets() {
        return key.length + (value == null ? 0 : value.length);
    }
}
