package io.waymark.storage.bulk;

/** Told how far an import is. Any thread; must be quick. */
public interface BulkProgress {
    /** What an import is doing. */
    enum Phase {
        /** Reading, checking and sorting the input; counted in bytes of the input. */
        READING,
        /** Comparing with the store and writing table files; counted in records. */
        MERGING,
        /** Becoming part of the store. */
        COMMITTING
    }

    /** A phase begins. */
    void begin(Phase phase, long total);

    /** So much more of the phase is done. */
    void advance(long amount);
}
