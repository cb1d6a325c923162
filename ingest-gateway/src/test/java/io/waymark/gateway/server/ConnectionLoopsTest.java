package io.waymark.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ConnectionLoopsTest {
    private static int choose(int... connections) {
        return ConnectionLoops.choose(new AtomicIntegerArray(connections));
    }

    @Test
    void theFirstFewConnectionsShareALoop() {
        AtomicIntegerArray connections = new AtomicIntegerArray(3);
        for (int i = 0; i < ConnectionLoops.TOGETHER_MAX; i++) {
            connections.incrementAndGet(ConnectionLoops.choose(connections));
        }
        assertThat(connections).hasToString("[" + ConnectionLoops.TOGETHER_MAX + ", 0, 0]");
    }

    @Test
    void fromThenOnEachGoesWhereFewestAre() {
        AtomicIntegerArray connections = new AtomicIntegerArray(3);
        for (int i = 0; i < 30; i++) {
            connections.incrementAndGet(ConnectionLoops.choose(connections));
        }
        assertThat(connections).hasToString("[10, 10, 10]");
        assertThat(choose(9, 8, 9)).isEqualTo(1);
    }

    @Test
    void whereOnlyAFewAreLeftTheNextComesToMostOfThem() {
        assertThat(choose(0, 1, 2)).isEqualTo(2);
        assertThat(choose(1, 1, 0)).isEqualTo(0);
        assertThat(choose(1)).isEqualTo(0);
    }
}
