package io.waymark.storage.record;

import java.util.HashSet;
import java.util.Set;

/**
 * What the writer changed since the watch began, so that an ingestion can be checked against the store outside the writer
 * thread and still be right. Everything but {@link #close} on the writer thread.
 */
public final class ChangeWatch implements AutoCloseable {
    private static final int CHANGES_MAX = 1 << 18;

    private final Set<String> records = new HashSet<>();
    private final Set<String> aliases = new HashSet<>();
    private boolean tooMany;
    private volatile boolean closed;

    ChangeWatch() {}

    boolean isClosed() {
        return closed;
    }

    void note(Set<String> changedRecords, Set<String> changedAliases) {
        if (closed || tooMany) {
            return;
        }
        records.addAll(changedRecords);
        aliases.addAll(changedAliases);
        tooMany = records.size() + aliases.size() > CHANGES_MAX;
    }

    /** @throws StoreChangedException if something changed that the files set too, or too much changed to tell */
    void demandUntouched(Ingestion ingestion) {
        if (closed) {
            throw new IllegalStateException("the watch has ended, so nobody knows what changed");
        }
        if (tooMany) {
            throw new StoreChangedException("more than " + CHANGES_MAX + " records changed meanwhile");
        }
        if (ingestion.holds().touches(records, aliases)) {
            throw new StoreChangedException("records of the import were changed by others meanwhile");
        }
    }

    /** Any thread: nothing is noted from now on. */
    @Override
    public void close() {
        closed = true;
    }
}
