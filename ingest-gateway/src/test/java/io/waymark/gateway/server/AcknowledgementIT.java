package io.waymark.gateway.server;

import static io.waymark.gateway.RawClient.CLOSED;
import static io.waymark.gateway.RawClient.connect;
import static io.waymark.gateway.RawClient.connected;
import static io.waymark.gateway.RawClient.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.RawClient;
import io.waymark.gateway.packet.Offer;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server over a journal in the test's hands: when writes are taken, and how and in which order they end. */
class AcknowledgementIT {
    @TempDir
    Path directory;

    private final ManualJournal journal = new ManualJournal();
    private ServerFixture fixture;

    private static final class ManualJournal implements Journal {
        record Offered(SpoolWrite write, Spool.Completion completion) {
            String payload() {
                SpoolMessage message = write.message();
                return message == null ? "" : new String(message.payload(), UTF_8);
            }
        }

        final List<Offered> offered = new CopyOnWriteArrayList<>();
        volatile Spool.Offer answer = Spool.Offer.ACCEPTED;

        @Override
        public Spool.Offer offer(SpoolWrite write, Spool.Completion completion) {
            if (answer == Spool.Offer.ACCEPTED) {
                offered.add(new Offered(write, completion));
            }
            return answer;
        }

        Offered next(int count) {
            await().until(() -> offered.size() >= count);
            return offered.get(count - 1);
        }

        void durable(int which) {
            next(which).completion().durable(which);
        }

        void failed(int which) {
            next(which).completion().failed(new IOException("disk"));
        }
    }

    @BeforeEach
    void start() {
        fixture = new ServerFixture(directory, Offer.defaults(), journal);
        fixture.register("known", "password");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void nothingIsAcknowledgedBeforeItIsDurable() throws Exception {
        try (RawClient client = connected(fixture.port(), 4, "c")) {
            client.send(publish(4, 2, "t", 1, "a"));
            client.send(publish(4, 4, "t", 2, "b"));
            journal.next(2);
            ServerFixture.assertNothingComes(client);
            journal.durable(1);
            assertThat(client.receive()).isEqualTo("40020001");
            ServerFixture.assertNothingComes(client);
            journal.durable(2);
            assertThat(client.receive()).isEqualTo("50020002");
        }
    }

    @Test
    void acknowledgementsKeepTheOrderOfPublishing() throws Exception {
        try (RawClient client = connected(fixture.port(), 4, "c")) {
            for (int id = 1; id <= 4; id++) {
                client.send(publish(4, id % 2 == 0 ? 4 : 2, "t", id, "x"));
            }
            journal.durable(4);
            journal.durable(2);
            journal.durable(3);
            ServerFixture.assertNothingComes(client);
            journal.durable(1);
            assertThat(client.receive()).isEqualTo("40020001");
            assertThat(client.receive()).isEqualTo("50020002");
            assertThat(client.receive()).isEqualTo("40020003");
            assertThat(client.receive()).isEqualTo("50020004");
        }
    }

    @Test
    void aFailedWriteIsToldInVersion5() throws Exception {
        try (RawClient client = connected(fixture.port(), 5, "c")) {
            client.send(publish(5, 2, "t", 1, "a"));
            client.send(publish(5, 4, "t", 2, "b"));
            journal.failed(1);
            journal.failed(2);
            assertThat(client.receive()).isEqualTo("4003000180");
            assertThat(client.receive()).isEqualTo("5003000280");
            client.send(publish(5, 4, "t", 2, "b"));
            journal.durable(3);
            assertThat(client.receive()).as("the identifier was free").isEqualTo("50020002");
        }
    }

    @Test
    void aFailedWriteClosesAVersion3Connection() throws Exception {
        try (RawClient client = connected(fixture.port(), 4, "c")) {
            client.send(publish(4, 2, "t", 1, "a"));
            journal.failed(1);
            assertThat(client.receive()).isEqualTo(CLOSED);
        }
    }

    @Test
    void subscribersGetWhatIsDurableAndNothingElse() throws Exception {
        try (RawClient client = connected(fixture.port(), 4, "c");
                RawClient subscriber = connected(fixture.port(), 4, "s")) {
            subscriber.send("82 06 0001 0001 74 00");
            assertThat(subscriber.receive()).isEqualTo("9003000100");
            client.send(publish(4, 2, "t", 1, "a"));
            journal.next(1);
            ServerFixture.assertNothingComes(subscriber);
            journal.durable(1);
            assertThat(subscriber.receive()).isEqualTo("300400017461");
        }
    }

    @Test
    void aFullSpoolIsRetriedInOrderAndNothingIsReadMeanwhile() throws Exception {
        try (RawClient client = connected(fixture.port(), 4, "c")) {
            journal.answer = Spool.Offer.FULL;
            client.send(publish(4, 2, "t", 1, "a"));
            client.send(publish(4, 2, "t", 2, "b"));
            client.send("c000");
            await().until(() -> fixture.gauge("waymark.gateway.paused") == 1);
            assertThat(journal.offered).isEmpty();
            journal.answer = Spool.Offer.ACCEPTED;
            assertThat(client.receive()).as("read again").isEqualTo("d000");
            assertThat(journal.next(1).payload()).isEqualTo("a");
            assertThat(journal.next(2).payload()).isEqualTo("b");
            journal.durable(1);
            journal.durable(2);
            assertThat(client.receive()).isEqualTo("40020001");
            assertThat(client.receive()).isEqualTo("40020002");
        }
    }

    @Test
    void aClosedSpoolEndsTheConnection() throws Exception {
        try (RawClient client = connected(fixture.port(), 5, "c")) {
            journal.answer = Spool.Offer.CLOSED;
            client.send(publish(5, 2, "t", 1, "a"));
            assertThat(client.receive()).startsWith("e0").contains("8b");
            assertThat(client.receive()).isEqualTo(CLOSED);
        }
    }

    /** CONNECT of a lasting session: its record is the first write. */
    private RawClient lasting(int writesBefore) throws IOException {
        RawClient client = new RawClient(fixture.port());
        client.send(connect(4, "lasting", false, 0));
        if (writesBefore == 0) {
            assertThat(journal.next(1).write().session()).isInstanceOf(SpoolWrite.SessionWrite.PutSession.class);
            journal.durable(1);
        }
        assertThat(client.receive()).startsWith("2002");
        return client;
    }

    @Test
    void aLastingSessionIsAcceptedWhenItsRecordIsDurable() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect(4, "lasting", false, 0));
            client.send("c000");
            SpoolWrite write = journal.next(1).write();
            assertThat(write.message()).isNull();
            assertThat(fixture.gauge("waymark.gateway.paused")).isEqualTo(1);
            journal.durable(1);
            assertThat(client.receive()).isEqualTo("20020000");
            assertThat(client.receive()).as("what was sent behind CONNECT").isEqualTo("d000");
        }
    }

    @Test
    void theQos2IdentifierIsWrittenWithItsMessage() throws Exception {
        try (RawClient client = lasting(0)) {
            client.send(publish(4, 4, "t", 9, "once"));
            SpoolWrite write = journal.next(2).write();
            assertThat(Objects.requireNonNull(write.message()).qos()).isEqualTo(2);
            assertThat(write.session()).isInstanceOf(SpoolWrite.SessionWrite.AddQos2.class);
            journal.durable(2);
            assertThat(client.receive()).isEqualTo("50020009");
            client.send("62 02 0009");
            assertThat(journal.next(3).write().session()).isInstanceOf(SpoolWrite.SessionWrite.RemoveQos2.class);
            ServerFixture.assertNothingComes(client);
            journal.durable(3);
            assertThat(client.receive()).isEqualTo("70020009");
        }
    }

    @Test
    void aMessageRepeatedWhileItIsWrittenWaitsAlsoOnAnotherConnection() throws Exception {
        RawClient first = lasting(0);
        first.send(publish(4, 4, "t", 9, "once"));
        journal.next(2);
        first.send(publish(4, 4 | 8, "t", 9, "once"));
        try (RawClient second = lasting(2)) {
            assertThat(first.receive()).as("taken over").isEqualTo(CLOSED);
            second.send(publish(4, 4 | 8, "t", 9, "once"));
            ServerFixture.assertNothingComes(second);
            assertThat(journal.offered).hasSize(2);
            journal.durable(2);
            assertThat(second.receive()).isEqualTo("50020009");
        }
        first.close();
    }

    @Test
    void whatComesBehindConnectWaitsForThePassword() throws Exception {
        byte[] connect = RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(new byte[] {4, (byte) 0xC2, 0, 60});
            body.writeUTF("c");
            body.writeUTF("known");
            body.writeUTF("password");
        });
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect);
            client.send(publish(4, 2, "t", 1, "a"));
            assertThat(client.receive()).isEqualTo("20020000");
            SpoolMessage message =
                    Objects.requireNonNull(journal.next(1).write().message());
            assertThat(message.deviceId()).isEqualTo("known");
            journal.durable(1);
            assertThat(client.receive()).isEqualTo("40020001");
        }
    }

    @Test
    void clientsThatComeAndGoDoNotKeepHonestOnesWaiting() throws Exception {
        byte[] guess = RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(new byte[] {4, (byte) 0xC2, 0, 60});
            body.writeUTF("c");
            body.writeUTF("known");
            body.writeUTF("a guess");
        });
        for (int i = 0; i < 100; i++) {
            try (RawClient client = new RawClient(fixture.port())) {
                client.send(guess);
            }
        }
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(guess);
            assertThat(client.receive()).isEqualTo("20020004");
        }
        assertThat(fixture.metrics.get("waymark.gateway.auth.hash").timer().count())
                .isLessThan(20);
        assertThat(fixture.metrics
                        .get("waymark.gateway.auth.abandoned")
                        .counter()
                        .count())
                .isGreaterThan(80);
    }

    @Test
    void aWrongPasswordLetsNothingThrough() throws Exception {
        byte[] connect = RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(new byte[] {4, (byte) 0xC2, 0, 60});
            body.writeUTF("c");
            body.writeUTF("known");
            body.writeUTF("passwort");
        });
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect);
            client.send(publish(4, 2, "t", 1, "a"));
            assertThat(client.receive()).isEqualTo("20020004");
            assertThat(client.receive()).isEqualTo(CLOSED);
        }
        assertThat(journal.offered).isEmpty();
    }

    @Test
    void theWillOfALostClientIsWrittenAndThatOfAnOrderlyOneIsNot() throws Exception {
        byte[] connect = RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(new byte[] {4, 0x0E, 0, 60});
            body.writeUTF("mortal");
            body.writeUTF("obituary");
            body.writeUTF("gone");
        });
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect);
            assertThat(client.receive()).isEqualTo("20020000");
            client.send("e000");
            assertThat(client.receive()).isEqualTo(CLOSED);
        }
        assertThat(journal.offered).isEmpty();
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect);
            assertThat(client.receive()).isEqualTo("20020000");
        }
        SpoolMessage will = Objects.requireNonNull(journal.next(1).write().message());
        assertThat(will.topic()).isEqualTo("obituary");
        assertThat(will.deviceId()).isEqualTo("mortal");
        assertThat(will.qos()).isEqualTo(1);
    }
}
