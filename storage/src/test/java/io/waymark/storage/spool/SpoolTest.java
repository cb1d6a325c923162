package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path directory;

    @Test
    void givesPositionsFromOneOnAndKeepsThemOverARestart() throws Exception {
        List<Long> told = new CopyOnWriteArrayList<>();
        String epoch;
        try (Spool spool = open()) {
            epoch = spool.epoch();
            for (int i = 1; i <= 100; i++) {
                assertThat(spool.offer(new SpoolWrite(message(i), null), new Told(told)))
                        .isEqualTo(Spool.Offer.ACCEPTED);
            }
            assertThat(spool.awaitPosition(100, Duration.ofSeconds(20))).isTrue();
            assertThat(spool.read(1, 1000, 1 << 20)).hasSize(100);
        }
        List<Long> expected = new ArrayList<>();
        for (long i = 1; i <= 100; i++) {
            expected.add(i);
        }
        assertThat(told).isEqualTo(expected);
        try (Spool spool = open()) {
            assertThat(spool.epoch()).isEqualTo(epoch);
            assertThat(spool.lastDurable()).isEqualTo(100);
            assertThat(spool.read(42, 1, 1)).hasSize(1).first().satisfies(e -> {
                assertThat(e.position()).isEqualTo(42);
                assertThat(e.message().payload()).isEqualTo("payload 42".getBytes(StandardCharsets.UTF_8));
            });
        }
    }

    private Spool open() {
        return Spool.open(SpoolConfig.defaults(directory), new SimpleMeterRegistry());
    }

    private static SpoolMessage message(int i) {
        return new SpoolMessage(
                "device", "a/b", 1, 17, "", List.of(), ("payload " + i).getBytes(StandardCharsets.UTF_8));
    }

    private record Told(List<Long> positions) implements Spool.Completion {
        @Override
        public void durable(long position) {
            positions.add(position);
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
