package io.waymark.resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.resolver.upstream.Breaker.State;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final Breaker breaker = new Breaker();
    private long now;

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(now);
        }
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void staysClosedWhileFailuresAreNotInARow() {
        for (int i = 0; i < 100; i++) {
            fail(4);
            breaker.succeeded();
        }

        assertThat(breaker.admits(now)).isTrue();
    }

    @Test
    void opensAfterFiveFailuresInARow() {
        fail(5);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.admits(now)).isFalse();
        pass(1);
        assertThat(breaker.admits(now)).isFalse();
    }

    @Test
    void letsOneThroughAfterAWhile() {
        fail(5);
        pass(2);

        assertThat(breaker.admits(now)).isTrue();
        assertThat(breaker.admits(now)).isFalse();
    }

    @Test
    void closesWhenTheOneIsAnswered() {
        fail(5);
        pass(2);
        breaker.admits(now);
        breaker.succeeded();

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.admits(now)).isTrue();
    }

    @Test
    void waitsTwiceAsLongEachTimeUpToAMinute() {
        fail(5);
        for (int pause : new int[] {2, 4, 8, 16, 32, 60, 60}) {
            pass(pause - 1);
            assertThat(breaker.admits(now)).as("before %d s", pause).isFalse();
            pass(1);
            assertThat(breaker.admits(now)).as("after %d s", pause).isTrue();
            fail(1);
        }
    }
}
