package io.waymark.platform.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** User and system CPU time of processes, as Linux counts it in {@code /proc/PID/stat}. */
final class ProcessCpu {
    /** USER_HZ: the unit of the file, 100 on every Linux that runs Java 17. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int UTIME = 11;

    private ProcessCpu() {}

    /** Seconds used since the processes began, their threads included. */
    static double seconds(List<Long> pids) throws IOException {
        double seconds = 0;
        for (long pid : pids) {
            seconds += seconds(pid);
        }
        return seconds;
    }

    private static double seconds(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.isReadable(stat)) {
            throw new IOException("there is no process " + pid);
        }
        return parse(Files.readString(stat, StandardCharsets.ISO_8859_1));
    }

    /** Fields 14 and 15; counted behind the program's name, which may hold spaces and parentheses. */
    static double parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS_PER_SECOND;
    }
}
