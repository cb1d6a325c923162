package io.waymark.platform.bulk;

import io.waymark.identifier.Recognizer;
import io.waymark.platform.bulk.ImportManifest.Head;
import io.waymark.platform.bulk.ImportManifest.Input;
import io.waymark.resolver.admin.RegistrationRules;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.storage.bulk.BulkInterruptedException;
import io.waymark.storage.bulk.BulkLoad;
import io.waymark.storage.bulk.BulkPolicy;
import io.waymark.storage.bulk.BulkProgress;
import io.waymark.storage.bulk.BulkProgress.Phase;
import io.waymark.storage.bulk.BulkResult;
import io.waymark.storage.bulk.TextPlace;
import io.waymark.storage.record.RecordStore;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * One import, in a directory of its own: what is staged there outlives the process, and the same import begun again goes on
 * where it was. One process at a time holds it.
 *
 * <p>Two acts, which different processes may do: {@link #stage} needs the input and nothing else, {@link #load} needs the
 * staged files and the record store.
 */
public final class ImportJob implements AutoCloseable {
    private static final String REFUSALS = "refused.tsv";

    private final Path directory;
    private final ImportManifest manifest;
    private FileChannel lock;

    private ImportJob(Path directory, ImportManifest manifest, FileChannel lock) {
        this.directory = directory;
        this.manifest = manifest;
        this.lock = lock;
    }

    /**
     * What an import came to.
     *
     * @param result what the store took
     * @param homed how many prefixes live here since then
     * @param secrets secret keys made for administrators: folded prefix → key, told this once
     */
    public record Loaded(BulkResult result, int homed, Map<String, String> secrets) {
        /** Has the statistics count what is in the store now. */
        public void countIn(Statistics statistics) {
            if (result.loaded()) {
                for (BulkResult.PrefixCount count : result.prefixes()) {
                    statistics.add(count.foldedPrefix(), Measure.CREATED, count.created());
                    statistics.add(count.foldedPrefix(), Measure.REPLACED, count.replaced());
                }
            }
        }
    }

    /** Where a line stands. */
    public record Place(Path file, long line) {}

    /**
     * Begins an import, or goes on with one of the same files, unchanged since.
     *
     * @param imports directory of all imports
     * @param nowSeconds the time of every value, if it begins
     * @throws ImportException if another process is at it
     */
    public static ImportJob begin(Path imports, List<Path> files, InputFormat format, int nowSeconds)
            throws IOException {
        return begin(imports, files, format, nowSeconds, SegmentCutter.BYTES);
    }

    static ImportJob begin(Path imports, List<Path> files, InputFormat format, int nowSeconds, int segmentBytes)
            throws IOException {
        List<Input> inputs = new ArrayList<>();
        for (Path file : files) {
            inputs.add(Input.of(file.toRealPath()));
        }
        Path directory = imports.resolve(name(inputs, format));
        createOwnerOnly(directory);
        FileChannel lock = lock(directory);
        try {
            Optional<ImportManifest> former = ImportManifest.open(directory);
            if (former.isPresent()) {
                return new ImportJob(directory, former.get(), lock);
            }
            Head head = new Head(format, nowSeconds, segmentBytes, inputs);
            Files.deleteIfExists(directory.resolve("manifest"));
            return new ImportJob(directory, ImportManifest.create(directory, head), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Takes over an import that is staged.
     *
     * @throws ImportException if there is none, or another process is at it
     */
    public static ImportJob resume(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ImportException("there is no import " + directory);
        }
        FileChannel lock = lock(directory);
        Optional<ImportManifest> manifest = ImportManifest.open(directory);
        if (manifest.isEmpty() || !manifest.get().isComplete()) {
            lock.close();
            throw new ImportException("the import " + directory + " is not staged completely");
        }
        return new ImportJob(directory, manifest.get(), lock);
    }

    /** Its directory's name. */
    public String name() {
        return directory.getFileName().toString();
    }

    /** Octets of the input that are staged already. */
    public long bytesStaged() {
        return manifest.segments().stream().mapToLong(Segment::length).sum();
    }

    /**
     * Reads, checks and sorts what of the input is not staged yet.
     *
     * @param workers how many segments at once
     * @throws ImportException if the input cannot be cut into records
     * @throws BulkInterruptedException if this thread was interrupted
     */
    public void stage(int workers, Executor executor, BulkProgress progress) throws IOException {
        progress.begin(Phase.READING, manifest.head().bytes());
        progress.advance(bytesStaged());
        if (manifest.isComplete()) {
            return;
        }
        List<CsvHead> heads = heads();
        try (SegmentCutter cutter = new SegmentCutter(
                manifest.head().files(),
                manifest.head().format(),
                manifest.head().segmentBytes())) {
            List<CompletableFuture<Void>> working = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                working.add(CompletableFuture.runAsync(() -> work(cutter, heads, progress), executor));
            }
            await(working);
        }
        manifest.complete();
    }

    private List<CsvHead> heads() throws IOException {
        List<CsvHead> heads = new ArrayList<>();
        if (manifest.head().format() == InputFormat.CSV) {
            for (Path file : manifest.head().files()) {
                heads.add(CsvHead.read(file));
            }
        }
        return heads;
    }

    private void work(SegmentCutter cutter, List<CsvHead> heads, BulkProgress progress) {
        try {
            RegistrationRules rules =
                    new RegistrationRules(code -> Recognizer.recognize(code).identifier());
            SegmentReader reader =
                    new SegmentReader(directory, rules, manifest.head().nowSeconds());
            byte[] octets = new byte[0];
            while (!Thread.currentThread().isInterrupted()) {
                Optional<SegmentCutter.Cut> next = cutter.next(manifest::segment, octets);
                if (next.isEmpty()) {
                    return;
                }
                octets = next.get().octets();
                Segment segment = next.get().segment();
                manifest.add(
                        segment,
                        heads.isEmpty()
                                ? reader.readJson(segment, octets)
                                : reader.readCsv(segment, octets, heads.get(segment.file())));
                progress.advance(segment.length());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(List<CompletableFuture<Void>> working) throws IOException {
        try {
            CompletableFuture.allOf(working.toArray(new CompletableFuture<?>[0]))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw new IOException(io.getCause());
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /**
     * Loads what is staged: all that is not refused, or nothing.
     *
     * @param home whether prefixes that do not live here shall from now on
     */
    public Loaded load(RecordStore records, BulkPolicy policy, boolean home, Executor executor, BulkProgress progress)
            throws IOException {
        HomingGate gate = new HomingGate(records, home, manifest.head().nowSeconds());
        BulkLoad load = new BulkLoad(
                records.bulk(), directory.resolve("load"), manifest.staged(), policy, gate, executor, progress);
        BulkResult result = load.run();
        writeRefusals(result);
        boolean homed = result.loaded();
        return new Loaded(result, homed ? gate.homed() : 0, homed ? gate.secrets() : Map.of());
    }

    private void writeRefusals(BulkResult result) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(directory.resolve(REFUSALS))) {
            result.refusals().forEach(refusal -> {
                TextPlace at = refusal.place();
                out.write(at.segment() + "\t" + at.line() + '\t' + at.at() + '\t' + at.length() + '\t'
                        + refusal.reason().replaceAll("[\\t\\r\\n]", " ") + '\n');
                return true;
            });
        }
    }

    /** A line that was refused, with what quotes it. */
    public record RefusedLine(Place place, String reason, TextPlace text) {}

    /** Does something with a refused line. */
    @FunctionalInterface
    public interface RefusedLineConsumer {
        /** Returns whether to go on. */
        boolean accept(RefusedLine line) throws IOException;
    }

    /** The lines that the last load refused, in order of the input, until the consumer has enough. */
    public void forEachRefused(RefusedLineConsumer consumer) throws IOException {
        long[] firstLines = firstLines();
        List<Segment> segments = manifest.segments();
        try (BufferedReader in = Files.newBufferedReader(directory.resolve(REFUSALS))) {
            boolean more = true;
            for (String line = in.readLine(); line != null && more; line = in.readLine()) {
                String[] words = line.split("\t", 5);
                TextPlace text = new TextPlace(
                        Integer.parseInt(words[0]),
                        Integer.parseInt(words[1]),
                        Integer.parseInt(words[2]),
                        Integer.parseInt(words[3]));
                Path file =
                        manifest.head().files().get(segments.get(text.segment()).file());
                Place place = new Place(file, firstLines[text.segment()] + text.line());
                more = consumer.accept(new RefusedLine(place, words[4], text));
            }
        }
    }

    private long[] firstLines() {
        List<Segment> segments = manifest.segments();
        long[] first = new long[segments.size()];
        long next = 1;
        for (int i = 0; i < first.length; i++) {
            next = segments.get(i).offset() == 0 ? 1 : next;
            first[i] = next;
            next += manifest.staged().get(i).lines();
        }
        return first;
    }

    /** The octets of a line, without its end; as long as the input is what it was. */
    public byte[] quote(TextPlace text) throws IOException {
        Segment segment = manifest.segments().get(text.segment());
        try (FileChannel in = FileChannel.open(manifest.head().files().get(segment.file()))) {
            ByteBuffer line = ByteBuffer.allocate(text.length());
            int n = 0;
            while (line.hasRemaining() && n >= 0) {
                n = in.read(line, segment.offset() + text.at() + line.position());
            }
            return line.array();
        }
    }

    /** Lets another process {@link #resume} it. */
    public void release() throws IOException {
        lock.close();
    }

    /** Takes it back after {@link #release}. */
    public void reacquire() throws IOException {
        lock = lock(directory);
    }

    /** Deletes its directory: it is done, or not wanted any more. */
    public void delete() throws IOException {
        close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        manifest.close();
        lock.close();
    }

    /** Sixteen digits that are the same for the same files as long as they do not change. */
    private static String name(List<Input> inputs, InputFormat format) {
        CRC32C low = new CRC32C();
        CRC32C high = new CRC32C();
        for (Input input : inputs) {
            byte[] octets = (format + " " + input).getBytes(StandardCharsets.UTF_8);
            low.update(octets);
            high.update(octets);
            high.update(octets.length);
        }
        return String.format(Locale.ROOT, "%08x%08x", high.getValue(), low.getValue());
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // held by this very process
        }
        channel.close();
        throw new ImportException("another process imports the same files just now (" + directory + ")");
    }

    /** Records hold secrets, staged ones too. */
    private static void createOwnerOnly(Path directory) throws IOException {
        Files.createDirectories(directory.getParent());
        if (!Files.exists(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
