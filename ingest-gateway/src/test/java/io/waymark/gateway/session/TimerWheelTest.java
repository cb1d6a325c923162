package io.waymark.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
    private static final long START = -5_000;

    private final List<String> done = new ArrayList<>();
    private final TimerWheel wheel = new TimerWheel(8, 10, START);

    private TimerWheel.Timeout timeout(String name) {
        return new TimerWheel.Timeout(() -> done.add(name));
    }

    @Test
    void tellsAtTheFirstTickBehindTheDeadline() {
        wheel.set(timeout("a"), START + 25);
        wheel.advance(START + 25);
        assertThat(done).isEmpty();
        wheel.advance(START + 30);
        assertThat(done).containsExactly("a");
        wheel.advance(START + 500);
        assertThat(done).hasSize(1);
    }

    @Test
    void aMovedDeadlineIsToldOnceAtItsNewPlace() {
        TimerWheel.Timeout moved = timeout("a");
        wheel.set(moved, START + 20);
        wheel.set(moved, START + 60);
        wheel.advance(START + 50);
        assertThat(done).isEmpty();
        wheel.advance(START + 70);
        assertThat(done).containsExactly("a");
    }

    @Test
    void aCancelledDeadlineIsNotTold() {
        TimerWheel.Timeout cancelled = timeout("a");
        wheel.set(cancelled, START + 20);
        wheel.cancel(cancelled);
        wheel.cancel(cancelled);
        wheel.advance(START + 1_000);
        assertThat(done).isEmpty();
    }

    @Test
    void anActionMaySetItselfAgain() {
        TimerWheel.Timeout[] self = new TimerWheel.Timeout[1];
        self[0] = new TimerWheel.Timeout(() -> {
            done.add("again");
            wheel.set(self[0], START + 1_000);
        });
        wheel.set(self[0], START + 10);
        wheel.advance(START + 40);
        wheel.advance(START + 990);
        assertThat(done).hasSize(1);
        wheel.advance(START + 1_010);
        assertThat(done).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyDeadlineIsToldNeverEarlyAndAtMostATickLate(long seed) {
        Random random = new Random(seed);
        long[] now = {START};
        List<String> wrong = new ArrayList<>();
        int[] told = {0};
        for (int i = 0; i < 500; i++) {
            long deadline = START + random.nextInt(2_000);
            wheel.set(
                    new TimerWheel.Timeout(() -> {
                        told[0]++;
                        if (now[0] < deadline || now[0] > deadline + 20) {
                            wrong.add(deadline + " told at " + now[0]);
                        }
                    }),
                    deadline);
        }
        while (now[0] < START + 2_100) {
            now[0] += random.nextInt(8);
            wheel.advance(now[0]);
        }
        assertThat(wrong).isEmpty();
        assertThat(told[0]).isEqualTo(500);
    }
}
