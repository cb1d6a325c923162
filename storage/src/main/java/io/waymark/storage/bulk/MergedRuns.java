package io.waymark.storage.bulk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of many runs in one order; entries of equal keys in the order of the runs. A heap of readers whose top is
 * advanced in place: runs that follow each other cost two comparisons an entry. One thread.
 */
public final class MergedRuns implements AutoCloseable {
    /** Most files open at once; more runs are first merged into fewer. */
    static final int RUNS_MAX = 256;

    private static final int BUFFERS_BYTES = 32 << 20;
    private static final int BUFFER_MIN = 64 << 10;
    private static final int BUFFER_MAX = 1 << 20;

    private final List<RunReader> all = new ArrayList<>();
    private final RunReader[] heap;
    private int size;
    private boolean started;

    private MergedRuns(List<Run> runs) throws IOException {
        this.heap = new RunReader[runs.size()];
        int buffer = Math.max(BUFFER_MIN, Math.min(BUFFER_MAX, BUFFERS_BYTES / Math.max(1, runs.size())));
        try {
            for (Run run : runs) {
                all.add(new RunReader(run, all.size(), buffer));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens the runs.
     *
     * @param scratch where runs are merged into fewer if they are very many
     */
    public static MergedRuns open(List<Run> runs, Path scratch) throws IOException {
        return open(runs, scratch, RUNS_MAX);
    }

    static MergedRuns open(List<Run> runs, Path scratch, int runsMax) throws IOException {
        List<Run> left = runs;
        for (int round = 0; left.size() > runsMax; round++) {
            left = merged(left, scratch, runsMax, round);
        }
        return new MergedRuns(left);
    }

    private static List<Run> merged(List<Run> runs, Path scratch, int runsMax, int round) throws IOException {
        Files.createDirectories(scratch);
        List<Run> fewer = new ArrayList<>();
        for (int from = 0; from < runs.size(); from += runsMax) {
            List<Run> some = runs.subList(from, Math.min(runs.size(), from + runsMax));
            Path file = scratch.resolve("merged-" + round + "-" + fewer.size());
            try (MergedRuns in = new MergedRuns(some);
                    RunWriter out = new RunWriter(file)) {
                while (in.next()) {
                    out.add(in);
                }
                fewer.add(out.finish());
            }
        }
        return fewer;
    }

    /**
     * Goes to the next entry; false behind the last.
     *
     * @throws io.waymark.storage.StorageException if a file is not what was written
     */
    public boolean next() throws IOException {
        if (!started) {
            start();
        } else if (size > 0) {
            if (!heap[0].next()) {
                heap[0] = heap[--size];
            }
            sink(0);
        }
        return size > 0;
    }

    private void start() throws IOException {
        started = true;
        for (RunReader reader : all) {
            if (reader.next()) {
                heap[size++] = reader;
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    private void sink(int from) {
        int i = from;
        RunReader moving = heap[i];
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && heap[child + 1].compareTo(heap[child]) < 0) {
                child++;
            }
            if (moving.compareTo(heap[child]) <= 0) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = moving;
    }

    /** Holds the entry here, until {@link #next}. */
    public byte[] buffer() {
        return heap[0].buffer();
    }

    /** Where the key begins in the buffer. */
    public int keyAt() {
        return heap[0].keyAt();
    }

    /** Octets of the key. */
    public int keyLength() {
        return heap[0].keyLength();
    }

    /** Where the payload begins in the buffer. */
    public int payloadAt() {
        return heap[0].payloadAt();
    }

    /** Octets of the payload. */
    public int payloadLength() {
        return heap[0].payloadLength();
    }

    @Override
    public final void close() throws IOException {
        for (RunReader reader : all) {
            reader.close();
        }
    }
}
