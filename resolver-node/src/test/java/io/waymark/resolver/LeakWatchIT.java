package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The watch that other tests rely on does see a leak. */
class LeakWatchIT {
    @Test
    void seesABufferThatWasNeverReleased() {
        try (LeakWatch watch = new LeakWatch()) {
            assertThat(watch.leaks()).isEmpty();
            for (int i = 0; i < 10; i++) {
                ByteBufAllocator.DEFAULT.directBuffer(77).writeByte(1);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !watch.leaks().isEmpty());
        }
    }
}
