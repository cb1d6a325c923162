package io.waymark.storage.spool;

import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log that the disk takes nothing, and that it does again: once a minute at most, because a disk at its brink may
 * change its mind many times a second. Writer thread.
 */
final class WriteTrouble {
    private static final Logger LOG = LoggerFactory.getLogger(WriteTrouble.class);
    private static final long AGAIN_MILLIS = 60_000;

    private final Clock clock;
    private long toldMillis = Long.MIN_VALUE;
    private boolean endIsNews;

    WriteTrouble(Clock clock) {
        this.clock = clock;
    }

    void begins(Path directory, RuntimeException cause) {
        long now = clock.millis();
        if (toldMillis != Long.MIN_VALUE && now - toldMillis < AGAIN_MILLIS) {
            LOG.debug("spool cannot write", cause);
            return;
        }
        toldMillis = now;
        endIsNews = true;
        LOG.error(
                "spool {} cannot write; nothing is acknowledged, and clients wait, until it can: {}",
                directory,
                cause.getMessage());
    }

    /** Positions from … to of the write that failed were taken back. */
    void ends(long from, long to) {
        if (endIsNews) {
            endIsNews = false;
            LOG.info("spool writes again; {} positions from {} on were undone", to - from + 1, from);
        }
    }
}
