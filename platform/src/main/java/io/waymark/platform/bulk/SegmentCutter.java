package io.waymark.platform.bulk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Cuts input files into segments of whole records, always at the same places. Any thread; reading is one at a time.
 */
final class SegmentCutter implements AutoCloseable {
    /** Octets of a segment that is not the last of its file. */
    static final int BYTES = 16 << 20;

    /** A segment and its octets, which are the first of the array. */
    record Cut(Segment segment, byte[] octets) {}

    private final List<Path> files;
    private final InputFormat format;
    private final int bytes;
    private int file;
    private int number;
    private long offset;
    private @Nullable FileChannel in;

    SegmentCutter(List<Path> files, InputFormat format, int bytes) {
        this.files = files;
        this.format = format;
        this.bytes = bytes;
    }

    /**
     * The next segment that is not done yet.
     *
     * @param done the segment with a number, if it is done
     * @param reused filled if it is large enough
     * @throws ImportException if a record is too long
     */
    synchronized Optional<Cut> next(LongFunction<@Nullable Segment> done, byte[] reused) throws IOException {
        while (file < files.size()) {
            Segment known = done.apply(number);
            if (known != null) {
                step(known);
                continue;
            }
            FileChannel open = open();
            long left = open.size() - offset;
            if (left <= 0) {
                nextFile();
                continue;
            }
            return Optional.of(cut(open, left, reused));
        }
        return Optional.empty();
    }

    private Cut cut(FileChannel open, long left, byte[] reused) throws IOException {
        int wanted = (int) Math.min(bytes, left);
        byte[] octets = reused.length >= wanted ? reused : new byte[wanted];
        read(open, octets, wanted);
        int length = wanted == left ? wanted : end(octets, wanted);
        if (length == 0) {
            throw new ImportException(files.get(file) + " has a record of more than " + bytes + " bytes, from octet "
                    + offset + " on: is it " + format + "?");
        }
        Segment segment = new Segment(number, file, offset, length);
        step(segment);
        return new Cut(segment, octets);
    }

    private int end(byte[] octets, int length) {
        return format == InputFormat.CSV ? CsvCells.endOfLastRecord(octets, length) : endOfLastLine(octets, length);
    }

    private static int endOfLastLine(byte[] octets, int length) {
        int end = length;
        while (end > 0 && octets[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private void read(FileChannel open, byte[] into, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(into, 0, length);
        while (rest.hasRemaining()) {
            if (open.read(rest, offset + rest.position()) < 0) {
                throw new ImportException(files.get(file) + " became shorter while it was read");
            }
        }
    }

    private void step(Segment segment) throws IOException {
        if (segment.file() != file) {
            nextFile();
        }
        offset = segment.end();
        number++;
    }

    private FileChannel open() throws IOException {
        FileChannel open = in;
        if (open == null) {
            open = FileChannel.open(files.get(file));
            in = open;
        }
        return open;
    }

    private void nextFile() throws IOException {
        close();
        file++;
        offset = 0;
    }

    @Override
    public synchronized void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }
}
