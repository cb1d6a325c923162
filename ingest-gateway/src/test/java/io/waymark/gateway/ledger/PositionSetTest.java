package io.waymark.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionSetTest {
    /** Long runs with gaps here and there, over several chunks, in disorder. */
    @ParameterizedTest
    @ValueSource(longs = {1, 20261122, 77})
    void findsExactlyWhatAPlainSetLacks(long seed) {
        Random random = new Random(seed);
        PositionSet set = new PositionSet();
        TreeSet<Long> lacking = new TreeSet<>();
        int last = 200_000;
        for (int i = 0; i < 20; i++) {
            long gap = random.nextInt(1, last);
            for (long p = gap; p < gap + random.nextInt(1, 4) && p <= last; p++) {
                lacking.add(p);
            }
        }
        for (int turn = 0; turn < 3; turn++) {
            for (long p = 1L + turn; p <= last; p += 3) {
                if (!lacking.contains(p)) {
                    assertThat(set.add(p)).isTrue();
                }
            }
        }
        assertThat(set.size()).isEqualTo(last - lacking.size());
        assertThat(set.add(last)).isEqualTo(lacking.contains((long) last));
        List<Long> found = new ArrayList<>();
        for (PositionSet.Range range : set.missing(1, last - 1, Integer.MAX_VALUE)) {
            for (long p = range.from(); p <= range.to(); p++) {
                found.add(p);
            }
        }
        lacking.remove((long) last);
        assertThat(found).as("seed %d", seed).containsExactlyElementsOf(lacking);
    }
}
