package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.access.ConnectAuthenticator;
import io.waymark.gateway.ack.Acknowledged;
import io.waymark.gateway.ack.KafkaReach;
import io.waymark.gateway.bridge.Door;
import io.waymark.gateway.ingest.IngestDoor;
import io.waymark.gateway.ingest.IngestLimits;
import io.waymark.gateway.ingest.IngestRequest;
import io.waymark.gateway.ingest.KafkaAwayException;
import io.waymark.gateway.ingest.Receipt;
import io.waymark.gateway.ingest.SpooledIngest;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.live.Visits;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.AckRules;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.session.SessionLimits;
import io.waymark.gateway.session.SessionTable;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP and bridges acknowledge as the topic demands, against a real spool and a Kafka that is where the test says. */
class AckLevelDoorsIT {
    private static final AckRules RULES = new AckRules(
            AckLevel.SPOOL,
            AckLevel.SPOOL,
            AckLevel.SPOOL,
            AckLevel.SPOOL,
            List.of(new AckRules.Rule("fast/#", AckLevel.MEMORY), new AckRules.Rule("safe/#", AckLevel.KAFKA)));
    private static final int WAITS_MAX = 2;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final KafkaReach kafka = new KafkaReach();
    private Spool spool;
    private DeviceStore devices;
    private ConnectAuthenticator authenticator;
    private Rejections rejections;
    private SessionTable sessions;

    @BeforeEach
    void open() {
        spool = Spool.open(SpoolConfig.defaults(directory.resolve("spool")), metrics);
        devices = DeviceStore.open(directory.resolve("devices"), metrics);
        authenticator = new ConnectAuthenticator(devices, 1, metrics);
        rejections = new Rejections(RejectionLimits.defaults(), "rejected", "test", spool::offer, metrics);
        sessions = new SessionTable(SessionLimits.defaults(), metrics, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        authenticator.close();
        devices.close();
        spool.close();
    }

    private IngestDoor http(Duration waitMax) {
        return new SpooledIngest(
                spool,
                sessions.router(),
                routing -> {},
                authenticator,
                new Visits(new LiveDevices(new AccessRules(List.of()), metrics, Clock.systemUTC())),
                rejections,
                RULES,
                kafka,
                new IngestLimits(1_000, 10, 10, 10, Duration.ofHours(1), WAITS_MAX, waitMax),
                metrics,
                Clock.systemUTC());
    }

    private static IngestRequest request(String topic, String key) {
        return new IngestRequest("d", "g", topic, "", List.of("a".getBytes(UTF_8), "b".getBytes(UTF_8)), key);
    }

    private double acknowledged(String door, String level) {
        return metrics.get("waymark.gateway.acknowledged")
                .tags("door", door, "level", level)
                .counter()
                .count();
    }

    @Test
    void aRequestIsAnsweredWhenItsLastMessageIsInKafka() throws Exception {
        IngestDoor http = http(Duration.ofMinutes(1));
        CompletableFuture<Receipt> safe = http.take(request("safe/x", "k"));
        assertThat(http.take(request("fast/x", "")).get(20, TimeUnit.SECONDS).position())
                .as("memory too is answered on disk: the answer names the place")
                .isEqualTo(3);
        await().until(() -> kafka.waiting() == 1);
        kafka.reached(1);
        assertThat(safe).isNotDone();
        kafka.reached(2);
        assertThat(safe.get(20, TimeUnit.SECONDS)).isEqualTo(new Receipt(1, 2, false));
        assertThat(acknowledged("http", "kafka")).isEqualTo(2);
        assertThat(acknowledged("http", "spool")).isEqualTo(2);
        assertThat(acknowledged("http", "memory")).isZero();
    }

    @Test
    void withoutKafkaItIsToldWhereItIsAndTheKeyCountsOnce() throws Exception {
        IngestDoor http = http(Duration.ofMillis(50));
        assertThatThrownBy(() -> http.take(request("safe/x", "k")).get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(KafkaAwayException.class)
                .hasMessageContaining("positions 1 to 2");
        await().until(() -> kafka.waiting() == 0);
        assertThatThrownBy(() -> http.take(request("safe/x", "k")).get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(KafkaAwayException.class);
        kafka.reached(2);
        assertThat(http.take(request("safe/x", "k")).get(20, TimeUnit.SECONDS)).isEqualTo(new Receipt(1, 2, true));
        assertThat(spool.lastDurable()).as("spooled once").isEqualTo(2);
    }

    @Test
    void howManyWaitIsBoundedAndOneTooManyLeavesNothing() throws Exception {
        IngestDoor http = http(Duration.ofMinutes(1));
        List<CompletableFuture<Receipt>> waiting =
                List.of(http.take(request("safe/1", "")), http.take(request("safe/2", "")));
        assertThatThrownBy(() -> http.take(request("safe/3", "")).get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(KafkaAwayException.class)
                .hasMessageContaining("nothing of this one was taken");
        await().until(() -> kafka.waiting() == WAITS_MAX);
        assertThat(spool.lastDurable()).isEqualTo(4);
        kafka.reached(4);
        for (CompletableFuture<Receipt> each : waiting) {
            each.get(20, TimeUnit.SECONDS);
        }
        CompletableFuture<Receipt> next = http.take(request("safe/4", ""));
        await().until(() -> kafka.waiting() == 1);
        kafka.reached(6);
        assertThat(next.get(20, TimeUnit.SECONDS).position()).isEqualTo(5);
    }

    @Test
    void aBridgeAcknowledgesUpstreamWhenKafkaHasTheMessage() throws Exception {
        BridgeDoor door = new BridgeDoor(
                spool,
                sessions.router(),
                Offer.defaults().withAcks(RULES),
                routing -> {},
                rejections,
                kafka,
                new Acknowledged(metrics, "bridge"),
                new LiveDevices(new AccessRules(List.of()), metrics, Clock.systemUTC()).tail(),
                Clock.systemUTC());
        CompletableFuture<Long> safe = offer(door, "safe/x");
        CompletableFuture<Long> other = offer(door, "other");
        assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo(2);
        await().until(() -> kafka.waiting() == 1);
        assertThat(safe).isNotDone();
        kafka.reached(1);
        assertThat(safe.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(acknowledged("bridge", "kafka")).isEqualTo(1);
        assertThat(acknowledged("bridge", "spool")).isEqualTo(1);
    }

    private static CompletableFuture<Long> offer(BridgeDoor door, String topic) {
        CompletableFuture<Long> acknowledged = new CompletableFuture<>();
        Spool.Completion completion = new Spool.Completion() {
            @Override
            public void durable(long position) {
                acknowledged.complete(position);
            }

            @Override
            public void failed(Throwable cause) {
                acknowledged.completeExceptionally(cause);
            }
        };
        Door.Message message =
                new Door.Message("bridge:b", "d", topic, 1, false, MessageProperties.NONE, new byte[] {1});
        assertThat(door.offer(message, null, completion)).isEqualTo(Spool.Offer.ACCEPTED);
        return acknowledged;
    }
}
