package io.waymark.storage.note;

import org.jspecify.annotations.Nullable;

/**
 * A change of one note. Of several changes of one key, offer the later after the earlier.
 *
 * @param key not empty; its first octet says whose it is, see {@link NoteTable}
 * @param value what is noted from now on, or null for nothing
 * @param before what was noted, or null for nothing; put back when the commit fails
 */
public record NoteChange(byte[] key, byte @Nullable [] value, byte @Nullable [] before) {
    /** Octets it takes in a write batch. */
    public int octets() {
        return key.length + (value == null ? 0 : value.length);
    }
}
