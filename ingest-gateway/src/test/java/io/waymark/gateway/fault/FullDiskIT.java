package io.waymark.gateway.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.GatewayTopics;
import io.waymark.gateway.RawClient;
import io.waymark.gateway.ledger.LedgerReport;
import io.waymark.storage.spool.DiskRoom;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.testing.SmallDisk;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A whole gateway whose disk becomes full, by somebody else or by itself: clients wait, and go on when there is room. */
class FullDiskIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SUFFIX = "-full-disk";

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.waymark");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    Path directory;

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
    }

    @Test
    void clientsWaitWhileTheDiskIsFullAndNothingIsLostOrDoubled() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<SteadyPublisher> publishers = new ArrayList<>();
        List<SteadyPoster> posters = new ArrayList<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                SmallDisk disk = SmallDisk.mounted(directory.resolve("disk"), 64)) {
            GatewayTopics.create(kafka, SUFFIX);
            try (GatewayFixture fixture = new GatewayFixture(
                    disk.directory(), GatewayFixture.config(kafka.bootstrap(), SUFFIX), reserve(0))) {
                for (int version : new int[] {4, 5}) {
                    for (int qos : new int[] {1, 2}) {
                        publishers.add(new SteadyPublisher(fixture.port(), version, qos, threads));
                    }
                }
                for (boolean keys : new boolean[] {false, true}) {
                    posters.add(new SteadyPoster(() -> fixture.gateway.ingest(), keys, 200, threads));
                }
                awaitDone(publishers, posters, 100);
                for (int round = 1; round <= 2; round++) {
                    disk.fill();
                    awaitHeldBack(fixture, publishers);
                    awaitRefused(posters);
                    int lines = warnings().size();
                    try (RawClient late = RawClient.connected(fixture.port(), 4, "late" + round)) {
                        late.send(RawClient.publish(4, 2, "t/late", 7, "late" + round + ":1"));
                        double asked = fixture.metric("waymark.spool.offers", "reason", "disk");
                        await().atMost(PATIENCE)
                                .until(() -> fixture.metric("waymark.spool.offers", "reason", "disk") > asked + 100);
                        assertThat(warnings().size() - lines)
                                .as("%s", warnings())
                                .isLessThanOrEqualTo(2);
                        disk.makeRoom();
                        assertThat(late.receive()).isEqualTo("40020007");
                    }
                    awaitDone(publishers, posters, 100);
                    assertThat(fixture.metric("waymark.spool.writing")).isEqualTo(1);
                }
                for (SteadyPublisher publisher : publishers) {
                    publisher.finish();
                }
                for (SteadyPoster poster : posters) {
                    poster.finish();
                }
                judge(fixture, kafka, publishers, posters, 2);
                assertThat(warnings()).anyMatch(line -> line.contains("cannot write"));
                assertThat(warnings()).hasSizeLessThanOrEqualTo(8);
            }
        } finally {
            for (SteadyPublisher publisher : publishers) {
                publisher.close();
            }
            threads.shutdownNow();
        }
    }

    /** Kafka is away until the spool has all of the disk but its reserve; the gateway ends and starts meanwhile. */
    @Test
    void aSpoolThatFillsItsDiskKeepsTheRoomItTakesToEmptyItAndGoesOnByItself() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<SteadyPublisher> publishers = new ArrayList<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                SmallDisk disk = SmallDisk.mounted(directory.resolve("disk"), 64)) {
            GatewayTopics.create(kafka, SUFFIX);
            kafka.stopBroker();
            boolean stopped = true;
            try (GatewayFixture fixture = new GatewayFixture(
                    disk.directory(), GatewayFixture.config(kafka.bootstrap(), SUFFIX), reserve(1 << 30))) {
                SteadyPoster poster = new SteadyPoster(() -> fixture.gateway.ingest(), false, 30_000, threads);
                awaitReserved(fixture);
                fixture.restart();
                awaitReserved(fixture);
                for (int version : new int[] {4, 5}) {
                    for (int qos : new int[] {1, 2}) {
                        publishers.add(new SteadyPublisher(fixture.port(), version, qos, threads));
                    }
                }
                awaitWaiting(publishers);
                kafka.startBroker();
                stopped = false;
                poster.finish();
                awaitDone(publishers, List.of(), 100);
                assertThat(fixture.spool.diskRoom()).isNotEqualTo(DiskRoom.RESERVED);
                assertThat(fixture.metric("waymark.spool.commits.failed")).isZero();
                for (SteadyPublisher publisher : publishers) {
                    publisher.finish();
                }
                judge(fixture, kafka, publishers, List.of(poster), 0);
                assertThat(warnings()).anyMatch(line -> line.contains("takes no message"));
            } finally {
                if (stopped) {
                    kafka.startBroker();
                }
            }
        } finally {
            for (SteadyPublisher publisher : publishers) {
                publisher.close();
            }
            threads.shutdownNow();
        }
    }

    /** And stays so: what could be given back was. */
    private static void awaitReserved(GatewayFixture fixture) {
        await().atMost(PATIENCE)
                .during(Duration.ofSeconds(3))
                .until(() -> fixture.spool.diskRoom() == DiskRoom.RESERVED);
        assertThat(fixture.metric("waymark.spool.disk.usable.bytes")).isPositive();
        assertThat(fixture.metric("waymark.spool.commits.failed")).isZero();
    }

    /** Nothing stays after Kafka has it. */
    private static UnaryOperator<SpoolConfig> reserve(long bytes) {
        return spool -> new SpoolConfig(
                spool.directory(), spool.bytesMax(), spool.queueMax(), spool.batchMax(), Duration.ZERO, bytes);
    }

    /** So many more of each. */
    private static void awaitDone(List<SteadyPublisher> publishers, List<SteadyPoster> posters, int more) {
        Map<SteadyPoster, Integer> posted = new HashMap<>();
        posters.forEach(poster -> posted.put(poster, poster.done()));
        Map<SteadyPublisher, Integer> before = new HashMap<>();
        publishers.forEach(publisher -> before.put(publisher, publisher.done()));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(publishers).allSatisfy(publisher -> {
                    assertThat(publisher.unexpected())
                            .as("%s was told", publisher.id())
                            .isEmpty();
                    assertThat(publisher.done())
                            .as("%s", publisher.id())
                            .isGreaterThan(before.getOrDefault(publisher, 0) + more);
                }));
        await().atMost(PATIENCE)
                .until(() ->
                        posters.stream().allMatch(poster -> poster.done() > posted.getOrDefault(poster, 0) + more));
    }

    /** The disk takes nothing; everybody has sent what may be unacknowledged, and waits. */
    private static void awaitHeldBack(GatewayFixture fixture, List<SteadyPublisher> publishers) {
        await().atMost(PATIENCE).until(() -> fixture.metric("waymark.spool.writing") == 0);
        awaitWaiting(publishers);
    }

    private static void awaitWaiting(List<SteadyPublisher> publishers) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(publishers).allSatisfy(publisher -> {
                    assertThat(publisher.unexpected())
                            .as("%s was told", publisher.id())
                            .isEmpty();
                    assertThat(publisher.sent() - publisher.done()).isEqualTo(SteadyPublisher.WINDOW);
                }));
    }

    /** Whoever posts is told to come again later, and does. */
    private static void awaitRefused(List<SteadyPoster> posters) {
        Map<SteadyPoster, Integer> before = new HashMap<>();
        posters.forEach(poster -> before.put(poster, poster.refused()));
        await().atMost(PATIENCE)
                .until(() ->
                        posters.stream().allMatch(poster -> poster.refused() > before.getOrDefault(poster, 0) + 10));
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static void judge(
            GatewayFixture fixture,
            EmbeddedKafka kafka,
            List<SteadyPublisher> publishers,
            List<SteadyPoster> posters,
            int late) {
        int posted = posters.stream().mapToInt(SteadyPoster::done).sum();
        int published =
                late + publishers.stream().mapToInt(SteadyPublisher::sent).sum();
        int acknowledged =
                late + publishers.stream().mapToInt(SteadyPublisher::done).sum();
        await().atMost(PATIENCE).until(() -> fixture.gateway.forwardedPosition() >= published + posted);
        Map<String, Integer> last = new HashMap<>();
        int found = 0;
        for (ConsumerRecord<byte[], byte[]> record : kafka.committed(GatewayTopics.TELEMETRY + SUFFIX)) {
            String[] words = new String(record.value(), UTF_8).replace("x", "").split(":");
            int number = Integer.parseInt(words[1]);
            assertThat(number).as("next of %s", words[0]).isEqualTo(last.getOrDefault(words[0], 0) + 1);
            last.put(words[0], number);
            found++;
        }
        System.err.println("full disk: published " + published + ", acknowledged " + acknowledged + ", posted " + posted
                + " with "
                + posters.stream().mapToInt(SteadyPoster::refused).sum() + " requests refused, found " + found
                + " once and in order");
        assertThat(published).isEqualTo(acknowledged);
        assertThat(found).isEqualTo(published + posted);
        LedgerReport report = fixture.ledger(kafka, SUFFIX);
        assertThat(report.isExact()).as("%s", report).isTrue();
        assertThat(report.groups())
                .containsExactlyInAnyOrder(
                        new LedgerReport.Line("anonymous", published, 0, published, 0, 0, 0, 0),
                        new LedgerReport.Line(SteadyPoster.GROUP, posted, 0, posted, 0, 0, 0, 0));
    }
}
