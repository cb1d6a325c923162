package io.waymark.storage.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RunsPropertyTest {
    @TempDir
    Path directory;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private record Entry(byte[] key, byte[] payload) {}

    @Test
    void mergesAnyRunsIntoTheOrderOfAStableSort() throws IOException {
        for (int round = 0; round < 30; round++) {
            List<Entry> all = new ArrayList<>();
            List<Run> runs = new ArrayList<>();
            boolean ordered = random.nextBoolean();
            for (int r = random.nextInt(12); r >= 0; r--) {
                List<Entry> entries = entries(ordered);
                all.addAll(entries);
                runs.add(write(entries, round + "-" + r));
            }
            all.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
            int runsMax = 2 + random.nextInt(12);
            List<Entry> merged = new ArrayList<>();
            try (MergedRuns in = MergedRuns.open(runs, directory.resolve("scratch"), runsMax)) {
                while (in.next()) {
                    merged.add(entry(in));
                }
            }
            assertThat(merged)
                    .as("seed %d, round %d, at most %d runs", seed, round, runsMax)
                    .usingElementComparator(Comparator.comparing(Entry::key, Arrays::compareUnsigned)
                            .thenComparing(Entry::payload, Arrays::compareUnsigned))
                    .containsExactlyElementsOf(all);
        }
    }

    private List<Entry> entries(boolean ordered) {
        List<Entry> entries = new ArrayList<>();
        String prefix = "PREFIX/".substring(0, random.nextInt(8));
        for (int n = random.nextInt(300); n >= 0; n--) {
            String key = prefix + Integer.toString(random.nextInt(200), 2 + random.nextInt(30));
            byte[] payload = new byte[random.nextInt(20) == 0 ? random.nextInt(100_000) : random.nextInt(40)];
            random.nextBytes(payload);
            entries.add(new Entry(key.getBytes(StandardCharsets.UTF_8), payload));
        }
        if (ordered) {
            entries.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
        }
        return entries;
    }

    private Run write(List<Entry> entries, String name) throws IOException {
        RunBuilder builder = new RunBuilder(16);
        for (Entry entry : entries) {
            builder.begin(entry.key(), 0, entry.key().length).put(entry.payload());
            builder.end();
            builder.begin(entry.key(), 0, entry.key().length).putInt(7);
            builder.cancel();
        }
        return builder.write(directory.resolve(name));
    }

    private static Entry entry(MergedRuns in) {
        return new Entry(
                Arrays.copyOfRange(in.buffer(), in.keyAt(), in.keyAt() + in.keyLength()),
                Arrays.copyOfRange(in.buffer(), in.payloadAt(), in.payloadAt() + in.payloadLength()));
    }

    @Test
    void noticesEveryDamagedOctet() throws IOException {
        Run run = write(entries(false).subList(0, 1), "damaged");
        byte[] good = Files.readAllBytes(run.file());
        for (int i = 0; i < Math.min(good.length, 60); i++) {
            byte[] bad = good.clone();
            bad[i] = (byte) (bad[i] ^ (1 << random.nextInt(8)));
            Files.write(run.file(), bad);
            assertThatThrownBy(() -> readAll(run))
                    .as("octet %d, seed %d", i, seed)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("damaged")
                    .hasMessageContaining("import again");
        }
        Files.write(run.file(), Arrays.copyOf(good, good.length - 1));
        assertThatThrownBy(() -> readAll(run)).isInstanceOf(StorageException.class);
        Files.write(run.file(), Arrays.copyOf(good, good.length + 1));
        assertThatThrownBy(() -> readAll(run)).isInstanceOf(StorageException.class);
    }

    private void readAll(Run run) throws IOException {
        try (MergedRuns in = MergedRuns.open(List.of(run), directory)) {
            while (in.next()) {
                assertThat(in.keyLength()).isNotNegative();
            }
        }
    }
}
