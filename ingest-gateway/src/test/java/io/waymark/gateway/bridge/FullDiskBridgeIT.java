package io.waymark.gateway.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.bridge.BridgeConfig.Protocol;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.testing.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bridge whose gateway's disk becomes full: the upstream keeps what is not acknowledged, and stays connected. */
class FullDiskBridgeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH = 50;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1,1", "MQTT_5,2"})
    void whatADiskDoesNotTakeWaitsUnacknowledgedAndIsTakenOnceAndInOrder(Protocol protocol, int qos) throws Exception {
        try (Mosquitto upstream = new Mosquitto(directory.resolve("mosquitto"));
                SmallDisk disk = SmallDisk.mounted(directory.resolve("disk"), 64)) {
            BridgeSample sample = new BridgeSample(upstream.uri("tcp"));
            sample.protocol = protocol;
            sample.qos = qos;
            sample.inFlightMax = 10;
            try (GatewayFixture fixture = new GatewayFixture(
                            disk.directory(),
                            GatewayFixture.config().withBridges(List.of(sample.config())),
                            spool -> new SpoolConfig(spool.directory(), 1 << 30, 1_000, 100, Duration.ZERO));
                    Publisher device = new Publisher(upstream)) {
                device.padding = ":" + "x".repeat(20_000);
                await().atMost(PATIENCE).until(() -> fixture.metric("waymark.gateway.bridge.connected") == 1);
                device.publish("plant/oven-7/heat", qos, BATCH);
                awaitSpooled(fixture, BATCH);
                disk.fill();
                while (fixture.metric("waymark.spool.writing") == 1) {
                    device.publish("plant/oven-7/heat", qos, 1);
                }
                device.publish("plant/oven-7/heat", qos, BATCH);
                long spooled = fixture.spool.lastDurable();
                assertThat(spooled).isLessThanOrEqualTo(device.acknowledged.size() - BATCH);
                disk.makeRoom();
                awaitSpooled(fixture, device.acknowledged.size());
                assertThat(fixture.spooled())
                        .extracting(message -> new String(message.payload(), UTF_8).split(":")[0])
                        .isEqualTo(device.acknowledged);
                System.err.println("full disk, bridge " + protocol + " QoS " + qos + ": sent "
                        + device.acknowledged.size() + ", of which " + spooled
                        + " before it was full, found all once and in order");
                assertThat(fixture.metric("waymark.gateway.bridge.connects"))
                        .as("the upstream is not told of the disk")
                        .isEqualTo(1);
                await().untilAsserted(() -> assertThat(fixture.metric("waymark.gateway.bridge.inflight"))
                        .as("not acknowledged")
                        .isZero());
            }
        }
    }

    private static void awaitSpooled(GatewayFixture fixture, long count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(fixture.spool.lastDurable()).isEqualTo(count));
    }
}
