package io.waymark.trace.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimelineKeyTest {
    @Test
    void layoutIsStable() {
        assertThat(HexFormat.of().formatHex(TimelineKey.of("A/B", Instant.ofEpochMilli(1), "x")))
                .isEqualTo(
                        "412f42" // identity
                                + "00" // separator
                                + "8000000000000001" // time, sign flipped
                                + "2d711642b726b04401627ca9fbac32f5"); // head of SHA-256 of "x"
    }

    @Test
    void keysOfAnItemSortByEventTimeAndStayWithinItsBounds() {
        Random random = new Random(20261122);
        for (int round = 0; round < 2_000; round++) {
            long a = random.nextLong() >> random.nextInt(64);
            long b = random.nextLong() >> random.nextInt(64);
            byte[] keyA = TimelineKey.of("88.1/X", Instant.ofEpochMilli(a), "e" + round);
            byte[] keyB = TimelineKey.of("88.1/X", Instant.ofEpochMilli(b), "f" + round);
            if (a != b) {
                assertThat(Arrays.compareUnsigned(keyA, keyB) < 0).isEqualTo(a < b);
            }
            assertThat(Arrays.compareUnsigned(TimelineKey.first("88.1/X"), keyA))
                    .isNotPositive();
            assertThat(Arrays.compareUnsigned(TimelineKey.last("88.1/X"), keyA)).isNotNegative();
        }
    }

    /** An item whose identity begins with another's must not stand among the other's events. */
    @Test
    void itemsDoNotOverlap() {
        byte[] longer = TimelineKey.of("88.1/X/10", Instant.ofEpochMilli(5), "e");

        assertThat(Arrays.compareUnsigned(longer, TimelineKey.last("88.1/X"))).isPositive();
        assertThat(TimelineKey.accepts("88.1/X\0")).isFalse();
        assertThat(TimelineKey.accepts("")).isFalse();
    }
}
