package io.waymark.resolver.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.waymark.storage.statistics.DayCounts;
import io.waymark.testing.MovableClock;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);

    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));

    private Sources open(int networksMax) {
        return new Sources(
                new StatisticsConfig(directory, Duration.ofHours(1), 3, 10, ZoneId.of("UTC"), networksMax), clock);
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static Map<String, long[]> rows(Sources sources, LocalDate day) {
        List<DayCounts> days = sources.between(day, day);
        return days.isEmpty() ? Map.of() : days.get(0).rows();
    }

    @Test
    void countsByNetworkAndDay() throws Exception {
        Sources sources = open(10);
        sources.add(address("198.51.100.7"), 16);
        sources.add(address("198.51.100.200"), 5);
        sources.add(address("198.51.101.7"), 1);
        sources.add(address("2001:db8:1:2::3"), 2);
        sources.add(address("2001:db8:1:ffff::9"), 2);
        sources.add(address("0.0.0.1"), 3);

        Map<String, long[]> rows = rows(sources, DAY);

        assertThat(rows)
                .hasSize(4)
                .containsEntry("198.51.100.0/24", new long[] {21})
                .containsEntry("198.51.101.0/24", new long[] {1})
                .containsEntry("2001:db8:1:0:0:0:0:0/48", new long[] {4})
                .containsEntry("0.0.0.0/24", new long[] {3});
    }

    @Test
    void goesOnAfterARestartAndBeginsANewDay() throws Exception {
        Sources sources = open(10);
        sources.add(address("198.51.100.7"), 5);
        sources.add(address("2001:db8:1::1"), 7);
        sources.save();
        sources = open(10);
        sources.add(address("198.51.100.7"), 1);
        clock.advance(Duration.ofDays(1));
        sources.save();
        sources.add(address("192.0.2.1"), 2);

        assertThat(rows(sources, DAY))
                .containsEntry("198.51.100.0/24", new long[] {6})
                .containsEntry("2001:db8:1:0:0:0:0:0/48", new long[] {7});
        assertThat(rows(sources, DAY.plusDays(1))).hasSize(1).containsEntry("192.0.2.0/24", new long[] {2});
    }

    /** Somebody forges a million sources; who really asks much is told all the same. */
    @Test
    void knowsWhoAsksMuchAmongAnyNumberOfOthers() throws Exception {
        Sources sources = open(20);
        Random random = new Random(7);
        int rounds = 200_000;
        byte[] forged = new byte[4];
        for (int n = 0; n < rounds; n++) {
            random.nextBytes(forged);
            sources.add(InetAddress.getByAddress(forged), 1);
            if (n % 50 == 0) {
                sources.add(address("198.51.100.7"), 50);
            }
        }

        Map<String, long[]> rows = rows(sources, DAY);

        assertThat(rows).hasSize(20);
        assertThat(rows.getOrDefault("198.51.100.0/24", new long[1])[0]).isBetween(200_000L, 202_000L);
    }

    @Test
    void nothingIsCountedOrWrittenIfSoSet() throws Exception {
        Sources sources = open(0);
        sources.add(address("198.51.100.7"), 5);
        sources.save();

        assertThat(rows(sources, DAY)).isEmpty();
        assertThat(directory.resolve("sources")).isEmptyDirectory();
    }

    /** What a loop tells for sixteen requests may cost it an address's octets, where they are not optimised away. */
    @Test
    void tellingCostsNoMemoryToSpeakOf() throws Exception {
        Sources sources = open(10);
        InetAddress[] some = {address("198.51.100.7"), address("2001:db8:1::1"), address("192.0.2.9")};
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int calls = 200_000;
        for (int n = 0; n < calls; n++) {
            sources.add(some[n % 3], 16);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int n = 0; n < calls; n++) {
            sources.add(some[n % 3], 16);
        }
        double perRequest = (threads.getCurrentThreadAllocatedBytes() - before) / (16.0 * calls);

        assertThat(perRequest).isLessThan(2.1);
    }
}
