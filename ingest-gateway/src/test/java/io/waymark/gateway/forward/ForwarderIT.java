package io.waymark.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.forward.ForwardSettings;
import io.waymark.forward.ForwardState;
import io.waymark.forward.Forwarder;
import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.GatewayTopics;
import io.waymark.gateway.RawClient;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly once and in order, against a real broker. */
class ForwarderIT {
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    static Path kafkaDirectory;

    static EmbeddedKafka kafka;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<Forwarder> started = new ArrayList<>();
    private final Map<String, Integer> sentBy = new HashMap<>();
    private String suffix;
    private Spool spool;

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = EmbeddedKafka.start(kafkaDirectory);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void open() throws Exception {
        suffix = "-" + TESTS.incrementAndGet();
        spool = Spool.open(SpoolConfig.defaults(directory.resolve("spool")), new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        started.forEach(Forwarder::close);
        spool.close();
    }

    private ForwardSettings settings() {
        return new ForwardSettings(
                "gw" + suffix,
                "gateway-forwarder",
                "waymark.gateway.forward",
                Map.of(
                        "bootstrap.servers", kafka.bootstrap(),
                        "max.block.ms", "4000",
                        "delivery.timeout.ms", "3000",
                        "request.timeout.ms", "2000"),
                GatewayTopics.TELEMETRY + suffix,
                GatewayTopics.PROGRESS + suffix,
                50,
                Duration.ofMillis(5),
                1 << 20);
    }

    private SpoolSource source(Spool from) {
        return new SpoolSource(from, GatewayTopics.TELEMETRY + suffix, "gw" + suffix);
    }

    private Forwarder start() {
        return start(spool);
    }

    private Forwarder start(Spool from) {
        metrics.clear();
        Forwarder forwarder = Forwarder.start(settings(), source(from), metrics, Clock.systemUTC());
        started.add(forwarder);
        return forwarder;
    }

    private void offer(String device, byte[] payload, String contentType, List<String> properties) {
        SpoolMessage message =
                new SpoolMessage(device, "t/" + device, 1, 1_795_000_000_123L, contentType, properties, payload);
        assertThat(spool.offer(new SpoolWrite(message, null), new Ignored())).isEqualTo(Spool.Offer.ACCEPTED);
    }

    /** Numbered per device, so that order and completeness can be seen. */
    private void offerNumbered(int count, Random random) {
        for (int i = 0; i < count; i++) {
            String device = "device-" + random.nextInt(10);
            int number = sentBy.merge(device, 1, Integer::sum);
            offer(device, Integer.toString(number).getBytes(UTF_8), "", List.of());
        }
    }

    private void awaitForwarded(Forwarder forwarder) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> forwarder.position() == spool.lastDurable()
                        && spool.lastDurable()
                                == sentBy.values().stream().mapToInt(i -> i).sum());
    }

    private void assertExactlyOnceInOrder() {
        Map<String, List<Integer>> seen = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.committed(GatewayTopics.TELEMETRY + suffix)) {
            seen.computeIfAbsent(new String(record.key(), UTF_8), k -> new ArrayList<>())
                    .add(Integer.parseInt(new String(record.value(), UTF_8)));
        }
        assertThat(seen.keySet()).isEqualTo(sentBy.keySet());
        sentBy.forEach((device, last) -> {
            List<Integer> expected = new ArrayList<>();
            for (int i = 1; i <= last; i++) {
                expected.add(i);
            }
            assertThat(seen.get(device)).as(device).isEqualTo(expected);
        });
    }

    private double aborts(String reason) {
        Counter counter = metrics.find("waymark.gateway.forward.aborts")
                .tag("reason", reason)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void aMessageBecomesACloudEvent() throws Exception {
        GatewayTopics.create(kafka, suffix);
        Forwarder forwarder = start();
        offer("oven-1", "{\"t\":86.5}".getBytes(UTF_8), "application/json", List.of("line", "3"));
        await().atMost(Duration.ofSeconds(30)).until(() -> forwarder.position() == 1);
        ConsumerRecord<byte[], byte[]> record =
                kafka.committed(GatewayTopics.TELEMETRY + suffix).get(0);
        assertThat(new String(record.key(), UTF_8)).isEqualTo("oven-1");
        assertThat(new String(record.value(), UTF_8)).isEqualTo("{\"t\":86.5}");
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", "gw" + suffix + "-" + spool.epoch() + "-1"),
                        Map.entry("ce_source", "/waymark/gateway/gw" + suffix),
                        Map.entry("ce_type", "io.waymark.telemetry"),
                        Map.entry("ce_time", "2026-11-18T11:06:40.123Z"),
                        Map.entry("ce_subject", "t/oven-1"),
                        Map.entry("content-type", "application/json"),
                        Map.entry("wm_seq", "1"),
                        Map.entry("wm_qos", "1"),
                        Map.entry("wm_group_seq", "1"),
                        Map.entry("wm_prop_line", "3")));
    }

    @Test
    void producersKilledAtRandomLoseAndDoubleNothing() throws Exception {
        GatewayTopics.create(kafka, suffix);
        long seed = System.nanoTime();
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            Forwarder forwarder = start();
            long goal = spool.lastDurable() + random.nextInt(300);
            offerNumbered(400, random);
            await().atMost(Duration.ofSeconds(60)).until(() -> forwarder.position() >= goal);
            // An interrupt makes the producer go without abort or commit, wherever it is.
            interruptForwarder();
            await().until(() -> forwarder.state() == ForwardState.STOPPED);
        }
        awaitForwarded(start());
        assertExactlyOnceInOrder();
    }

    private static void interruptForwarder() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("gateway-forwarder"))
                .forEach(Thread::interrupt);
    }

    @Test
    void aTransactionLeftOpenIsEndedAndItsMessagesComeOnce() throws Exception {
        GatewayTopics.create(kafka, suffix);
        offerNumbered(40, new Random(1));
        await().until(() -> spool.lastDurable() == 40);
        SpoolSource source = source(spool);
        try (KafkaProducer<byte[], byte[]> dead = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "gw" + suffix),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            dead.initTransactions();
            dead.beginTransaction();
            source.read(1, 10, Long.MAX_VALUE).forEach(entry -> dead.send(entry.record()));
            String progress = "{\"epoch\":\"" + spool.epoch() + "\",\"position\":10,\"instance\":\"dead\"}";
            dead.send(new ProducerRecord<>(
                    GatewayTopics.PROGRESS + suffix, ("gw" + suffix).getBytes(UTF_8), progress.getBytes(UTF_8)));
            dead.commitTransaction();
            dead.beginTransaction();
            source.read(11, 20, Long.MAX_VALUE).forEach(entry -> dead.send(entry.record()));
            await().until(() -> kafka.written(GatewayTopics.TELEMETRY + suffix) >= 30);
            dead.close(Duration.ZERO);
        }
        awaitForwarded(start());
        assertExactlyOnceInOrder();
    }

    @Test
    void aBrokerThatGoesAndComesBackLosesAndDoublesNothing() throws Exception {
        GatewayTopics.create(kafka, suffix);
        Random random = new Random(2);
        Forwarder forwarder = start();
        offerNumbered(300, random);
        await().atMost(Duration.ofSeconds(30)).until(() -> forwarder.position() > 0);
        offerNumbered(300, random);
        kafka.stopBroker();
        try {
            offerNumbered(300, random);
            await().until(() -> spool.lastDurable() == 900);
            await().atMost(Duration.ofSeconds(60)).until(() -> forwarder.state() == ForwardState.BACKING_OFF);
            assertThat(forwarder.position()).isLessThan(900);
            assertThat(metrics.get("waymark.gateway.forward.lag.entries")
                            .gauge()
                            .value())
                    .isPositive();
        } finally {
            kafka.startBroker();
        }
        awaitForwarded(forwarder);
        assertExactlyOnceInOrder();
        assertThat(forwarder.state()).isEqualTo(ForwardState.FORWARDING);
    }

    @Test
    void aTwinFencesTheFirstWhichThenStaysAway() throws Exception {
        GatewayTopics.create(kafka, suffix);
        Forwarder first = start();
        offerNumbered(10, new Random(3));
        await().atMost(Duration.ofSeconds(30)).until(() -> first.position() == 10);
        try (Spool other = Spool.open(SpoolConfig.defaults(directory.resolve("other")), new SimpleMeterRegistry())) {
            Forwarder second = start(other);
            await().atMost(Duration.ofSeconds(30)).until(() -> second.state() == ForwardState.FORWARDING);
            offerNumbered(10, new Random(4));
            await().atMost(Duration.ofSeconds(30)).until(() -> first.state() == ForwardState.FENCED);
            assertThat(first.position()).isEqualTo(10);
            assertThat(second.state()).isEqualTo(ForwardState.FORWARDING);
            assertThat(aborts("twin")).isEqualTo(1);
            assertThat(kafka.committed(GatewayTopics.TELEMETRY + suffix)).hasSize(10);
            second.close();
        }
    }

    /** Kafka fences a producer also when one of its transactions took too long. */
    @Test
    void aFenceWithoutATwinIsOvercome() throws Exception {
        GatewayTopics.create(kafka, suffix);
        Forwarder forwarder = start();
        offerNumbered(10, new Random(8));
        await().atMost(Duration.ofSeconds(30)).until(() -> forwarder.position() == 10);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.fenceProducers(List.of("gw" + suffix)).all().get(30, TimeUnit.SECONDS);
        }
        offerNumbered(10, new Random(9));
        awaitForwarded(forwarder);
        assertThat(aborts("fenced")).isEqualTo(1);
        assertExactlyOnceInOrder();
    }

    @Test
    void missingTopicsAreWaitedFor() throws Exception {
        Forwarder forwarder = start();
        offerNumbered(5, new Random(5));
        await().atMost(Duration.ofSeconds(30)).until(() -> forwarder.state() == ForwardState.WAITING_FOR_TOPICS);
        GatewayTopics.create(kafka, suffix);
        awaitForwarded(forwarder);
        assertExactlyOnceInOrder();
    }

    @Test
    void aMessageTheTopicDoesNotTakeBlocksUntilItDoes() throws Exception {
        GatewayTopics.create(kafka, suffix);
        limit("20000");
        Forwarder forwarder = start();
        offerNumbered(3, new Random(6));
        await().atMost(Duration.ofSeconds(30)).until(() -> forwarder.position() == 3);
        byte[] picture = new byte[100_000];
        new Random(10).nextBytes(picture); // nothing that compressing makes small enough
        offer("camera", picture, "", List.of());
        await().atMost(Duration.ofSeconds(30)).until(() -> forwarder.state() == ForwardState.BLOCKED);
        assertThat(aborts("record_too_large")).isPositive();
        limit("200000");
        await().atMost(Duration.ofSeconds(30)).until(() -> forwarder.position() == 4);
        assertThat(kafka.committed(GatewayTopics.TELEMETRY + suffix)).hasSize(4);
    }

    private void limit(String bytes) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, GatewayTopics.TELEMETRY + suffix);
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** What we committed lies behind the beginning of another gateway's open transaction and is invisible until that ends. */
    @Test
    void anotherGatewaysOpenTransactionDoesNotHideOurProgress() throws Exception {
        GatewayTopics.create(kafka, suffix);
        offerNumbered(20, new Random(7));
        await().until(() -> spool.lastDurable() == 20);
        try (KafkaProducer<String, String> other = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "transactional.id",
                        "other" + suffix,
                        "transaction.timeout.ms",
                        "8000"),
                new StringSerializer(),
                new StringSerializer())) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(GatewayTopics.PROGRESS + suffix, "other", "{}"))
                    .get(10, TimeUnit.SECONDS);
            Forwarder first = start();
            await().atMost(Duration.ofSeconds(40)).until(() -> first.position() == 20);
            first.close();
        }
        awaitForwarded(start());
        assertExactlyOnceInOrder();
        assertThat(StreamSupport.stream(
                        kafka.committed(GatewayTopics.PROGRESS + suffix).spliterator(), false))
                .anySatisfy(
                        record -> assertThat(new String(record.value(), UTF_8)).contains("\"position\":20"));
    }

    @Test
    void whatDevicesPublishReachesKafkaOnceAcrossRestartsOfTheGateway() throws Exception {
        GatewayTopics.create(kafka, suffix);
        try (GatewayFixture fixture =
                new GatewayFixture(directory.resolve("gateway"), GatewayFixture.config(kafka.bootstrap(), suffix))) {
            for (int round = 0; round < 3; round++) {
                try (RawClient client = RawClient.connected(fixture.port(), 4, "device")) {
                    for (int id = 1; id <= 100; id++) {
                        int number = sentBy.merge("device", 1, Integer::sum);
                        client.send(RawClient.publish(4, 2, "t", id, Integer.toString(number)));
                    }
                    for (int id = 1; id <= 100; id++) {
                        assertThat(client.receive()).isEqualTo(String.format("4002%04x", id));
                    }
                }
                fixture.restart();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> fixture.gateway.forwardedPosition() == 300);
        }
        assertExactlyOnceInOrder();
    }

    private record Ignored() implements Spool.Completion {
        @Override
        public void durable(long position) {}

        @Override
        public void failed(Throwable cause) {
            throw new IllegalStateException("the spool must not fail here", cause);
        }
    }
}
