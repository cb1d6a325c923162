package io.waymark.storage.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    @Test
    void followsWhatPassesAndNothingElse() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        Instant begin = Instant.parse("2026-11-22T08:00:00Z");
        SteadyClock clock = new SteadyClock(begin, nanos::get);
        assertThat(clock.instant()).isEqualTo(begin);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(clock.instant()).isEqualTo(begin.plus(Duration.ofHours(1)));
    }
}
