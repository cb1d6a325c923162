package io.waymark.storage.spool;

import io.waymark.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives disk space back while the reserve is reached: the log is written out and deleted, files of what was dropped go at
 * once and not only when there are many. Writer thread.
 */
final class SpaceReturn {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceReturn.class);
    private static final long WITH_NEWS_MILLIS = 500;
    private static final long WITHOUT_MILLIS = 2_000;

    private final SpoolDisk disk;
    private long lastMillis = Long.MIN_VALUE;
    private long trimmedThen = -1;

    SpaceReturn(SpoolDisk disk) {
        this.disk = disk;
    }

    /** @param trimmed the position up to which everything was dropped */
    void giveBackIfDue(long nowMillis, long trimmed) {
        if (disk.reserve().isReached() && isDue(nowMillis, trimmed)) {
            lastMillis = nowMillis;
            trimmedThen = trimmed;
            giveBack(trimmed);
        }
    }

    private void giveBack(long trimmed) {
        try {
            disk.dropFiles(trimmed);
            disk.giveBackLog();
        } catch (StorageException e) {
            // the next write fails as well, and tells
            LOG.debug("no space of the spool was given back: {}", e.getMessage());
        }
    }

    private boolean isDue(long nowMillis, long trimmed) {
        long wait = trimmed > trimmedThen ? WITH_NEWS_MILLIS : WITHOUT_MILLIS;
        return lastMillis == Long.MIN_VALUE || nowMillis - lastMillis >= wait;
    }
}
