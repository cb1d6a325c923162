package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reopens a store whose writes fail: RocksDB, after most write errors, refuses all further ones until then, also when the
 * disk has room again. First after a second, then twice as long each time, up to half a minute. The store's writer thread
 * only.
 */
public final class StoreRepair {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRepair.class);
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 30_000;

    private final RocksStore store;
    private final Clock clock;
    private long waitMillis;
    private long nextMillis;
    private boolean told;

    /** Nothing to repair yet. */
    public StoreRepair(RocksStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** A write failed; the first call since all was well starts the schedule. */
    public void failed() {
        if (waitMillis == 0) {
            waitMillis = FIRST_MILLIS;
            nextMillis = clock.millis() + waitMillis;
        }
    }

    /** A write succeeded. */
    public void succeeded() {
        waitMillis = 0;
        told = false;
    }

    /** Whether the last write failed. */
    public boolean isNeeded() {
        return waitMillis > 0;
    }

    /** Reopens the store if it is time to; whether it is freshly open now. Never throws a StorageException. */
    public boolean reopenIfDue() {
        if (waitMillis == 0 || clock.millis() < nextMillis) {
            return false;
        }
        if (!store.hasRoomToOpen()) {
            // A store that could not be opened again could not be read either; asking for room costs nothing.
            nextMillis = clock.millis() + FIRST_MILLIS;
            tell("no room to open {} again; it is read only until there is", store.directory());
            return false;
        }
        waitMillis = Math.min(2 * waitMillis, LONGEST_MILLIS);
        nextMillis = clock.millis() + waitMillis;
        try {
            store.reopen();
            LOG.debug("reopened {} after a failed write", store.directory());
            return true;
        } catch (StorageException e) {
            tell("{}; tried again until it succeeds", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void tell(String format, Object what) {
        if (told) {
            LOG.debug(format, what);
        } else {
            told = true;
            LOG.warn(format, what);
        }
    }
}
