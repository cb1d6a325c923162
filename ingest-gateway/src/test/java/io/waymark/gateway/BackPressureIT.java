package io.waymark.gateway;

import static io.waymark.gateway.RawClient.connected;
import static io.waymark.gateway.RawClient.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.storage.spool.SpoolConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka is away and the spool fills up. */
class BackPressureIT {
    private static final int ROOM = 200_000;

    @TempDir
    Path directory;

    private GatewayFixture small() {
        return new GatewayFixture(
                directory,
                GatewayFixture.config(),
                config -> new SpoolConfig(config.directory(), ROOM, 1_000, 100, Duration.ZERO));
    }

    @Test
    void aFullSpoolSlowsDevicesAndLosesNothingAcknowledged() throws Exception {
        String payload = "x".repeat(1_000);
        try (GatewayFixture fixture = small();
                RawClient steady = connected(fixture.port(), 4, "steady");
                RawClient loose = connected(fixture.port(), 4, "loose")) {
            Thread sender = new Thread(() -> {
                try {
                    for (int id = 1; id <= 600; id++) {
                        steady.send(publish(4, id % 2 == 0 ? 2 : 4, "t", id, payload));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            await().until(() -> fixture.metric("waymark.gateway.paused") == 1);
            loose.send(publish(4, 0, "t", 0, payload));
            await().until(() -> fixture.metric("waymark.gateway.dropped", "reason", "spool_full_qos0") >= 1);
            assertThat(fixture.metric("waymark.gateway.dropped.qos0", "group", "anonymous"))
                    .isPositive();
            loose.send("c000");
            assertThat(loose.receive()).as("others are served").isEqualTo("d000");

            for (int id = 1; id <= 600; id++) {
                if (fixture.spool.lastDurable() >= fixture.spool.first()) {
                    fixture.spool.trim(fixture.spool.lastDurable());
                }
                assertThat(steady.receive()).isEqualTo(String.format(id % 2 == 0 ? "4002%04x" : "5002%04x", id));
            }
            sender.join();
            assertThat(fixture.spool.lastDurable()).isEqualTo(600);
            await().until(() -> fixture.metric("waymark.gateway.paused") == 0);
            assertThat(fixture.metric("waymark.gateway.inflight")).isZero();
        }
    }

    @Test
    void aClientThatLeavesWhileTheSpoolIsFullMayTryAgain() throws Exception {
        String payload = "x".repeat(50_000);
        try (GatewayFixture fixture = small()) {
            try (RawClient client = connected(fixture.port(), 4, "leaver")) {
                for (int id = 1; id <= 8; id++) {
                    client.send(publish(4, 4, "t", id, payload));
                }
                await().until(() -> fixture.metric("waymark.gateway.paused") == 1);
            }
            await().until(() -> fixture.metric("waymark.gateway.connections") == 0);
            assertThat(fixture.metric("waymark.gateway.paused")).isZero();
            await().until(() -> fixture.metric("waymark.gateway.inflight") == 0);
            long stored = fixture.spool.lastDurable();
            assertThat(stored).isBetween(1L, 7L);
            fixture.spool.trim(stored);
            try (RawClient client = connected(fixture.port(), 4, "leaver")) {
                client.send(publish(4, 4, "t", 8, payload));
                assertThat(client.receive()).isEqualTo("50020008");
            }
        }
    }
}
