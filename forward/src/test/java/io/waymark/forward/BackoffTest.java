package io.waymark.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration FIRST = Duration.ofMillis(500);

    @Test
    void doublesUpToItsBoundAndBeginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(FIRST, Duration.ofSeconds(3), () -> 0.999999);
        assertThat(backoff.failed()).isEqualTo(499);
        assertThat(backoff.failed()).isEqualTo(999);
        assertThat(backoff.failed()).isEqualTo(1_999);
        assertThat(backoff.failed()).isEqualTo(2_999);
        assertThat(backoff.failed()).isEqualTo(2_999);
        backoff.succeeded();
        assertThat(backoff.failed()).isEqualTo(499);
    }

    @Test
    void waitsAtLeastHalf() {
        assertThat(new Backoff(FIRST, Duration.ofSeconds(3), () -> 0).failed()).isEqualTo(250);
        assertThat(new Backoff(FIRST, Duration.ofMillis(100), () -> 0).failed()).isEqualTo(50);
    }

    @Test
    void waitsLongerEachTimeWithinBounds() {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), new Random(1)::nextDouble);
        Duration first = next(backoff);
        assertThat(first).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        for (int i = 0; i < 40; i++) {
            assertThat(next(backoff)).isBetween(Duration.ofMillis(200), Duration.ofSeconds(10));
        }
        assertThat(next(backoff)).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        backoff.succeeded();
        assertThat(next(backoff)).isLessThanOrEqualTo(Duration.ofMillis(200));
    }

    private static Duration next(Backoff backoff) {
        return Duration.ofMillis(backoff.failed());
    }
}
