package io.waymark.platform.bulk;

import io.waymark.storage.bulk.Run;
import io.waymark.storage.bulk.StagedSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What of an import is staged: a text file that grows by a line for each segment, each with its checksum, so that after a
 * crash it is true as far as it can be read. Any thread.
 *
 * <pre>
 * import 1 FORMAT NOW_SECONDS SEGMENT_BYTES FILES
 * file SIZE MODIFIED_MILLIS PATH
 * segment NUMBER FILE OFFSET LENGTH LINES RECORDS CODES REFUSALS   where a run is ENTRIES:BYTES:CRC or -
 * staged                                                           every segment is there
 * </pre>
 *
 * Every line ends with a blank and the CRC-32C of what is before it, in hexadecimal.
 */
final class ImportManifest implements AutoCloseable {
    private static final String NAME = "manifest";

    /** A file of the input as it was when the import began. */
    record Input(Path path, long size, long modifiedMillis) {
        static Input of(Path file) throws IOException {
            return new Input(
                    file, Files.size(file), Files.getLastModifiedTime(file).toMillis());
        }

        private String line() {
            return "file " + size + ' ' + modifiedMillis + ' ' + path;
        }
    }

    /** What an import is made of. */
    record Head(InputFormat format, int nowSeconds, int segmentBytes, List<Input> inputs) {
        long bytes() {
            return inputs.stream().mapToLong(Input::size).sum();
        }

        List<Path> files() {
            return inputs.stream().map(Input::path).toList();
        }
    }

    private record Done(Segment segment, StagedSegment staged) {}

    private final Path directory;
    private final FileChannel out;
    private final Head head;
    private final Map<Integer, Done> done = new TreeMap<>();
    private boolean staged;

    private ImportManifest(Path directory, FileChannel out, Head head) {
        this.directory = directory;
        this.out = out;
        this.head = head;
    }

    /** Begins a manifest in an empty directory. */
    static ImportManifest create(Path directory, Head head) throws IOException {
        FileChannel out =
                FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ImportManifest manifest = new ImportManifest(directory, out, head);
        StringBuilder lines = new StringBuilder(summed("import 1 " + head.format() + ' ' + head.nowSeconds() + ' '
                + head.segmentBytes() + ' ' + head.inputs().size()));
        head.inputs().forEach(input -> lines.append(summed(input.line())));
        manifest.append(lines.toString());
        return manifest;
    }

    /** Reads the manifest of a directory, as far as it is whole; empty if there is none that begins well. */
    static Optional<ImportManifest> open(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        long length = readWhole(Files.readAllBytes(file), lines);
        try {
            Optional<Head> head = head(lines);
            return head.isEmpty() ? Optional.empty() : Optional.of(open(directory, head.get(), lines, length));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Lines with right checksums that this program never writes.
            return Optional.empty();
        }
    }

    private static ImportManifest open(Path directory, Head head, List<String> lines, long length) throws IOException {
        FileChannel out = FileChannel.open(directory.resolve(NAME), StandardOpenOption.WRITE);
        try {
            ImportManifest manifest = new ImportManifest(directory, out, head);
            lines.forEach(manifest::read);
            out.truncate(length).position(length);
            return manifest;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            out.close();
            throw e;
        }
    }

    Head head() {
        return head;
    }

    /** Notes a segment. */
    synchronized void add(Segment segment, StagedSegment runs) throws IOException {
        append(summed("segment " + segment.number() + ' ' + segment.file() + ' ' + segment.offset() + ' '
                + segment.length() + ' ' + runs.lines() + ' ' + run(runs.records()) + ' ' + run(runs.codes()) + ' '
                + run(runs.refusals())));
        done.put(segment.number(), new Done(segment, runs));
    }

    /** Notes that there are no more. */
    synchronized void complete() throws IOException {
        if (!staged) {
            append(summed("staged"));
            out.force(true);
            staged = true;
        }
    }

    synchronized boolean isComplete() {
        return staged;
    }

    /** The segment with a number if it is staged, or null. */
    synchronized @Nullable Segment segment(long number) {
        Done known = done.get((int) number);
        return known == null ? null : known.segment();
    }

    synchronized List<Segment> segments() {
        return done.values().stream().map(Done::segment).toList();
    }

    synchronized List<StagedSegment> staged() {
        return done.values().stream().map(Done::staged).toList();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private synchronized void append(String lines) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
        while (rest.hasRemaining()) {
            out.write(rest);
        }
    }

    private void read(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("staged")) {
            staged = true;
        } else if (words[0].equals("segment")) {
            int number = Integer.parseInt(words[1]);
            Segment segment = new Segment(
                    number, Integer.parseInt(words[2]), Long.parseLong(words[3]), Integer.parseInt(words[4]));
            StagedSegment runs = new StagedSegment(
                    number,
                    Integer.parseInt(words[5]),
                    run("records-" + number, words[6]),
                    run("codes-" + number, words[7]),
                    run("refusals-" + number, words[8]));
            if (isThere(runs.records()) && isThere(runs.codes()) && isThere(runs.refusals())) {
                done.put(number, new Done(segment, runs));
            }
        }
    }

    private static boolean isThere(Optional<Run> run) {
        return run.isEmpty() || run.get().file().toFile().length() == run.get().bytes();
    }

    private static String run(Optional<Run> run) {
        return run.map(r -> r.entries() + ":" + r.bytes() + ':' + Integer.toHexString(r.crc()))
                .orElse("-");
    }

    private Optional<Run> run(String name, String text) {
        if (text.equals("-")) {
            return Optional.empty();
        }
        String[] parts = text.split(":", -1);
        return Optional.of(new Run(
                directory.resolve(name),
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Integer.parseUnsignedInt(parts[2], 16)));
    }

    private static Optional<Head> head(List<String> lines) {
        String[] words = lines.isEmpty() ? new String[0] : lines.get(0).split(" ", -1);
        if (words.length != 6 || !words[0].equals("import") || !words[1].equals("1")) {
            return Optional.empty();
        }
        int files = Integer.parseInt(words[5]);
        if (lines.size() < 1 + files) {
            return Optional.empty();
        }
        List<Input> inputs = new ArrayList<>();
        for (String line : lines.subList(1, 1 + files)) {
            String[] file = line.split(" ", 4);
            inputs.add(new Input(Path.of(file[3]), Long.parseLong(file[1]), Long.parseLong(file[2])));
        }
        return Optional.of(new Head(
                InputFormat.valueOf(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]), inputs));
    }

    /** Collects lines with right checksums; returns how many octets they take. */
    private static long readWhole(byte[] file, List<String> lines) {
        int from = 0;
        for (int i = 0; i < file.length; i++) {
            if (file[i] == '\n') {
                String line = new String(file, from, i - from, StandardCharsets.UTF_8);
                int sum = line.lastIndexOf(' ');
                if (sum < 0 || !line.equals(summed(line.substring(0, sum)).stripTrailing())) {
                    return from;
                }
                lines.add(line.substring(0, sum));
                from = i + 1;
            }
        }
        return from;
    }

    private static String summed(String line) {
        CRC32C crc = new CRC32C();
        crc.update(line.getBytes(StandardCharsets.UTF_8));
        return line + ' ' + Long.toHexString(crc.getValue()) + '\n';
    }
}
