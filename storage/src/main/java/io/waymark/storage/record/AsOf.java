package io.waymark.storage.record;

import java.util.Optional;

/**
 * What history says about a record at a time.
 *
 * @param reach whether it says anything
 * @param version what was in force, a deletion too; present exactly with {@link Reach#KNOWN}
 */
public record AsOf(Reach reach, Optional<Version> version) {
    /** How far history reaches. */
    public enum Reach {
        /** The version is known. */
        KNOWN,
        /** There had never been such a record. */
        NEVER_YET,
        /** Older versions were dropped, or not recorded: nobody knows any more. */
        BEYOND_HISTORY
    }

    static AsOf known(Version version) {
        return new AsOf(Reach.KNOWN, Optional.of(version));
    }

    static AsOf unknown(Reach reach) {
        return new AsOf(reach, Optional.empty());
    }
}
