package io.waymark.resolver.statistics;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;

/**
 * What is counted and how long it is kept.
 *
 * @param directory of the day files; created if absent
 * @param writeEvery how often the day is written to disk: what a crash may lose
 * @param keepDays older days are deleted
 * @param prefixesMax prefixes counted by name; the others are counted together
 * @param zone whose midnight ends a day
 * @param networksMax of a day the networks with the most requests, as many; 0 = none are counted
 */
public record StatisticsConfig(
        Path directory, Duration writeEvery, int keepDays, int prefixesMax, ZoneId zone, int networksMax) {
    /** Refuses bounds below 1. */
    public StatisticsConfig {
        if (keepDays < 1 || prefixesMax < 1 || writeEvery.toMillis() < 1 || networksMax < 0) {
            throw new IllegalArgumentException(
                    "keepDays, prefixesMax and writeEvery must be at least 1, networksMax 0, but were " + keepDays
                            + ", " + prefixesMax + ", " + writeEvery + ", " + networksMax);
        }
    }

    /** Every ten seconds, 400 days, 10 000 prefixes, 100 networks, days as China counts them: so the national system wants its reports. */
    public static StatisticsConfig defaults(Path directory) {
        return new StatisticsConfig(directory, Duration.ofSeconds(10), 400, 10_000, ZoneId.of("Asia/Shanghai"), 100);
    }
}
