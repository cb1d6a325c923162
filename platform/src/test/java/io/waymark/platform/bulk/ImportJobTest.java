package io.waymark.platform.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.storage.bulk.BulkInterruptedException;
import io.waymark.storage.bulk.BulkPolicy;
import io.waymark.storage.bulk.BulkProgress;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ImportJobTest {
    private static final int SEGMENT = 512;
    private static final BulkPolicy STRICT = new BulkPolicy(false, false);
    private static final BulkPolicy SKIPPING = new BulkPolicy(false, true);

    @TempDir
    Path directory;

    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    /** Counts bytes read, and stops the import at a bound. */
    private static final class Count implements BulkProgress {
        private final AtomicLong read = new AtomicLong();
        private final long readMax;
        private volatile Phase phase = Phase.READING;

        Count(long readMax) {
            this.readMax = readMax;
        }

        @Override
        public void begin(Phase begun, long total) {
            phase = begun;
        }

        @Override
        public void advance(long amount) {
            if (phase == Phase.READING && read.addAndGet(amount) > readMax) {
                throw new BulkInterruptedException();
            }
        }
    }

    private static final Count ALL = new Count(Long.MAX_VALUE);

    private Path file(String name, int from, int to) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("{\"handle\":\"88.1/k")
                    .append(i)
                    .append("\",\"values\":[{\"index\":1,\"type\":\"N\",\"data\":\"");
            lines.append(i).append("\"}]}\n");
        }
        return Files.writeString(directory.resolve(name), lines);
    }

    private ImportJob begin(InputFormat format, Path... files) throws IOException {
        return ImportJob.begin(directory.resolve("import"), List.of(files), format, 1_763_800_000, SEGMENT);
    }

    private RecordStore store() {
        return RecordStore.open(RecordStoreConfig.defaults(directory.resolve("records")), new SimpleMeterRegistry());
    }

    private static List<String> refusals(ImportJob job) throws IOException {
        List<String> refusals = new ArrayList<>();
        job.forEachRefused(line -> {
            refusals.add(line.place().file().getFileName() + ":" + line.place().line() + " " + line.reason() + " <"
                    + new String(job.quote(line.text()), StandardCharsets.UTF_8) + ">");
            return true;
        });
        return refusals;
    }

    @Test
    void goesOnWhereItWasStopped() throws IOException {
        Path file = file("a.ndjson", 0, 1000);
        long half = Files.size(file) / 2;
        try (ImportJob job = begin(InputFormat.NDJSON, file)) {
            assertThatThrownBy(() -> job.stage(2, executor, new Count(half)))
                    .isInstanceOf(BulkInterruptedException.class);
        }
        try (ImportJob job = begin(InputFormat.NDJSON, file);
                RecordStore store = store()) {
            long staged = job.bytesStaged();
            assertThat(staged).isBetween(half - 2 * SEGMENT, half + 4 * SEGMENT);
            Count rest = new Count(Long.MAX_VALUE);
            job.stage(2, executor, rest);
            assertThat(rest.read).hasValue(Files.size(file));
            assertThat(job.load(store, STRICT, true, executor, ALL).result().records())
                    .isEqualTo(1000);
            assertThat(store.find(new Handle("88.1/K999")).orElseThrow().get(0).dataText())
                    .isEqualTo("999");
        }
    }

    @Test
    void aTornManifestIsTrueAsFarAsItCanBeRead() throws IOException {
        Path file = file("a.ndjson", 0, 300);
        Path manifest;
        try (ImportJob job = begin(InputFormat.NDJSON, file)) {
            job.stage(1, executor, ALL);
            manifest = directory.resolve("import").resolve(job.name()).resolve("manifest");
        }
        byte[] whole = Files.readAllBytes(manifest);
        for (int cut = 0; cut < whole.length; cut += 97) {
            Files.write(manifest, java.util.Arrays.copyOf(whole, cut));
            try (ImportJob job = begin(InputFormat.NDJSON, file)) {
                job.stage(1, executor, ALL);
                assertThat(job.bytesStaged()).as("cut at %d", cut).isEqualTo(Files.size(file));
            }
            assertThat(Files.readAllBytes(manifest)).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @Test
    void anImportOfAChangedFileIsAnother() throws IOException {
        Path file = file("a.ndjson", 0, 10);
        String name;
        try (ImportJob job = begin(InputFormat.NDJSON, file)) {
            name = job.name();
            assertThatThrownBy(() -> begin(InputFormat.NDJSON, file))
                    .isInstanceOf(ImportException.class)
                    .hasMessageContaining("another process");
        }
        try (ImportJob job = begin(InputFormat.NDJSON, file("a.ndjson", 0, 11))) {
            assertThat(job.name()).isNotEqualTo(name);
            assertThat(job.bytesStaged()).isZero();
        }
    }

    @Test
    void namesFileLineAndReasonAndQuotesTheLine() throws IOException {
        Path first = file("a.ndjson", 0, 20);
        Path second = Files.writeString(
                directory.resolve("b.ndjson"),
                "\n{\"handle\":\"88.1/k7\",\"values\":[{\"index\":1,\"type\":\"N\",\"data\":\"\"}]}\n{rubbish\n"
                        + "{\"handle\":\"88.1/x\",\"values\":[]}\n{\"handle\":\"99.9/x\",\"values\":[{\"index\":1,\"type\":\"N\",\"data\":\"\"}]}");
        try (ImportJob job = begin(InputFormat.NDJSON, first, second);
                RecordStore store = store()) {
            job.stage(2, executor, ALL);
            ImportJob.Loaded loaded = job.load(store, STRICT, false, executor, ALL);
            assertThat(loaded.result().loaded()).isFalse();
            assertThat(loaded.result().refused()).isEqualTo(24);
            assertThat(refusals(job))
                    .startsWith("a.ndjson:1 prefix 88.1 does not live here <{\"handle\":\"88.1/k0\",\"values\":"
                            + "[{\"index\":1,\"type\":\"N\",\"data\":\"0\"}]}>")
                    .contains(
                            "b.ndjson:4 a record must have 1..2048 values but had 0 <{\"handle\":\"88.1/x\",\"values\":[]}>")
                    .anyMatch(line -> line.startsWith("b.ndjson:3 is no JSON: ") && line.endsWith("<{rubbish>"));
            loaded = job.load(store, SKIPPING, true, executor, ALL);
            assertThat(loaded.secrets()).containsOnlyKeys("88.1", "99.9");
            assertThat(refusals(job))
                    .hasSize(3)
                    .first()
                    .asString()
                    .startsWith("b.ndjson:2 handle 88.1/K7 is on an earlier line already");
            assertThat(store.find(new Handle("0.NA/99.9"))).isPresent();
        }
    }

    @Test
    void refusesTheLinksRegistrationRefuses() throws IOException {
        Path file = Files.writeString(directory.resolve("a.csv"), """
                handle,1:URL,2:gs1:pip
                88.1/a,https://a.example/,https://b.example/
                88.1/b,http:x,
                88.1/c,mailto:a@b.example,
                88.1/d,javascript:1,
                88.1/e,,ftp://b.example/
                """);
        try (ImportJob job = begin(InputFormat.CSV, file);
                RecordStore store = store()) {
            job.stage(1, executor, ALL);
            assertThat(job.load(store, SKIPPING, true, executor, ALL).result().records())
                    .isEqualTo(3);
            assertThat(refusals(job))
                    .containsExactly(
                            "a.csv:5 value 1 of type URL must not run code <88.1/d,javascript:1,\n>",
                            "a.csv:6 value 2 of type gs1:pip must be an http or https address <88.1/e,,ftp://b.example/\n>");
        }
    }

    @Test
    void countsTheLinesOfQuotedCells() throws IOException {
        Path file = Files.writeString(
                directory.resolve("a.csv"),
                "\ufeffhandle,NOTE,7:URL\r\n88.1/a,\"two\nlines\",u\r\n\n88.1/b,x,\n88.1/c,,\n88.1/d,y,z,w\n no ,x\n");
        try (ImportJob job = begin(InputFormat.CSV, file);
                RecordStore store = store()) {
            job.stage(1, executor, ALL);
            assertThat(job.load(store, SKIPPING, true, executor, ALL).result().records())
                    .isEqualTo(2);
            assertThat(refusals(job))
                    .containsExactly(
                            "a.csv:6 a record must have 1..2048 values but had 0 <88.1/c,,\n>",
                            "a.csv:7 has 4 cells but the head line has 3 <88.1/d,y,z,w\n>",
                            "a.csv:8 handle \"no\" has no '/' between prefix and suffix < no ,x\n>");
            assertThat(store.find(new Handle("88.1/a")).orElseThrow())
                    .extracting(v -> v.index() + v.type() + v.dataText())
                    .containsExactly("1NOTEtwo\nlines", "7URLu");
        }
    }

    @Test
    void aRecordLargerThanASegmentIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("a.ndjson"), "\n" + "x".repeat(2 * SEGMENT));
        try (ImportJob job = begin(InputFormat.NDJSON, file)) {
            assertThatThrownBy(() -> job.stage(1, executor, ALL))
                    .isInstanceOf(ImportException.class)
                    .hasMessageContaining("more than 512 bytes, from octet 1 on");
        }
    }
}
