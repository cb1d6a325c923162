package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipfTest {
    private static final int DRAWS = 200_000;
    private static final long SEED = 20261122;

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.99, 1, 1.5})
    void drawsEachRankAsOftenAsTheLawSays(double exponent) {
        int n = 50;
        Zipf zipf = new Zipf(n, exponent, SEED);
        int[] counts = new int[n + 1];
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) zipf.rank()]++;
        }
        double sum = 0;
        for (int k = 1; k <= n; k++) {
            sum += Math.pow(k, -exponent);
        }
        for (int k = 1; k <= n; k++) {
            double share = Math.pow(k, -exponent) / sum;
            double fiveSigma = 5 * Math.sqrt(share * (1 - share) / DRAWS);
            assertThat(counts[k] / (double) DRAWS).as("rank %d", k).isCloseTo(share, within(fiveSigma));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 7, 1000})
    void scattersOverTheWholeRangeAndNeverBeyond(long n) {
        Zipf zipf = new Zipf(n, 0.2, SEED);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            long k = zipf.next();
            assertThat(k).isBetween(0L, n - 1);
            seen.add(k);
        }
        assertThat(seen).hasSize((int) n);
    }
}
