package io.waymark.platform.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import io.waymark.storage.spool.SpoolConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a node needs from the machine it runs on. Reads files and beans, changes nothing that stays. */
final class MachineChecks {
    private static final int JAVA_MIN = 17;
    private static final long OPEN_FILES_MIN = 4_096;
    private static final long OPEN_FILES_GOOD = 65_536;
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;
    private static final Duration CLOCK_OFF_MAX = Duration.ofSeconds(5);
    /** No node was ever started before. */
    private static final Instant OLDEST_PLAUSIBLE = Instant.parse("2026-01-01T00:00:00Z");

    private MachineChecks() {}

    static Finding java() {
        int feature = Runtime.version().feature();
        String detail = Runtime.version() + " from " + System.getProperty("java.home");
        return feature >= JAVA_MIN
                ? Finding.ok("Java", detail)
                : Finding.fail("Java", detail, "install Java " + JAVA_MIN + " or newer");
    }

    static Finding openFiles() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os)) {
            return Finding.ok("open files", "this system sets no limit that can be read");
        }
        return openFiles(os.getMaxFileDescriptorCount());
    }

    static Finding openFiles(long limit) {
        String advice = "raise the limit: LimitNOFILE=1048576 in the systemd unit, or ulimit -n; each connection and"
                + " each table file takes one";
        if (limit < OPEN_FILES_MIN) {
            return Finding.fail("open files", "at most " + limit, advice);
        }
        return limit < OPEN_FILES_GOOD
                ? Finding.warn("open files", "at most " + limit + ", enough for some thousand devices", advice)
                : Finding.ok("open files", "at most " + limit);
    }

    static Finding memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? memory(os.getTotalMemorySize())
                : Finding.ok("memory", "this system does not tell how much there is");
    }

    /** Of the machine, or of the container this runs in. */
    static Finding memory(long bytes) {
        String detail = bytes / MIB + " MiB in this machine or container";
        return bytes < 2 * GIB
                ? Finding.warn(
                        "memory", detail, "give it 2 GiB or more: the heap takes 1 GiB, RocksDB and Kafka the rest")
                : Finding.ok("memory", detail);
    }

    /** The storage engine unpacks its native library into the temporary folder. */
    static Finding temporaryFolder() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isWritable(folder)) {
            return Finding.fail("temporary folder", folder + " is not writable", "set -Djava.io.tmpdir to another one");
        }
        return mountedNoexec(folder)
                ? Finding.fail(
                        "temporary folder",
                        folder + " is mounted noexec: the storage engine cannot load its library",
                        "set ROCKSDB_SHAREDLIB_DIR to a folder from which programs may run")
                : Finding.ok("temporary folder", folder.toString());
    }

    private static boolean mountedNoexec(Path folder) {
        try {
            String best = "";
            boolean noexec = false;
            for (String mount : Files.readAllLines(Path.of("/proc/mounts"))) {
                String[] parts = mount.split(" ");
                boolean closer = parts.length > 3 && folder.startsWith(parts[1]) && parts[1].length() >= best.length();
                if (closer) {
                    best = parts[1];
                    noexec = List.of(parts[3].split(",")).contains("noexec");
                }
            }
            return noexec;
        } catch (IOException e) {
            return false; // no /proc: nothing known against it
        }
    }

    /** Existence, permissions and space of the data folder, and the permissions of the token in it. */
    static List<Finding> dataFolder(Path data) {
        List<Finding> findings = new ArrayList<>();
        Path existing = existing(data.toAbsolutePath());
        if (!Files.isWritable(existing)) {
            findings.add(Finding.fail(
                    "data folder",
                    existing + " is not writable for " + System.getProperty("user.name"),
                    "run as the owner of the folder, or change its owner"));
            return findings;
        }
        boolean there = existing.equals(data.toAbsolutePath());
        findings.add(Finding.ok("data folder", data + (there ? " is writable" : " will be made at the first start")));
        findings.add(space(existing));
        Path token = data.resolve(NodeConnection.TOKEN_FILE);
        if (Files.exists(token)) {
            findings.add(token(token));
        }
        return findings;
    }

    private static Path existing(Path path) {
        Path at = path;
        while (!Files.exists(at)) {
            Path parent = at.getParent();
            if (parent == null) {
                return at;
            }
            at = parent;
        }
        return at;
    }

    private static Finding space(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            return space(store.getUsableSpace());
        } catch (IOException e) {
            return Finding.warn("disk space", "cannot be read: " + NodeConnection.reason(e), "look at df");
        }
    }

    static Finding space(long free) {
        String detail = free >= GIB ? free / GIB + " GiB free" : free / MIB + " MiB free";
        if (free < SpoolConfig.DISK_RESERVE) {
            return Finding.fail(
                    "disk space", detail, "free some space: the node stops accepting before the disk is full");
        }
        return free < 5 * GIB
                ? Finding.warn("disk space", detail, "the spool and Kafka grow: 5 GiB or more should be free")
                : Finding.ok("disk space", detail);
    }

    private static Finding token(Path token) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(token);
            boolean others = permissions.stream()
                    .anyMatch(p -> p != PosixFilePermission.OWNER_READ && p != PosixFilePermission.OWNER_WRITE);
            return others
                    ? Finding.fail("operator's token", token + " can be read by others", "chmod 600 " + token)
                    : Finding.ok("operator's token", "readable by its owner only");
        } catch (IOException | UnsupportedOperationException e) {
            return Finding.warn("operator's token", "the permissions of " + token + " cannot be read", "look at them");
        }
    }

    /** The clock against plausibility and against the file system's, which differs on network storage. */
    static Finding clock(Clock clock, Path data) {
        Instant now = clock.instant();
        if (now.isBefore(OLDEST_PLAUSIBLE)) {
            return Finding.fail(
                    "clock", "says " + now + ", which is in the past", "set the clock and run a time service");
        }
        Path folder = existing(data.toAbsolutePath());
        try {
            Path probe = Files.createTempFile(folder, ".clock", "");
            try {
                Instant stored = Files.readAttributes(probe, BasicFileAttributes.class)
                        .lastModifiedTime()
                        .toInstant();
                return clock(now, Duration.between(now, stored).abs());
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException e) {
            return Finding.ok("clock", now.toString());
        }
    }

    private static Finding clock(Instant now, Duration off) {
        return off.compareTo(CLOCK_OFF_MAX) > 0
                ? Finding.warn(
                        "clock",
                        now + ", but the disk's clock is " + off.toSeconds() + " s off",
                        "run a time service on both")
                : Finding.ok("clock", now.toString());
    }
}
