package io.waymark.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.RawClient;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.AckRules;
import io.waymark.gateway.packet.Offer;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a message is acknowledged, against a disk and a Kafka that wait to be told. */
class AckLevelIT {
    private static final AckRules RULES = new AckRules(
            AckLevel.SPOOL,
            AckLevel.SPOOL,
            AckLevel.SPOOL,
            AckLevel.SPOOL,
            List.of(new AckRules.Rule("fast/#", AckLevel.MEMORY), new AckRules.Rule("safe/+", AckLevel.KAFKA)));
    private static final int RECEIVE_MAXIMUM = 4;

    @TempDir
    Path directory;

    private final Disk disk = new Disk();
    private ServerFixture fixture;

    /** Makes writes durable one by one, in order, when told. */
    private static final class Disk implements Journal {
        private final BlockingQueue<Spool.Completion> waiting = new LinkedBlockingQueue<>();
        private final AtomicLong last = new AtomicLong();

        @Override
        public Spool.Offer offer(SpoolWrite write, Spool.Completion completion) {
            if (write.message() == null) {
                completion.durable(0);
            } else {
                waiting.add(completion);
            }
            return Spool.Offer.ACCEPTED;
        }

        @Override
        public long lastDurable() {
            return last.get();
        }

        private Spool.Completion next() throws InterruptedException {
            Spool.Completion next = waiting.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("a write").isNotNull();
            return next;
        }

        void durable() throws InterruptedException {
            next().durable(last.incrementAndGet());
        }

        void failed() throws InterruptedException {
            next().failed(new IOException("disk"));
        }
    }

    @BeforeEach
    void start() {
        fixture = new ServerFixture(
                directory, new Offer(RECEIVE_MAXIMUM, 0, 1 << 20, 2, Offer.Features.ALL, 3_600, "", RULES), disk);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private RawClient client(int version) throws IOException {
        return RawClient.connected(fixture.port(), version, "client-" + version);
    }

    private double waiting() {
        return fixture.gauge("waymark.gateway.ack.waiting");
    }

    private double acknowledged(String level) {
        return fixture.metrics
                .get("waymark.gateway.acknowledged")
                .tag("level", level)
                .counter()
                .count();
    }

    @Test
    void memoryAcknowledgesQos1BeforeTheDiskAndQos2Behind() throws Exception {
        try (RawClient client = client(4)) {
            client.send(RawClient.publish(4, 2, "fast/1", 1, "m"));
            assertThat(client.receive()).isEqualTo("40020001");
            client.send(RawClient.publish(4, 4, "fast/1", 2, "m"));
            ServerFixture.assertNothingComes(client);
            disk.durable();
            disk.durable();
            assertThat(client.receive()).isEqualTo("50020002");
            assertThat(acknowledged("memory")).isEqualTo(1);
            assertThat(acknowledged("spool")).isEqualTo(1);
        }
    }

    @Test
    void whatMemoryAcknowledgedAndTheDiskRefusedIsCounted() throws Exception {
        try (RawClient client = client(4)) {
            client.send(RawClient.publish(4, 2, "fast/1", 1, "m"));
            assertThat(client.receive()).isEqualTo("40020001");
            disk.failed();
            await().until(() -> fixture.metrics
                            .find("waymark.gateway.dropped")
                            .tag("reason", "write_failed_acknowledged")
                            .counter()
                    != null);
            ServerFixture.assertNothingComes(client);
        }
    }

    @Test
    void kafkaAcknowledgesWhenKafkaHasCommittedInTheOrderOfThePublishes() throws Exception {
        try (RawClient client = client(4)) {
            client.send(RawClient.publish(4, 2, "safe/1", 1, "m"));
            client.send(RawClient.publish(4, 4, "safe/1", 2, "m"));
            client.send(RawClient.publish(4, 2, "other", 3, "m"));
            disk.durable();
            disk.durable();
            disk.durable();
            await().until(() -> waiting() == 2);
            ServerFixture.assertNothingComes(client);
            fixture.server.forwarded(1);
            assertThat(client.receive()).isEqualTo("40020001");
            ServerFixture.assertNothingComes(client);
            fixture.server.forwarded(3);
            assertThat(client.receive()).isEqualTo("50020002");
            assertThat(client.receive()).isEqualTo("40020003");
            assertThat(waiting()).isZero();
            client.send(RawClient.publish(4, 2, "safe/1", 4, "m"));
            disk.durable();
            fixture.server.forwarded(4);
            assertThat(client.receive()).isEqualTo("40020004");
            assertThat(acknowledged("kafka")).isEqualTo(3);
            assertThat(acknowledged("spool")).isEqualTo(1);
        }
    }

    @Test
    void aRepeatedQos2MessageWaitsForKafkaToo() throws Exception {
        byte[] connect = RawClient.connect(5, "stays", false, 100);
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect);
            assertThat(client.receive()).startsWith("20");
            client.send(RawClient.publish(5, 4, "safe/1", 7, "m"));
            disk.durable();
            await().until(() -> waiting() == 1);
        }
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect);
            assertThat(client.receive()).startsWith("20");
            client.send(RawClient.publish(5, 12, "safe/1", 7, "m"));
            ServerFixture.assertNothingComes(client);
            fixture.server.forwarded(1);
            assertThat(client.receive()).isEqualTo("50020007");
        }
    }

    /** Kafka stays away: a 3.1.1 client is not read on, a 5.0 client is, because it keeps to what it was granted. */
    @Test
    void theReceiveMaximumBoundsWhatWaitsForKafka() throws Exception {
        try (RawClient old = client(4);
                RawClient five = client(5)) {
            for (int id = 1; id <= RECEIVE_MAXIMUM; id++) {
                five.send(RawClient.publish(5, 2, "safe/1", id, "m"));
                disk.durable();
            }
            await().until(() -> waiting() == RECEIVE_MAXIMUM);
            ServerFixture.assertNothingComes(five);
            for (int id = 1; id <= 2 * RECEIVE_MAXIMUM; id++) {
                old.send(RawClient.publish(4, 2, "safe/1", id, "m"));
            }
            for (int id = 1; id <= RECEIVE_MAXIMUM; id++) {
                disk.durable();
            }
            await().until(() -> waiting() == 2 * RECEIVE_MAXIMUM);
            assertThat(fixture.gauge("waymark.gateway.paused")).isEqualTo(1);
            assertThat(disk.waiting).isEmpty();
            fixture.server.forwarded(disk.lastDurable());
            for (int id = 1; id <= RECEIVE_MAXIMUM; id++) {
                disk.durable();
            }
            await().until(() -> waiting() == RECEIVE_MAXIMUM);
            fixture.server.forwarded(disk.lastDurable());
            for (int id = 1; id <= 2 * RECEIVE_MAXIMUM; id++) {
                assertThat(old.receive()).isEqualTo(String.format("4002%04x", id));
            }
            for (int id = 1; id <= RECEIVE_MAXIMUM; id++) {
                assertThat(five.receive()).isEqualTo(String.format("4002%04x", id));
            }
        }
    }

    /** Its keep-alive must not end it while it is us who do not answer. */
    @Test
    void anOlderClientWithAFullWindowIsStillAnsweredItsPingsOnceEach() throws Exception {
        try (RawClient old = client(4)) {
            for (int id = 1; id <= RECEIVE_MAXIMUM + 3; id++) {
                old.send(RawClient.publish(4, 2, "safe/1", id, "m"));
            }
            for (int id = 1; id <= RECEIVE_MAXIMUM; id++) {
                disk.durable();
            }
            await().until(() -> waiting() == RECEIVE_MAXIMUM);
            ServerFixture.assertNothingComes(old);
            ServerFixture.assertNothingComes(old);
            assertThat(fixture.gauge("waymark.gateway.paused")).isEqualTo(1);
            assertThat(fixture.gauge("waymark.gateway.paused.bytes")).isPositive();
            fixture.server.forwarded(disk.lastDurable());
            for (int id = RECEIVE_MAXIMUM + 1; id <= RECEIVE_MAXIMUM + 3; id++) {
                disk.durable();
            }
            await().until(() -> waiting() == 3);
            fixture.server.forwarded(disk.lastDurable());
            for (int id = 1; id <= RECEIVE_MAXIMUM + 3; id++) {
                assertThat(old.receive()).isEqualTo(String.format("4002%04x", id));
            }
            ServerFixture.assertNothingComes(old);
            assertThat(fixture.gauge("waymark.gateway.paused.bytes")).isZero();
        }
    }

    @Test
    void whatIsReadOfAPausedClientIsBounded() throws Exception {
        String large = "x".repeat(4_000);
        int messages = 100;
        try (RawClient old = client(4)) {
            for (int id = 1; id <= messages; id++) {
                old.send(RawClient.publish(4, 2, "safe/1", id, large));
            }
            int most = 2 * ReadPause.KEPT_OCTETS_MAX;
            for (int id = 1; id <= messages; id++) {
                disk.durable();
                assertThat(fixture.gauge("waymark.gateway.paused.bytes")).isLessThanOrEqualTo(most);
                fixture.server.forwarded(disk.lastDurable());
            }
            for (int id = 1; id <= messages; id++) {
                assertThat(old.receive()).isEqualTo(String.format("4002%04x", id));
            }
        }
    }

    @Test
    void connackTellsAFiveClient() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.connect(5, "asks", true, 0));
            byte[] answer = HexFormat.of().parseHex(client.receive());
            assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                    .contains("waymark-ack\0\5spool")
                    .contains("waymark-ack\0\15memory fast/#")
                    .contains("waymark-ack\0\14kafka safe/+");
        }
    }
}
