package io.waymark.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.internal.PlatformDependent;
import io.waymark.forward.ForwardState;
import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.GatewayTopics;
import io.waymark.gateway.RawClient;
import io.waymark.gateway.ledger.LedgerReport;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.testing.MovableClock;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each fault with a count of what was sent, acknowledged and found, and the ledger's own word at the end.
 *
 * <p>{@code -Dwaymark.fault.clients=10000} is the long run of back-pressure.
 */
class FaultsIT {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Of which the messages themselves are six thousand. */
    private static final long MEMORY_MAX = 64 << 10;

    private static final int CLIENTS = Integer.getInteger("waymark.fault.clients", 500);

    @TempDir
    static Path kafkaDirectory;

    static EmbeddedKafka kafka;

    @SuppressWarnings("NullAway.Init") // made while the broker is
    static SlowWire wire;

    @TempDir
    Path directory;

    private String suffix;
    private int acknowledged;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = EmbeddedKafka.startBehind(kafkaDirectory, port -> {
            try {
                wire = new SlowWire(port);
                return wire.port();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @AfterAll
    static void stopKafka() throws IOException {
        kafka.close();
        wire.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        suffix = "-fault-" + TESTS.incrementAndGet();
        GatewayTopics.create(kafka, suffix);
    }

    /** Gives up on Kafka sooner than a plant's would, so that tests see it. */
    private GatewayConfig config() {
        GatewayConfig config = GatewayFixture.config(kafka.bootstrap(), suffix);
        GatewayConfig.Forward forward = config.forward();
        return config.withForward(new GatewayConfig.Forward(
                Map.of(
                        "bootstrap.servers", kafka.bootstrap(),
                        "max.block.ms", "6000",
                        "delivery.timeout.ms", "5000",
                        "request.timeout.ms", "3000"),
                forward.topics(),
                50,
                forward.linger(),
                false,
                forward.events()));
    }

    private GatewayFixture gateway(String name) {
        return new GatewayFixture(directory.resolve(name), config());
    }

    /** One after the other, QoS 1 and 2 in turn, each acknowledged. */
    private void publish(GatewayFixture fixture, int count) throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 4, "device")) {
            for (int i = 1; i <= count; i++) {
                boolean twice = i % 2 == 0;
                client.send(RawClient.publish(4, twice ? 4 : 2, "t", i, "message " + i));
                assertThat(client.receive()).isEqualTo(String.format(twice ? "5002%04x" : "4002%04x", i));
                acknowledged++;
            }
        }
    }

    private static void awaitForwarded(GatewayFixture fixture, long position) {
        await().atMost(PATIENCE).until(() -> fixture.gateway.forwardedPosition() >= position);
    }

    /** Everything acknowledged is in Kafka, once and in order, and nothing waits. */
    private void assertExact(GatewayFixture fixture) {
        LedgerReport report = fixture.ledger(kafka, suffix);
        System.err.println(suffix + ": acknowledged " + acknowledged + ", " + report.groups());
        assertThat(report.isExact()).as("%s", report).isTrue();
        assertThat(report.groups())
                .containsExactly(new LedgerReport.Line("anonymous", acknowledged, 0, acknowledged, 0, 0, 0, 0));
    }

    @Test
    void aBrokerRestoredFromAnOlderCopyIsRefilledExactly(@TempDir Path copy) throws Exception {
        try (GatewayFixture fixture = gateway("gateway")) {
            publish(fixture, 40);
            awaitForwarded(fixture, 40);
            kafka.stopBroker();
            try {
                kafka.save(copy.resolve("logs"));
            } finally {
                kafka.startBroker();
            }
            publish(fixture, 60);
            awaitForwarded(fixture, 100);
            kafka.stopBroker();
            try {
                kafka.restore(copy.resolve("logs"));
            } finally {
                kafka.startBroker();
            }
            publish(fixture, 20);
            awaitForwarded(fixture, 120);
            assertExact(fixture);
        }
    }

    @Test
    void aKafkaAwayForLongerThanAnyTimeoutOfTheProducerGetsEverythingOnce() throws Exception {
        try (GatewayFixture fixture = gateway("gateway")) {
            publish(fixture, 50);
            awaitForwarded(fixture, 50);
            kafka.stopBroker();
            try {
                publish(fixture, 200);
                await().atMost(PATIENCE).until(() -> fixture.metric("waymark.gateway.forward.aborts") >= 2);
            } finally {
                kafka.startBroker();
            }
            awaitForwarded(fixture, 250);
            assertExact(fixture);
        }
    }

    /** Behind a wire that passes twenty kilobytes a second: devices are acknowledged all the same. */
    @Test
    void aSlowKafkaGetsEverythingOnce() throws Exception {
        try (GatewayFixture fixture = gateway("gateway")) {
            publish(fixture, 10);
            awaitForwarded(fixture, 10);
            wire.octetsPerSecond(20_000);
            try {
                publish(fixture, 400);
                assertThat(fixture.gateway.forwardedPosition())
                        .as("Kafka is behind")
                        .isLessThan(410);
                awaitForwarded(fixture, 60);
            } finally {
                wire.octetsPerSecond(Long.MAX_VALUE);
            }
            awaitForwarded(fixture, 410);
            assertExact(fixture);
        }
    }

    /** Restarted while it commits, again and again. */
    @Test
    void aBrokerRestartedMidTransactionLosesAndDoublesNothing() throws Exception {
        Random random = new Random(20261122);
        try (GatewayFixture fixture = gateway("gateway")) {
            for (int round = 0; round < 3; round++) {
                publish(fixture, 100 + random.nextInt(200));
                kafka.stopBroker();
                kafka.startBroker();
            }
            awaitForwarded(fixture, acknowledged);
            assertExact(fixture);
        }
    }

    @Test
    void theSecondGatewayOfOneIdFencesTheFirstWhichSaysSoAndKeepsWhatItAccepted() throws Exception {
        try (GatewayFixture first = gateway("first")) {
            publish(first, 20);
            awaitForwarded(first, 20);
            try (GatewayFixture second = gateway("second")) {
                await().atMost(PATIENCE).until(() -> second.gateway.forwardState() == ForwardState.FORWARDING);
                publish(first, 30);
                await().atMost(PATIENCE).until(() -> first.gateway.forwardState() == ForwardState.FENCED);
                assertThat(first.metric("waymark.gateway.forward.aborts", "reason", "twin"))
                        .isEqualTo(1);
                LedgerReport report = first.ledger(kafka, suffix);
                assertThat(report.isExact()).as("%s", report).isTrue();
                assertThat(report.groups()).containsExactly(new LedgerReport.Line("anonymous", 50, 0, 20, 0, 30, 0, 0));
                acknowledged = 0;
                publish(second, 25);
                awaitForwarded(second, 25);
                assertExact(second);
            }
        }
    }

    @Test
    void aClockThatJumpsChangesNothing() throws Exception {
        MovableClock clock = new MovableClock(Clock.systemUTC().instant());
        try (GatewayFixture fixture =
                new GatewayFixture(directory.resolve("gateway"), config(), UnaryOperator.identity(), clock)) {
            for (Duration jump : List.of(Duration.ofDays(400), Duration.ofDays(-800), Duration.ofHours(1))) {
                publish(fixture, 30);
                clock.advance(jump);
            }
            publish(fixture, 30);
            awaitForwarded(fixture, 120);
            assertExact(fixture);
        }
    }

    /** Many clients publish into a full spool while Kafka is away: memory stays bounded, and then everything flows. */
    @Test
    void backPressureReachesTheSocketsOfAllAndEndsWhenKafkaReturns() throws Exception {
        int clients = Crowd.possible(CLIENTS);
        int each = 6;
        int all = clients * each;
        int room = clients * 1_000;
        UnaryOperator<SpoolConfig> small =
                spool -> new SpoolConfig(spool.directory(), room, 65_536, 4_096, Duration.ZERO);
        kafka.stopBroker();
        boolean stopped = true;
        try (GatewayFixture fixture = new GatewayFixture(directory.resolve("gateway"), config(), small)) {
            long before = memory();
            try (Crowd crowd = Crowd.connected(fixture.port(), clients, each, 1_000)) {
                crowd.publish();
                await().atMost(PATIENCE).until(() -> fixture.metric("waymark.gateway.paused") >= clients * 0.7);
                assertThat(fixture.metric("waymark.spool.bytes")).isLessThanOrEqualTo(room);
                assertThat(fixture.metric("waymark.gateway.inflight"))
                        .as("messages kept in memory, one read of each client")
                        .isLessThanOrEqualTo(all);
                long taken = (memory() - before) / clients;
                System.err.println(
                        suffix + ": " + clients + " clients held back take " + taken + " bytes of memory each");
                assertThat(taken)
                        .as("bytes of memory for a client that is held back")
                        .isLessThan(MEMORY_MAX);
                long held = fixture.spool.lastDurable();
                kafka.startBroker();
                stopped = false;
                await().atMost(PATIENCE.multipliedBy(2)).until(() -> fixture.spool.lastDurable() == all);
                crowd.collect(all);
                acknowledged += all;
                assertThat(held).as("what the spool took before Kafka returned").isBetween(1L, all - 1L);
                awaitForwarded(fixture, acknowledged);
                assertExact(fixture);
                await().atMost(PATIENCE).until(() -> fixture.metric("waymark.gateway.paused") == 0);
                assertThat(fixture.metric("waymark.gateway.inflight")).isZero();
            }
        } finally {
            if (stopped) {
                kafka.startBroker();
            }
        }
    }

    /** Bytes on the heap that are in use, and of buffers beside it. */
    private static long memory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + PlatformDependent.usedDirectMemory();
    }
}
