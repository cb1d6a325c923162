package io.waymark.storage.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrimScheduleTest {
    @Test
    void letsAPositionGoAfterTheRetentionAndNotBefore() {
        TrimSchedule schedule = new TrimSchedule(Duration.ofMillis(6_400));
        schedule.committed(10, 1_000);
        assertThat(schedule.due(7_399)).isZero();
        assertThat(schedule.untilDueMillis(7_399)).isEqualTo(101);
        assertThat(schedule.due(7_500)).isEqualTo(10);
        assertThat(schedule.due(9_999)).isZero();
        assertThat(schedule.untilDueMillis(9_999)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void letsAPositionGoAtOnceWithoutRetention() {
        TrimSchedule schedule = new TrimSchedule(Duration.ZERO);
        schedule.committed(10, 1_000);
        assertThat(schedule.untilDueMillis(1_000)).isZero();
        assertThat(schedule.due(1_000)).isEqualTo(10);
    }

    @Test
    void neverLetsAPositionGoEarlyHoweverOftenItIsTold() {
        TrimSchedule schedule = new TrimSchedule(Duration.ofMillis(640));
        for (long now = 0; now <= 10_000; now++) {
            schedule.committed(now + 1, now);
            long due = schedule.due(now);
            // Position p was told at time p - 1.
            assertThat(due == 0 || due - 1 + 640 <= now)
                    .as("at %d: %d", now, due)
                    .isTrue();
        }
        assertThat(schedule.due(10_000 + 640 + 10)).isEqualTo(10_001);
    }

    @Test
    void forgetsNothingToldOutOfOrder() {
        TrimSchedule schedule = new TrimSchedule(Duration.ofMillis(64));
        schedule.committed(10, 0);
        schedule.committed(5, 50);
        schedule.committed(11, 100);
        assertThat(schedule.due(70)).isEqualTo(10);
        assertThat(schedule.due(170)).isEqualTo(11);
    }

    @Test
    void keepsFewMarks() {
        TrimSchedule schedule = new TrimSchedule(Duration.ofSeconds(64));
        for (long now = 0; now < 64_000; now++) {
            schedule.committed(now + 1, now);
        }
        assertThat(schedule.size()).isLessThanOrEqualTo(TrimSchedule.SLICES + 1);
    }
}
