package io.waymark.resolver.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.statistics.DayCounts;
import io.waymark.testing.MovableClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsTest {
    private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));

    private Statistics open(int prefixesMax) {
        return Statistics.open(
                new StatisticsConfig(directory, Duration.ofHours(1), 3, prefixesMax, CHINA, 100), metrics, clock);
    }

    private static Map<String, long[]> rows(Statistics statistics, LocalDate day) {
        List<DayCounts> days = statistics.between(day, day);
        return days.isEmpty() ? Map.of() : days.get(0).rows();
    }

    private static long[] row(Statistics statistics, LocalDate day, String name) {
        return rows(statistics, day).getOrDefault(name, new long[Measure.WORDS.size()]);
    }

    private static ByteBuffer key(String handle) {
        byte[] octets = handle.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip();
    }

    @Test
    void countsByPrefixWhateverTheSuffix() {
        try (Statistics statistics = open(10)) {
            statistics.lane().count(key("88.118.8/A"), Measure.FOUND);
            statistics.lane().count(key("88.118.8/B/C"), Measure.FOUND);
            statistics.lane().count("88.118.8/x", Measure.NOT_FOUND);
            statistics.lane().count(key("88.118.80/A"), Measure.FOUND);

            assertThat(row(statistics, DAY, "88.118.8")).containsExactly(2, 1, 0, 0, 0, 0, 0, 0);
            assertThat(row(statistics, DAY, "88.118.80")).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void prefixesThatDoNotExistTakeNoRoom() {
        try (Statistics statistics = open(10)) {
            for (int i = 0; i < 1000; i++) {
                statistics.lane().count("10." + i + "/x", Measure.REFUSED);
            }
            statistics.lane().count("88.118.8/x", Measure.FOUND);

            assertThat(rows(statistics, DAY)).containsOnlyKeys("88.118.8", "(unknown)");
            assertThat(row(statistics, DAY, "(unknown)")[Measure.REFUSED.column()])
                    .isEqualTo(1000);
        }
    }

    @Test
    void countsManyAtOnce() {
        try (Statistics statistics = open(1)) {
            statistics.lane().count("88.118.8/x", Measure.CREATED);
            statistics.add("88.118.8", Measure.CREATED, 1_000_000);
            statistics.add("88.118.9", Measure.REPLACED, 7);
            statistics.add("", Measure.CREATED, 5);
        }
        try (Statistics statistics = open(1)) {
            assertThat(row(statistics, DAY, "88.118.8")[Measure.CREATED.column()])
                    .isEqualTo(1_000_001);
            assertThat(row(statistics, DAY, "(other)")).containsExactly(0, 0, 0, 0, 5, 7, 0, 0);
        }
    }

    @Test
    void prefixesBeyondTheBoundAreCountedTogether() {
        try (Statistics statistics = open(2)) {
            for (int i = 0; i < 100; i++) {
                statistics.lane().count("10." + i + "/x", Measure.FOUND);
                statistics.lane().count("10.0/x", Measure.FOUND);
            }

            assertThat(rows(statistics, DAY)).containsOnlyKeys("10.0", "10.1", "(other)");
            assertThat(row(statistics, DAY, "10.0")[0]).isEqualTo(101);
            assertThat(row(statistics, DAY, "(other)")[0]).isEqualTo(98);
        }
    }

    @Test
    void agreesWithAPlainMapOverRandomPrefixes() {
        long seed = 20261122;
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Long> model = new TreeMap<>();
        try (Statistics statistics = open(1200)) {
            for (int i = 0; i < 20_000; i++) {
                String prefix = "88." + random.nextInt(300) + (random.nextBoolean() ? "" : ".福" + random.nextInt(3));
                statistics.lane().count(key(prefix + "/" + i), Measure.FOUND);
                model.merge(prefix, 1L, Long::sum);
            }
            Map<String, Long> counted = new TreeMap<>();
            rows(statistics, DAY).forEach((name, row) -> counted.put(name, row[0]));

            assertThat(counted.equals(model))
                    .as("seed %d: %s, but was %s", seed, model, counted)
                    .isTrue();
        }
    }

    @Test
    void addsUpWhatManyThreadsCount() throws InterruptedException {
        try (Statistics statistics = open(10)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread thread = new Thread(() -> {
                    Lane lane = statistics.lane();
                    ByteBuffer key = key("88.118.8/A");
                    for (int i = 0; i < 100_000; i++) {
                        lane.count(key, Measure.FOUND);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            long seen = 0;
            while (threads.stream().anyMatch(Thread::isAlive)) {
                long[] row = rows(statistics, DAY).getOrDefault("88.118.8", new long[8]);
                assertThat(row[0]).isGreaterThanOrEqualTo(seen);
                seen = row[0];
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(row(statistics, DAY, "88.118.8")[0]).isEqualTo(400_000);
        }
    }

    @Test
    void goesOnWithTodayAfterARestart() {
        try (Statistics statistics = open(10)) {
            statistics.lane().count("88.118.8/x", Measure.FOUND);
        }
        try (Statistics statistics = open(10)) {
            statistics.lane().count("88.118.8/x", Measure.FOUND);

            assertThat(row(statistics, DAY, "88.118.8")[0]).isEqualTo(2);
        }
    }

    @Test
    void aDayEndsAtMidnightOfTheZone() {
        try (Statistics statistics = open(10)) {
            statistics.lane().count("88.118.8/x", Measure.FOUND);
            statistics.collect();
            clock.set(Instant.parse("2026-11-22T16:00:00Z")); // midnight in Shanghai
            statistics.collect();
            statistics.lane().count("88.118.8/x", Measure.CREATED);

            assertThat(row(statistics, DAY, "88.118.8")).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
            assertThat(row(statistics, DAY.plusDays(1), "88.118.8")).containsExactly(0, 0, 0, 0, 1, 0, 0, 0);
        }
    }

    @Test
    void forgetsDaysAfterTheTimeSet() {
        try (Statistics statistics = open(10)) {
            for (int i = 0; i < 5; i++) {
                statistics.lane().count("88.118.8/x", Measure.FOUND);
                statistics.collect();
                clock.set(clock.instant().plus(Duration.ofDays(1)));
                statistics.collect();
            }

            assertThat(statistics.between(DAY, DAY.plusDays(9)))
                    .extracting(DayCounts::day)
                    .containsExactly(DAY.plusDays(3), DAY.plusDays(4));
        }
    }

    @Test
    void setsADamagedDayAsideAndGoesOn() throws Exception {
        Files.writeString(directory.resolve(DAY + ".tsv"), "nonsense");

        try (Statistics statistics = open(10)) {
            statistics.lane().count("88.118.8/x", Measure.FOUND);
        }

        assertThat(directory.resolve(DAY + ".tsv.damaged")).hasContent("nonsense");
        try (Statistics statistics = open(10)) {
            assertThat(row(statistics, DAY, "88.118.8")[0]).isEqualTo(1);
        }
    }

    @Test
    void metersNameTheFirstPrefixesOnly() {
        try (Statistics statistics = open(1000)) {
            for (int i = 0; i < 500; i++) {
                statistics.lane().count("10." + i + "/x", Measure.FOUND);
            }
            statistics.collect();

            assertThat(metrics.find("waymark.resolver.prefix.resolutions").counters())
                    .hasSizeLessThanOrEqualTo(51 * 4);
            assertThat(metrics.find("waymark.resolver.prefix.resolutions").counters().stream()
                            .mapToDouble(c -> c.count())
                            .sum())
                    .isEqualTo(500);
        }
    }
}
