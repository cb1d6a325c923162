package io.waymark.bench.floor;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long this disk takes for one write and fdatasync, into a file that already has its size: below this no message can be
 * acknowledged. {@code java -cp benchmarks.jar io.waymark.bench.floor.DiskFloor FOLDER WRITES OCTETS} prints one line of JSON with
 * microseconds.
 */
public final class DiskFloor {
    private static final long FILE_BYTES = 32L << 20;

    private DiskFloor() {}

    /** Writes, prints, removes the file. */
    public static void main(String[] args) throws IOException {
        long[] nanos = measure(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        Arrays.sort(nanos);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println(
                String.format(Locale.ROOT, "{\"p50\":%.1f,\"p99\":%.1f}", quantile(nanos, 0.5), quantile(nanos, 0.99)));
    }

    private static double quantile(long[] nanos, double q) {
        return nanos[(int) (q * (nanos.length - 1))] / 1e3;
    }

    private static long[] measure(Path folder, int writes, int octets) throws IOException {
        long[] nanos = new long[writes];
        try (FileChannel file = FileChannel.open(
                folder.resolve("disk-floor"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            fill(file);
            ByteBuffer block = ByteBuffer.allocateDirect(octets);
            for (int i = 0; i < writes; i++) {
                long begin = System.nanoTime();
                file.write(block.clear(), (long) i * octets % (FILE_BYTES - octets));
                file.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
        }
        return nanos;
    }

    private static void fill(FileChannel file) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
            file.write(zeros.clear(), at);
        }
        file.force(true);
    }
}
