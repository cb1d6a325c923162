package io.waymark.storage.spool;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a part of the spool's file system free. What is in there already must still be forwarded, dropped and its space given
 * back, and all of that writes: RocksDB's log, the table files of what is still in memory. So messages stop before the disk
 * is full, whoever fills it.
 *
 * <p>Writer thread, but for what it was found to be, which any thread may ask.
 */
final class DiskReserve {
    static final long LOOK_MILLIS = 100;

    /** While nothing is written here somebody else may fill the disk. */
    private static final long IDLE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);
    /** A small disk is not to consist of a reserve. */
    private static final int SHARE_MAX = 4;

    private static final long TOLD_AGAIN_MILLIS = 60_000;

    /** Beyond the reserve by a part of it there is room again, or the end would be a beginning. */
    private static final int EASED_PART = 8;

    /** A part of the reserve that is written before anybody looks again. */
    private static final int LOOK_PART = 32;

    /** A part of the reserve that may be taken and not yet written. */
    private static final int BURST_PART = 4;

    /** Into the log, and later into a table file. */
    private static final int WRITTEN_TIMES = 2;

    private final Path directory;
    private final long bytes;
    private final LongSupplier usable;
    private long lookedMillis = -LOOK_MILLIS;
    private long writtenBytes;
    private DiskRoom told = DiskRoom.AMPLE;
    private long toldMillis;
    private volatile DiskRoom room = DiskRoom.AMPLE;
    private volatile long usableBytes;

    /**
     * @param bytes to be kept free; 0 = none
     * @param usable bytes of the file system that may be used
     */
    DiskReserve(Path directory, long bytes, LongSupplier usable) {
        this.directory = directory;
        this.bytes = bytes;
        this.usable = usable;
        this.usableBytes = usable.getAsLong();
    }

    /**
     * Of the file system a directory, which exists, is on.
     *
     * @param wanted bytes to be kept free; taken is a quarter of the file system at most, and nothing where nobody can tell
     */
    static DiskReserve of(Path directory, long wanted) {
        try {
            FileStore store = Files.getFileStore(directory);
            return new DiskReserve(directory, Math.min(wanted, store.getTotalSpace() / SHARE_MAX), () -> usable(store));
        } catch (IOException e) {
            LOG.warn(
                    "spool {} keeps nothing in reserve, because its file system is not known: {}",
                    directory,
                    e.toString());
            return new DiskReserve(directory, 0, () -> Long.MAX_VALUE);
        }
    }

    /** Where nobody can tell a write that fails will. */
    private static long usable(FileStore store) {
        try {
            return store.getUsableSpace();
        } catch (IOException e) {
            LOG.debug("cannot tell the room of {}: {}", store, e.getMessage());
            return Long.MAX_VALUE;
        }
    }

    /** What is kept free. Any thread. */
    long bytes() {
        return bytes;
    }

    /** What was free when last looked, less what was written since. Any thread. */
    long usableBytes() {
        return usableBytes;
    }

    /** As last looked. Any thread. */
    DiskRoom room() {
        return room;
    }

    /** Whether the reserve is reached. Any thread. */
    boolean isReached() {
        return room == DiskRoom.RESERVED;
    }

    /**
     * Whether one more message may be taken. What is taken already and not written may cost a part of the reserve; if it could
     * cost more it is to be written first. Any thread.
     *
     * @param waiting bytes taken and not written
     */
    boolean hasRoom(long waiting) {
        return !isReached()
                && (waiting == 0 || bytes == 0 || usableBytes - WRITTEN_TIMES * waiting >= bytes - bytes / BURST_PART);
    }

    /** So many bytes of messages were written. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by this thread alone
    void written(long octets) {
        usableBytes -= WRITTEN_TIMES * octets;
        writtenBytes += octets;
    }

    /** Looks, if it is time to, or much was written. */
    void look(long nowMillis) {
        if (nowMillis - lookedMillis >= LOOK_MILLIS || (bytes > 0 && writtenBytes > bytes / LOOK_PART)) {
            lookedMillis = nowMillis;
            writtenBytes = 0;
            usableBytes = usable.getAsLong();
            room = room(room, usableBytes, bytes);
            tell(nowMillis);
        }
    }

    /** How long nobody need look. */
    long untilLookNanos() {
        return TimeUnit.MILLISECONDS.toNanos(isReached() ? LOOK_MILLIS : IDLE_MILLIS);
    }

    static DiskRoom room(DiskRoom before, long usable, long reserve) {
        if (usable < reserve || (before == DiskRoom.RESERVED && usable < reserve + reserve / EASED_PART)) {
            return DiskRoom.RESERVED;
        }
        return usable < 2 * reserve ? DiskRoom.LOW : DiskRoom.AMPLE;
    }

    /** What is worse at once, what is better once a minute: a disk at its brink changes its mind often. */
    private void tell(long nowMillis) {
        DiskRoom now = room;
        if (now == told || (now.compareTo(told) < 0 && nowMillis - toldMillis < TOLD_AGAIN_MILLIS)) {
            return;
        }
        told = now;
        toldMillis = nowMillis;
        switch (now) {
            case AMPLE -> LOG.info("spool {} has room again: {} bytes of the disk are free", directory, usableBytes);
            case LOW ->
                LOG.warn(
                        "spool {} has little room: {} bytes of the disk are free, and of these {} stay free",
                        directory,
                        usableBytes,
                        bytes);
            case RESERVED ->
                LOG.error(
                        "spool {} takes no message: {} bytes of the disk are free, and {} must be. Clients wait until Kafka has"
                                + " taken some of what is spooled, or the disk has room",
                        directory,
                        usableBytes,
                        bytes);
        }
    }
}
