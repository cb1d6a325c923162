package io.waymark.storage.spool;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the spool lives and how large it may grow.
 *
 * @param directory created if absent
 * @param bytesMax payload bytes it may hold; more are refused with {@code FULL}
 * @param queueMax writes waiting for the writer thread; more are refused with {@code FULL}
 * @param batchMax most writes in one commit
 * @param retention how long an entry stays after Kafka has committed it
 * @param diskReserve bytes of its file system it leaves free, a quarter of it at most; messages are refused with {@code FULL}
 *     while fewer are. 0 = none
 */
public record SpoolConfig(
        Path directory, long bytesMax, int queueMax, int batchMax, Duration retention, long diskReserve) {
    /** The default: RocksDB's log, once as it is and once as table files. */
    public static final long DISK_RESERVE = 512L << 20;

    /** Without a reserve. */
    public SpoolConfig(Path directory, long bytesMax, int queueMax, int batchMax, Duration retention) {
        this(directory, bytesMax, queueMax, batchMax, retention, 0);
    }

    /** 8 GiB, 65 536 waiting writes, commits of up to 4 096, a minute of retention, a reserve of 512 MiB. */
    public static SpoolConfig defaults(Path directory) {
        return new SpoolConfig(directory, 8L << 30, 65_536, 4_096, Duration.ofMinutes(1), DISK_RESERVE);
    }
}
