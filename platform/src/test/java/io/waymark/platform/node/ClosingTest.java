package io.waymark.platform.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final Closing closing = new Closing();
    private final List<String> stopped = Collections.synchronizedList(new ArrayList<>());

    @Test
    void stopsInReverseAndGoesOnAfterAFailure() throws Exception {
        closing.add("first", () -> stopped.add("first"));
        closing.add("broken", () -> {
            throw new IllegalStateException("meant by this test");
        });
        closing.add("last", () -> stopped.add("last"));

        closing.close(Duration.ofSeconds(20));
        closing.close(Duration.ofSeconds(20));

        assertThat(stopped).containsExactly("last", "first");
    }

    @Test
    void leavesAPartBehindThatDoesNotStop() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        closing.add("stuck", never::await);

        long begin = System.nanoTime();
        closing.close(Duration.ofMillis(50));

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(50), Duration.ofSeconds(10));
        never.countDown();
    }
}
