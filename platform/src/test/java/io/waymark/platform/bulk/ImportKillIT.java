package io.waymark.platform.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.platform.Main;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.testing.JavaProcess;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code waymark import} dies by SIGKILL at random moments: nothing is half-loaded, and the next one goes on. */
@Timeout(180)
class ImportKillIT {
    private static final int RECORDS = 120_000;
    private static final int KILLS = 4;

    @TempDir
    Path directory;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void isGoneOnWithAndNeverHalfDone() throws Exception {
        Path input = input();
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(input);
            boolean ended = process.waitFor(900 + random.nextInt(3_000), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            long there = records();
            assertThat(there).as("seed %d, kill %d: all or nothing", seed, kill).isIn(0L, RECORDS + 2L);
            if (ended || there > 0) {
                break;
            }
        }
        Process last = start(input);
        String said = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(last.waitFor()).as("seed %d: %s", seed, said).isIn(0, 1);
        assertThat(said).containsAnyOf(RECORDS + " records loaded", "exists already");
        assertThat(records()).as("seed %d", seed).isEqualTo(RECORDS + 2L);
        if (said.contains(RECORDS + " records loaded")) {
            assertThat(counted()).as("registrations in the statistics").isEqualTo(RECORDS);
        }
        try (RecordStore store = open()) {
            assertThat(store.findByAlias("https://id.gs1.org/01/06901234567892/21/77"))
                    .map(Handle::text)
                    .contains("88.1/k77");
        }
    }

    private Path input() throws IOException {
        Path input = directory.resolve("in.csv");
        try (Writer out = Files.newBufferedWriter(input)) {
            out.write("handle,URL,GS1\n");
            for (int i = 0; i < RECORDS; i++) {
                out.write("88.1/k" + i + ",https://id.example.com/" + "x".repeat(150) + ","
                        + (i < 100 ? "(01)06901234567892(21)" + i : "") + "\n");
            }
        }
        return input;
    }

    private Process start(Path input) throws IOException {
        return new ProcessBuilder(JavaProcess.command(
                        512,
                        Main.class.getName(),
                        "import",
                        input.toString(),
                        "--home",
                        "--data",
                        directory.resolve("data").toString()))
                .redirectErrorStream(true)
                .start();
    }

    private long counted() {
        StatisticsConfig config = StatisticsConfig.defaults(directory.resolve("data/statistics"));
        try (Statistics statistics = Statistics.open(config, new SimpleMeterRegistry(), Clock.systemUTC())) {
            return statistics.between(LocalDate.EPOCH, statistics.today()).stream()
                    .mapToLong(day ->
                            day.rows().getOrDefault("88.1", new long[Measure.WORDS.size()])[Measure.CREATED.column()])
                    .sum();
        }
    }

    private RecordStore open() {
        return RecordStore.open(
                RecordStoreConfig.defaults(directory.resolve("data/records")), new SimpleMeterRegistry());
    }

    private long records() {
        if (!Files.exists(directory.resolve("data/records"))) {
            return 0;
        }
        try (RecordStore store = open()) {
            long[] count = {0};
            store.list("", "", Integer.MAX_VALUE, handle -> count[0]++);
            return count[0];
        }
    }
}
