package io.waymark.resolver.resolve;

import io.waymark.identifier.Handle;
import io.waymark.storage.record.RecordStore;

/** Which prefixes live here: those whose prefix handle {@code 0.NA/PREFIX} is in the record store. */
public final class Homing {
    /** The prefix of all prefix handles. */
    public static final String PREFIX_OF_PREFIXES = "0.NA";

    private final RecordStore records;

    /**
     * @param records asked at every call, so that a change is seen at once
     */
    public Homing(RecordStore records) {
        this.records = records;
    }

    /** Whether handles of this one's prefix live here. */
    public boolean livesHere(Handle handle) {
        return records.find(handle.prefixHandle()).isPresent();
    }

    /** Whether this handle describes a prefix. */
    public static boolean isPrefixHandle(Handle handle) {
        return Handle.foldAscii(handle.prefix()).equals(PREFIX_OF_PREFIXES);
    }
}
