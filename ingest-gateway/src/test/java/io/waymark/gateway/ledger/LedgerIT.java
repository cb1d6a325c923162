package io.waymark.gateway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.GatewayTopics;
import io.waymark.gateway.RawClient;
import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.ingest.IngestRequest;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of a real gateway against a real broker, and against copies of its topic somebody tampered with. */
class LedgerIT {
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final int MESSAGES = 60;

    @TempDir
    static Path kafkaDirectory;

    static EmbeddedKafka kafka;

    @TempDir
    Path directory;

    private String suffix;

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
        suffix = "-ledger-" + TESTS.incrementAndGet();
        GatewayTopics.create(kafka, suffix);
    }

    private GatewayFixture gateway() {
        return new GatewayFixture(directory.resolve("gateway"), GatewayFixture.config(kafka.bootstrap(), suffix));
    }

    private static void publish(GatewayFixture fixture) throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 4, "oven-1")) {
            for (int id = 1; id <= MESSAGES; id++) {
                client.send(RawClient.publish(4, id % 3 == 0 ? 4 : 2, "t/" + id, id, "m" + id));
                assertThat(client.receive()).endsWith(String.format("%04x", id));
            }
            client.send(RawClient.publish(4, 0, "t", 0, "unacknowledged"));
            client.send("c000");
            assertThat(client.receive()).isEqualTo("d000");
        }
        take(fixture, "scans", 1);
        await().atMost(Duration.ofSeconds(60)).until(() -> fixture.gateway.forwardedPosition() == MESSAGES + 2);
    }

    private static void take(GatewayFixture fixture, String topic, int octets) throws Exception {
        byte[] incompressible = new byte[octets];
        new Random(octets).nextBytes(incompressible);
        fixture.gateway
                .ingest()
                .take(new IngestRequest("scanner-7", "http", topic, "", List.of(incompressible), ""))
                .get(20, TimeUnit.SECONDS);
    }

    /** The same records elsewhere, each partition as it was but for what the change makes of its records. */
    private String copy(String name, Change change) throws Exception {
        GatewayTopics.create(kafka, suffix + name);
        String to = GatewayTopics.TELEMETRY + suffix + name;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ConsumerRecord<byte[], byte[]> r : kafka.committed(GatewayTopics.TELEMETRY + suffix)) {
                long position = Long.parseLong(
                        new String(r.headers().lastHeader("wm_seq").value(), UTF_8));
                for (int i = 0; i < change.times(position); i++) {
                    producer.send(new ProducerRecord<>(to, r.partition(), r.key(), r.value(), r.headers()));
                }
            }
        }
        return to;
    }

    private interface Change {
        int times(long position);
    }

    @Test
    void findsNothingToSayOfAGatewayThatWorksAndNamesEveryRecordTakenAwayOrDoubled() throws Exception {
        try (GatewayFixture fixture = gateway()) {
            publish(fixture);
            LedgerReport exact = fixture.ledger(kafka, suffix);
            assertThat(exact.isExact()).as("%s", exact).isTrue();
            assertThat(exact.groups())
                    .containsExactly(
                            new LedgerReport.Line("anonymous", MESSAGES + 1, 1, MESSAGES + 1, 0, 0, 0, 0),
                            new LedgerReport.Line("http", 1, 0, 1, 0, 0, 0, 0));

            String without = copy("-without", position -> position == 7 || position == 8 ? 0 : 1);
            LedgerReport missing = fixture.ledger(kafka, without, GatewayTopics.REJECTED + suffix);
            assertThat(missing.isExact()).isFalse();
            assertThat(missing.missing()).containsExactly("7-8");
            assertThat(missing.groups()).extracting(LedgerReport.Line::missing).containsExactly(2L, 0L);

            String twice = copy("-twice", position -> position == 9 ? 2 : 1);
            LedgerReport doubled = fixture.ledger(kafka, twice, GatewayTopics.REJECTED + suffix);
            assertThat(doubled.isExact()).isFalse();
            assertThat(doubled.doubled()).containsExactly(9L);
            assertThat(doubled.counts().missing()).isZero();
        }
    }

    @Test
    void countsWhatWaitsWhileKafkaIsAwayAndKeepsCountingOverARestart() throws Exception {
        try (GatewayFixture fixture =
                new GatewayFixture(directory.resolve("gateway"), GatewayFixture.config(GatewayFixture.NO_KAFKA, ""))) {
            for (int n : List.of(1, 2)) {
                take(fixture, "scans", 1);
                assertThat(fixture.gateway.ledger().groups()).containsExactly(new NodeLedger.Group("http", n, 0, n));
                fixture.restart();
            }
        }
    }

    @Test
    void whatItsTopicDoesNotTakeGoesToTheRejectedWithItsReasonAndIsCounted() throws Exception {
        limit(GatewayTopics.TELEMETRY + suffix, 5_000);
        limit(GatewayTopics.REJECTED + suffix, 90_000);
        try (GatewayFixture fixture = gateway()) {
            for (int octets : new int[] {100, 20_000, 100, 200_000, 100}) {
                take(fixture, "frames", octets);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> fixture.gateway.forwardedPosition() == 5);
            LedgerReport report = fixture.ledger(kafka, suffix);
            assertThat(report.isExact()).as("%s", report).isTrue();
            assertThat(report.groups()).containsExactly(new LedgerReport.Line("http", 5, 0, 3, 2, 0, 0, 0));
            assertThat(fixture.metric("waymark.gateway.forward.refused")).isEqualTo(2);
        }
        List<ConsumerRecord<byte[], byte[]>> rejected = kafka.committed(GatewayTopics.REJECTED + suffix);
        assertThat(rejected).extracting(r -> r.value().length).containsExactly(20_000, 65_536);
        assertThat(rejected).allSatisfy(r -> {
            assertThat(header(r, "wm_reason")).isEqualTo("record_too_large");
            assertThat(header(r, "wm_detail")).contains("max.message.bytes");
            assertThat(header(r, "ce_subject")).isEqualTo("frames");
        });
        assertThat(header(rejected.get(1), "wm_octets")).isEqualTo("200000");
    }

    /** Of an anonymous client, an operator's request and a device: positions of their own, exactly once, in their group's sum. */
    @Test
    void whatIsRefusedWithItsContentGoesToTheRejectedAndTheLedgerIsExact() throws Exception {
        GatewayConfig config = GatewayFixture.config(kafka.bootstrap(), suffix);
        RejectionLimits all = new RejectionLimits(RejectionLimits.Whose.ALL, 100, 1 << 20, 8, 1 << 20);
        try (GatewayFixture fixture = new GatewayFixture(
                directory.resolve("gateway"),
                config.withRejections(all)
                        .withAccess(List.of(
                                new AccessRule("*", AccessRule.Effect.ALLOW, AccessRule.Scope.PUBLISH, "t/#"))))) {
            try (RawClient client = RawClient.connected(fixture.port(), 5, "oven-1")) {
                client.send(RawClient.publish(5, 2, "t/1", 1, "taken"));
                assertThat(client.receive()).isEqualTo("40020001");
                client.send(RawClient.publish(5, 2, "secret", 2, "refused of QoS 1"));
                assertThat(client.receive()).isEqualTo("4003000287");
                client.send(RawClient.publish(5, 4, "$SYS/x", 3, "of QoS 2"));
                assertThat(client.receive()).isEqualTo("5003000387");
                client.send(RawClient.publish(5, 0, "secret", 0, "of QoS 0"));
                client.send(RawClient.publish(5, 4, "t/2", 4, "taken"));
                assertThat(client.receive()).isEqualTo("50020004");
            }
            try (RawClient old = RawClient.connected(fixture.port(), 4, "oven-2")) {
                old.send(RawClient.publish(4, 2, "secret", 1, "closes"));
                assertThat(old.receive()).isEqualTo(RawClient.CLOSED);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> fixture.gateway.forwardedPosition() == 6);
            LedgerReport report = fixture.ledger(kafka, suffix);
            assertThat(report.isExact()).as("%s", report).isTrue();
            assertThat(report.groups())
                    .as("spooled = forwarded + rejected; what was refused was acknowledged to nobody")
                    .containsExactly(new LedgerReport.Line("anonymous", 6, 4, 2, 4, 0, 0, 0));
            assertThat(fixture.metric("waymark.gateway.rejected", "reason", "not_authorized", "outcome", "kept"))
                    .isEqualTo(4);
            await().until(() -> fixture.metric("waymark.gateway.rejected.waiting.bytes") == 0);
        }
        List<ConsumerRecord<byte[], byte[]>> rejected = kafka.committed(GatewayTopics.REJECTED + suffix);
        assertThat(rejected)
                .extracting(r -> new String(r.value(), UTF_8))
                .containsExactlyInAnyOrder("refused ", "of QoS 2", "of QoS 0", "closes");
        assertThat(rejected).allSatisfy(r -> {
            assertThat(header(r, "wm_reason")).isEqualTo("not_authorized");
            assertThat(header(r, "wm_rejected_by")).isEqualTo("/waymark/gateway/gateway-test");
            assertThat(header(r, "wm_group")).isEqualTo("anonymous");
            assertThat(new String(r.key(), UTF_8)).startsWith("oven-");
        });
        assertThat(rejected).extracting(r -> header(r, "ce_subject")).contains("secret", "$SYS/x");
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static void limit(String topic, int bytes) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }
}
