package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import java.util.Locale;

/** What a change made of a record. The numbers are part of the disk format. */
public enum Action {
    /** It was not there before. */
    CREATED(1),
    /** Its whole content was given anew. */
    REPLACED(2),
    /** Some of its values were added, changed or removed. */
    MODIFIED(3),
    /** It is gone. */
    DELETED(4),
    /** It was there when history began to be kept: written by an earlier version of Waymark, or loaded in bulk. */
    FOUND(5);

    private final int code;
    private final String word = name().toLowerCase(Locale.ROOT);

    Action(int code) {
        this.code = code;
    }

    /** u1 on disk. */
    int code() {
        return code;
    }

    /** Lower-case name, as in JSON and headers. */
    public String word() {
        return word;
    }

    static Action of(int code) {
        for (Action action : values()) {
            if (action.code == code) {
                return action;
            }
        }
        throw new StorageException("action " + code + " of a record is not known to this version of Waymark");
    }
}
