package io.waymark.gateway;

import static io.waymark.gateway.RawClient.connect;
import static io.waymark.gateway.RawClient.connected;
import static io.waymark.gateway.RawClient.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.session.SessionLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for a client that is away, and for a gateway that is. */
class PersistentQueueIT {
    @TempDir
    Path directory;

    private GatewayFixture fixture;

    @BeforeEach
    void open() {
        fixture = GatewayFixture.open(directory.resolve("first"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static RawClient resumed(GatewayFixture at, boolean present) throws IOException {
        RawClient client = new RawClient(at.port());
        client.send(connect(4, "reader", false, 0));
        assertThat(client.receive()).as("CONNACK").isEqualTo(present ? "20020100" : "20020000");
        return client;
    }

    private void subscribeAndLeave(int qos) throws IOException {
        try (RawClient reader = resumed(fixture, false)) {
            reader.send(RawClient.packet(0x82, body -> {
                body.writeShort(1);
                body.writeUTF("mail/#");
                body.write(qos);
            }));
            assertThat(reader.receive()).isEqualTo("900300010" + qos);
            reader.send("e000");
            assertThat(reader.receive()).isEqualTo(RawClient.CLOSED);
        }
    }

    private static void write(GatewayFixture at, int qos, int from, int to) throws IOException {
        try (RawClient writer = connected(at.port(), 4, "writer")) {
            for (int i = from; i <= to; i++) {
                writer.send(publish(4, qos << 1, "mail/x", i, "m" + i));
                assertThat(writer.receive()).startsWith(qos == 1 ? "4002" : "5002");
                if (qos == 2) {
                    writer.send(RawClient.packet(0x62, new Id(i)::write));
                    assertThat(writer.receive()).startsWith("7002");
                }
            }
        }
    }

    private record Id(int id) {
        void write(java.io.DataOutputStream body) throws IOException {
            body.writeShort(id);
        }
    }

    /** The payload of the next PUBLISH, and its identifier in front. */
    private static String[] next(RawClient reader) throws IOException {
        byte[] packet = java.util.HexFormat.of().parseHex(reader.receive());
        assertThat(packet[0] >> 4).as("PUBLISH").isEqualTo(3);
        int topic = packet[3];
        int id = ((packet[4 + topic] & 0xFF) << 8) | (packet[5 + topic] & 0xFF);
        String payload =
                new String(packet, 6 + topic, packet.length - 6 - topic, java.nio.charset.StandardCharsets.UTF_8);
        return new String[] {Integer.toString(id), payload, (packet[0] & 8) != 0 ? "dup" : ""};
    }

    private static void expect(RawClient reader, int from, int to, boolean acknowledge) throws IOException {
        for (int i = from; i <= to; i++) {
            String[] got = next(reader);
            assertThat(got[1]).isEqualTo("m" + i);
            if (acknowledge) {
                reader.send(RawClient.packet(0x40, new Id(Integer.parseInt(got[0]))::write));
            }
        }
    }

    private static void expectNothing(RawClient reader) throws IOException {
        reader.send("c000");
        assertThat(reader.receive()).isEqualTo("d000");
    }

    @Test
    void manyMessagesWaitOnDiskAndComeInOrder() throws Exception {
        subscribeAndLeave(1);
        write(fixture, 1, 1, 500);
        assertThat(fixture.metric("waymark.gateway.queue")).isEqualTo(500);
        try (RawClient reader = resumed(fixture, true)) {
            expect(reader, 1, 500, true);
            expectNothing(reader);
            await().until(() -> fixture.metric("waymark.gateway.queue") == 0);
            assertThat(fixture.metric("waymark.gateway.queue.bytes")).isZero();
        }
    }

    @Test
    void whatWaitsIsThereAfterACrashAndWhatWasAcknowledgedIsNot() throws Exception {
        subscribeAndLeave(1);
        write(fixture, 1, 1, 20);
        try (RawClient reader = resumed(fixture, true)) {
            expect(reader, 1, 10, true);
            expect(reader, 11, 20, false);
            expectNothing(reader);
            await().until(() -> fixture.metric("waymark.gateway.queue") == 10);
            write(fixture, 1, 21, 21);
            try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                    RawClient again = resumed(after, true)) {
                expect(again, 11, 21, true);
                expectNothing(again);
            }
        }
    }

    @Test
    void afterAStopInGoodOrderIdentifiersGoOnAndOnlyARepetitionIsMarkedAsOne() throws Exception {
        subscribeAndLeave(1);
        write(fixture, 1, 1, 3);
        try (RawClient reader = resumed(fixture, true)) {
            expect(reader, 1, 2, true);
            assertThat(next(reader)).containsExactly("3", "m3", "");
            expectNothing(reader);
        }
        write(fixture, 1, 4, 4);
        fixture.close();
        open();
        try (RawClient reader = resumed(fixture, true)) {
            assertThat(next(reader)).containsExactly("3", "m3", "dup");
            assertThat(next(reader)).containsExactly("4", "m4", "");
            for (int id = 3; id <= 4; id++) {
                reader.send(RawClient.packet(0x40, new Id(id)::write));
            }
            expectNothing(reader);
            await().until(() -> fixture.metric("waymark.gateway.queue") == 0);
        }
        fixture.close();
        open();
        write(fixture, 1, 5, 5);
        try (RawClient reader = resumed(fixture, true);
                GatewayFixture after = fixture.crashed(directory.resolve("after"));
                RawClient again = resumed(after, true)) {
            assertThat(next(reader)).containsExactly("5", "m5", "");
            assertThat(next(again)).as("perhaps sent before the crash").containsExactly("5", "m5", "dup");
        }
    }

    @Test
    void aQos2MessageSentBeforeTheCrashHasItsIdentifierAfterIt() throws Exception {
        subscribeAndLeave(2);
        write(fixture, 2, 1, 3);
        try (RawClient reader = resumed(fixture, true)) {
            String[] first = next(reader);
            String[] second = next(reader);
            next(reader);
            // The first is the client's, the second it has only seen.
            reader.send(RawClient.packet(0x50, new Id(Integer.parseInt(first[0]))::write));
            assertThat(reader.receive()).startsWith("6202");
            try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                    RawClient again = resumed(after, true)) {
                assertThat(again.receive())
                        .as("PUBREL, not PUBLISH")
                        .isEqualTo(String.format("6202%04x", Integer.parseInt(first[0])));
                String[] repeated = next(again);
                assertThat(repeated).containsExactly(second[0], "m2", "dup");
                again.send(RawClient.packet(0x70, new Id(Integer.parseInt(first[0]))::write));
                assertThat(next(again)[1]).isEqualTo("m3");
                expectNothing(again);
            }
        }
    }

    @Test
    void retainedMessagesAreThereAfterACrash() throws Exception {
        try (RawClient writer = connected(fixture.port(), 4, "writer")) {
            writer.send(publish(4, 3, "state/a", 1, "kept"));
            assertThat(writer.receive()).isEqualTo("40020001");
            writer.send(publish(4, 3, "state/b", 2, "gone"));
            assertThat(writer.receive()).isEqualTo("40020002");
            writer.send(publish(4, 3, "state/b", 3, ""));
            assertThat(writer.receive()).isEqualTo("40020003");
        }
        try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                RawClient reader = connected(after.port(), 4, "reader")) {
            reader.send("82 0c 0001 0007 73746174652f23 00");
            assertThat(reader.receive()).isEqualTo("9003000100");
            assertThat(reader.receive()).startsWith("31").endsWith("6b657074");
            expectNothing(reader);
        }
    }

    @Test
    void aQueueIsBoundedAndDropsWhatComesLater() throws Exception {
        SessionLimits d = SessionLimits.defaults();
        SessionLimits small = new SessionLimits(
                d.sessionsMax(),
                d.expirySecondsMax(),
                d.subscriptions(),
                new SessionLimits.QueueLimits(
                        5, d.queues().octetsMax(), d.queues().octetsTotalMax(), Duration.ofDays(1)),
                d.retained(),
                d.willOctetsMax());
        fixture.close();
        fixture = new GatewayFixture(
                directory.resolve("small"), GatewayFixture.config().withSessions(small));
        subscribeAndLeave(1);
        write(fixture, 1, 1, 9);
        assertThat(fixture.metric("waymark.gateway.dropped", "reason", "queue_count"))
                .isEqualTo(4);
        try (RawClient reader = resumed(fixture, true)) {
            expect(reader, 1, 5, true);
            await().until(() -> fixture.metric("waymark.gateway.queue") == 0);
            write(fixture, 1, 10, 10);
            expect(reader, 10, 10, true);
        }
    }

    @Test
    void aSessionThatEndsTakesItsQueueAlong() throws Exception {
        subscribeAndLeave(1);
        write(fixture, 1, 1, 5);
        try (RawClient clean = connected(fixture.port(), 4, "reader")) {
            expectNothing(clean);
        }
        assertThat(fixture.metric("waymark.gateway.queue")).isZero();
        try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                RawClient reader = resumed(after, false)) {
            assertThat(after.metric("waymark.gateway.queue")).isZero();
            expectNothing(reader);
        }
    }

    @Test
    void aSlowReaderIsServedFromDiskWhileMoreComes() throws Exception {
        subscribeAndLeave(1);
        try (RawClient reader = resumed(fixture, true)) {
            write(fixture, 1, 1, 700);
            expect(reader, 1, 350, true);
            write(fixture, 1, 701, 800);
            expect(reader, 351, 800, true);
            expectNothing(reader);
        }
    }
}
