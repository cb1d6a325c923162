package io.waymark.gateway.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class KafkaReachTest {
    private final KafkaReach kafka = new KafkaReach();

    @Test
    void completesInTheOrderOfPositionsWhateverTheOrderOfAsking() {
        List<Integer> order = new ArrayList<>();
        for (int position : new int[] {3, 1, 2, 5}) {
            var unused = kafka.at(position).thenRun(() -> order.add(position));
        }
        kafka.reached(3);
        assertThat(order).containsExactly(1, 2, 3);
        assertThat(kafka.waiting()).isEqualTo(1);
        assertThat(kafka.at(2)).isDone();
        kafka.reached(2);
        assertThat(kafka.at(3)).as("it never goes back").isDone();
    }

    @Test
    void whoGivesUpWaitsNoMore() {
        CompletableFuture<Void> there = kafka.at(7);
        there.completeExceptionally(new IllegalStateException("late"));
        assertThat(kafka.waiting()).isZero();
        kafka.reached(7);
        assertThat(there).isCompletedExceptionally();
    }
}
