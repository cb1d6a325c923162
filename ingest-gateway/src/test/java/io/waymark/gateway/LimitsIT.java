package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.session.SessionLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody who means harm can make the gateway keep, and what it says when that is enough. */
class LimitsIT {
    private static final SessionLimits SMALL = new SessionLimits(
            100,
            600,
            new SessionLimits.SubscriptionLimits(3, 5),
            new SessionLimits.QueueLimits(100, 1 << 20, 1 << 20, Duration.ofDays(1)),
            new SessionLimits.RetainedLimits(3, 4_000),
            1_000);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // every test opens it with bounds of its own
    private GatewayFixture fixture;

    private void open(int connectionsMax, int connectsPerSecond) {
        fixture = new GatewayFixture(
                directory,
                GatewayFixture.config()
                        .withServer(server -> server.withConnections(new ServerSettings.Connections(
                                connectionsMax, connectsPerSecond, Duration.ofMillis(500))))
                        .withSessions(SMALL));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private double refused(String reason) {
        return fixture.metric("waymark.gateway.refused", "reason", reason);
    }

    private static byte[] connectWithWill(String clientId, int octets) {
        return RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(5);
            body.write(6);
            body.writeShort(60);
            body.write(0);
            body.writeUTF(clientId);
            body.write(0);
            body.writeUTF("will");
            body.writeUTF("x".repeat(octets));
        });
    }

    @Test
    void slowConnectsAreClosedAndDoNotKeepOthersOut() throws Exception {
        open(1_000, 0);
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            RawClient client = new RawClient(fixture.port());
            client.send("10 7f 0004 4d51");
            slow.add(client);
        }
        RawClient.connected(fixture.port(), 4, "honest").close();
        for (RawClient client : slow) {
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
            client.close();
        }
        assertThat(refused("connect_timeout")).isEqualTo(50);
        await().until(() -> fixture.metric("waymark.gateway.connections") == 0);
    }

    @Test
    void moreConnectionsThanAllowedAreClosedAtOnce() throws Exception {
        open(3, 0);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(RawClient.connected(fixture.port(), 4, "c" + i));
        }
        try (RawClient one = new RawClient(fixture.port())) {
            assertThat(one.receive()).isEqualTo(RawClient.CLOSED);
        }
        assertThat(refused("too_many_connections")).isEqualTo(1);
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void oneAddressMayNotFloodWithConnections() throws Exception {
        open(1_000, 1);
        int refused = 0;
        for (int i = 0; i < 30; i++) {
            try (RawClient client = new RawClient(fixture.port())) {
                client.send(RawClient.connect(4, "c" + i, true, 0));
                refused += client.receive().equals(RawClient.CLOSED) ? 1 : 0;
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(5, 10);
        assertThat(refused("connection_rate")).isEqualTo(refused);
    }

    @Test
    void willsOfAllClientsTogetherAreBounded() throws Exception {
        open(1_000, 0);
        try (RawClient first = new RawClient(fixture.port());
                RawClient second = new RawClient(fixture.port())) {
            first.send(connectWithWill("a", 700));
            assertThat(first.receive()).startsWith("20");
            assertThat(fixture.metric("waymark.gateway.will.bytes")).isEqualTo(832);
            second.send(connectWithWill("b", 700));
            assertThat(second.receive()).startsWith("20").contains("0097");
            first.send("e000");
            assertThat(first.receive()).isEqualTo(RawClient.CLOSED);
        }
        await().until(() -> fixture.metric("waymark.gateway.will.bytes") == 0);
        try (RawClient third = new RawClient(fixture.port())) {
            third.send(connectWithWill("c", 700));
            assertThat(third.receive()).startsWith("20");
        }
        await().until(() -> fixture.metric("waymark.gateway.will.bytes") == 0);
    }

    @Test
    void subscriptionsAreBoundedByClientInAllAndInDepth() throws Exception {
        open(1_000, 0);
        try (RawClient one = RawClient.connected(fixture.port(), 5, "one");
                RawClient two = RawClient.connected(fixture.port(), 5, "two")) {
            one.send("82 13 0001 00 0001 61 00 0001 62 00 0001 63 00 0001 64 00");
            assertThat(one.receive()).isEqualTo("90070001" + "00" + "00000097");
            two.send("82 13 0001 00 0001 61 00 0001 62 00 0001 63 00 0001 64 00");
            assertThat(two.receive()).as("five in all").isEqualTo("90070001" + "00" + "00009797");
            one.send(RawClient.packet(0x82, body -> {
                body.writeShort(2);
                body.write(0);
                body.writeUTF("+/".repeat(200) + "#");
                body.write(0);
            }));
            assertThat(one.receive()).isEqualTo("90040002" + "00" + "97");
        }
        assertThat(refused("quota_exceeded")).isEqualTo(4);
    }

    @Test
    void retainedMessagesAreBoundedInNumberAndOctets() throws Exception {
        open(1_000, 0);
        try (RawClient client = RawClient.connected(fixture.port(), 4, "bomber")) {
            for (int i = 0; i < 6; i++) {
                client.send(RawClient.publish(4, 3, "bomb/" + i, 1, "x"));
                assertThat(client.receive()).isEqualTo("40020001");
            }
            client.send(RawClient.publish(4, 3, "bomb/0", 1, "x".repeat(5_000)));
            assertThat(client.receive()).as("it is taken, not retained").isEqualTo("40020001");
        }
        assertThat(fixture.metric("waymark.gateway.retained")).isEqualTo(2);
        assertThat(fixture.metric("waymark.gateway.dropped", "reason", "retained_full"))
                .isEqualTo(4);
    }

    @Test
    void aPacketHasAtMostSoManyUserProperties() throws Exception {
        open(1_000, 0);
        try (RawClient client = RawClient.connected(fixture.port(), 5, "properties")) {
            client.send(RawClient.packet(0x30, body -> {
                body.writeUTF("t");
                body.write(0x80 | ((257 * 5) & 0x7F));
                body.write((257 * 5) >> 7);
                for (int i = 0; i < 257; i++) {
                    body.write(0x26);
                    body.writeUTF("");
                    body.writeUTF("");
                }
            }));
            assertThat(client.receive()).startsWith("e0").contains("97");
        }
    }

    @Test
    void aliasesStandForTopicsOfBoundedLength() throws Exception {
        open(1_000, 0);
        try (RawClient client = RawClient.connected(fixture.port(), 5, "aliases")) {
            for (int alias = 1; alias <= 5; alias++) {
                int number = alias;
                client.send(RawClient.packet(0x30, body -> {
                    body.writeUTF("t".repeat(8_000) + number);
                    body.write(3);
                    body.write(0x23);
                    body.writeShort(number);
                }));
            }
            assertThat(client.receive()).startsWith("e0").contains("97");
        }
        assertThat(refused("quota_exceeded")).isEqualTo(1);
    }
}
