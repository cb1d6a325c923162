package io.waymark.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.GatewayTopics;
import io.waymark.gateway.RawClient;
import io.waymark.gateway.ledger.LedgerReport;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lone broker that comes back from a power cut without the ends of some of its logs, of each another length. */
class LostTailIT {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int DEVICES = 12;

    @TempDir
    static Path kafkaDirectory;

    static EmbeddedKafka kafka;

    @TempDir
    Path directory;

    private String suffix;
    private int acknowledged;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = EmbeddedKafka.start(kafkaDirectory);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        suffix = "-tail-" + TESTS.incrementAndGet();
        GatewayTopics.create(kafka, suffix);
    }

    private GatewayFixture gateway() {
        GatewayConfig config = GatewayFixture.config(kafka.bootstrap(), suffix);
        GatewayConfig.Forward forward = config.forward();
        return new GatewayFixture(
                directory,
                config.withForward(new GatewayConfig.Forward(
                        Map.of(
                                "bootstrap.servers", kafka.bootstrap(),
                                "max.block.ms", "6000",
                                "delivery.timeout.ms", "5000",
                                "request.timeout.ms", "3000"),
                        forward.topics(),
                        20,
                        forward.linger(),
                        false,
                        false)));
    }

    /** From several devices in turn, so that every partition gets some. */
    private void publish(GatewayFixture fixture, int each) throws Exception {
        for (int device = 0; device < DEVICES; device++) {
            try (RawClient client = RawClient.connected(fixture.port(), 4, "device-" + device)) {
                for (int i = 1; i <= each; i++) {
                    boolean twice = i % 2 == 0;
                    client.send(RawClient.publish(4, twice ? 4 : 2, "t", i, "message " + i));
                    assertThat(client.receive()).isEqualTo(String.format(twice ? "5002%04x" : "4002%04x", i));
                    acknowledged++;
                }
            }
        }
        await().atMost(PATIENCE).until(() -> fixture.gateway.forwardedPosition() >= acknowledged);
    }

    /** Leaves only so much of a partition's log, and nothing that says that it was closed in order. */
    private static void cut(String topic, int partition, double share) throws IOException {
        Path log = kafkaDirectory.resolve(topic + "-" + partition).resolve("00000000000000000000.log");
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate((long) (file.size() * share));
        }
        Files.deleteIfExists(kafkaDirectory.resolve(".kafka_cleanshutdown"));
        Files.deleteIfExists(kafkaDirectory.resolve("recovery-point-offset-checkpoint"));
    }

    private void assertExact(GatewayFixture fixture, String what) {
        LedgerReport report = fixture.ledger(kafka, suffix);
        System.err.println(what + ": acknowledged " + acknowledged + ", sent again "
                + fixture.metric("waymark.gateway.forward.refilled") + ", " + report.groups());
        assertThat(report.isExact()).as("%s", report).isTrue();
        assertThat(report.groups())
                .containsExactly(new LedgerReport.Line("anonymous", acknowledged, 0, acknowledged, 0, 0, 0, 0));
    }

    private interface Cut {
        void logs() throws IOException;
    }

    /** The broker's power fails, and what is cut did not reach its disk. */
    private static void powerFails(Cut cut) throws IOException {
        kafka.stopBroker();
        try {
            cut.logs();
        } finally {
            kafka.startBroker();
        }
    }

    @Test
    void whatSomePartitionsLostIsSentAgainBeforeAnythingNewer() throws Exception {
        String topic = GatewayTopics.TELEMETRY + suffix;
        try (GatewayFixture fixture = gateway()) {
            publish(fixture, 20);
            powerFails(() -> {
                cut(topic, 0, 0.4);
                cut(topic, 1, 0.999);
                cut(topic, 2, 0);
            });
            publish(fixture, 5);
            assertExact(fixture, "running gateway");
            assertThat(fixture.metric("waymark.gateway.forward.refilled")).isPositive();
        }
    }

    @Test
    void aGatewayThatStartsAfterwardsFindsIt() throws Exception {
        String topic = GatewayTopics.TELEMETRY + suffix;
        try (GatewayFixture fixture = gateway()) {
            publish(fixture, 20);
        }
        powerFails(() -> {
            cut(topic, 1, 0.5);
            cut(topic, 3, 0.1);
        });
        try (GatewayFixture fixture = gateway()) {
            publish(fixture, 5);
            assertExact(fixture, "gateway started afterwards");
            assertThat(fixture.metric("waymark.gateway.forward.refilled")).isPositive();
            fixture.restart();
            publish(fixture, 5);
            assertExact(fixture, "started once more");
            assertThat(fixture.metric("waymark.gateway.forward.refilled")).isZero();
        }
    }

    @Test
    void progressThatLostMoreThanTheMessagesDoublesNothing() throws Exception {
        try (GatewayFixture fixture = gateway()) {
            publish(fixture, 20);
            powerFails(() -> {
                cut(GatewayTopics.PROGRESS + suffix, 0, 0.3);
                cut(GatewayTopics.TELEMETRY + suffix, 0, 0.8);
            });
            publish(fixture, 5);
            assertExact(fixture, "progress lost");
            powerFails(() -> cut(GatewayTopics.PROGRESS + suffix, 0, 0));
            publish(fixture, 5);
            assertExact(fixture, "progress lost altogether");
        }
    }

    @Test
    void whateverIsLostWhenever() throws Exception {
        long seed = Long.getLong("waymark.fault.seed", System.nanoTime());
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        GatewayFixture fixture = gateway();
        try {
            for (int round = 0; round < 4; round++) {
                publish(fixture, 5 + random.nextInt(20));
                boolean stops = random.nextBoolean();
                if (stops) {
                    fixture.close();
                }
                powerFails(() -> {
                    for (int partition = 0; partition < 4; partition++) {
                        cut(GatewayTopics.TELEMETRY + suffix, partition, loss(random));
                    }
                    cut(GatewayTopics.PROGRESS + suffix, 0, loss(random));
                });
                if (stops) {
                    fixture = gateway();
                }
                publish(fixture, 1 + random.nextInt(5));
                assertExact(fixture, "round " + round);
            }
        } finally {
            fixture.close();
        }
    }

    private static double loss(Random random) {
        return random.nextBoolean() ? 1 : random.nextDouble();
    }
}
