package io.waymark.storage.record;

import io.waymark.identifier.Handle;

/** A code may lead to one record only; the change that would give it a second one was refused as a whole. Stackless. */
public final class AliasTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String alias;
    private final String holder;

    /**
     * @param alias canonical identifier
     * @param holder folded handle of the record that has it
     * @param wanted the record that was to get it
     */
    AliasTakenException(String alias, String holder, Handle wanted) {
        super(
                alias + " already leads to the record " + holder + " and cannot also lead to " + wanted,
                null,
                false,
                false);
        this.alias = alias;
        this.holder = holder;
    }

    /** The canonical identifier in question. */
    public String alias() {
        return alias;
    }

    /** The record that has it, in folded spelling. */
    public String holder() {
        return holder;
    }
}
