package io.waymark.gateway;

import static io.waymark.gateway.RawClient.CLOSED;
import static io.waymark.gateway.RawClient.connect;
import static io.waymark.gateway.RawClient.connected;
import static io.waymark.gateway.RawClient.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.storage.spool.SpoolMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What outlives a connection, and what outlives the process. */
class SessionIT {
    private static final String SUBACK = "9003000101";
    private static final byte[] SUBSCRIBE_MAIL_QOS1 = RawClient.packet(0x82, body -> {
        body.writeShort(1);
        body.writeUTF("mail");
        body.write(1);
    });

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

    private static RawClient resumed(GatewayFixture at, String clientId, boolean expectPresent) throws IOException {
        RawClient client = new RawClient(at.port());
        client.send(connect(4, clientId, false, 0));
        assertThat(client.receive()).as("CONNACK").isEqualTo(expectPresent ? "20020100" : "20020000");
        return client;
    }

    private static List<String> payloads(GatewayFixture at) {
        return at.spooled().stream()
                .map(SpoolMessage::payload)
                .map(payload -> new String(payload, UTF_8))
                .toList();
    }

    @Test
    void aSessionAndItsSubscriptionsAreThereAfterACrash() throws Exception {
        try (RawClient client = resumed(fixture, "durable", false)) {
            client.send(SUBSCRIBE_MAIL_QOS1);
            assertThat(client.receive()).isEqualTo(SUBACK);
            try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                    RawClient back = resumed(after, "durable", true);
                    RawClient sender = connected(after.port(), 4, "sender")) {
                sender.send(publish(4, 2, "mail", 7, "hello"));
                assertThat(sender.receive()).isEqualTo("40020007");
                assertThat(back.receive()).startsWith("32").endsWith("68656c6c6f");
            }
        }
    }

    @Test
    void aSessionTheClientEndedIsNotThereAfterACrash() throws Exception {
        try (RawClient client = resumed(fixture, "durable", false)) {
            client.send(publish(4, 4, "t", 5, "one"));
            assertThat(client.receive()).isEqualTo("50020005");
        }
        try (RawClient clean = connected(fixture.port(), 4, "durable");
                RawClient unrelated = connected(fixture.port(), 4, "other")) {
            clean.send("c000");
            assertThat(clean.receive()).isEqualTo("d000");
            // Behind the deletion in the spool's order.
            unrelated.send(publish(4, 2, "t", 1, "x"));
            assertThat(unrelated.receive()).isEqualTo("40020001");
            try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                    RawClient back = resumed(after, "durable", false)) {
                back.send(publish(4, 4, "t", 5, "two"));
                assertThat(back.receive()).isEqualTo("50020005");
                assertThat(payloads(after)).containsExactlyInAnyOrder("one", "x", "two");
            }
        }
    }

    @Test
    void aQos2MessageRepeatedAfterACrashIsStoredOnce() throws Exception {
        try (RawClient client = resumed(fixture, "careful", false)) {
            client.send(publish(4, 4, "t", 9, "once"));
            assertThat(client.receive()).isEqualTo("50020009");
            try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                    RawClient back = resumed(after, "careful", true)) {
                back.send(publish(4, 4 | 8, "t", 9, "once"));
                assertThat(back.receive()).isEqualTo("50020009");
                assertThat(payloads(after)).containsExactly("once");
                assertThat(after.metric("waymark.gateway.duplicates")).isEqualTo(1);
                back.send("62 02 0009");
                assertThat(back.receive()).isEqualTo("70020009");
                back.send(publish(4, 4, "t", 9, "another"));
                assertThat(back.receive()).isEqualTo("50020009");
                assertThat(payloads(after)).containsExactly("once", "another");
            }
        }
    }

    @Test
    void aReleasedIdentifierIsForgottenAlsoAfterACrash() throws Exception {
        try (RawClient client = resumed(fixture, "careful", false)) {
            client.send(publish(4, 4, "t", 9, "once"));
            assertThat(client.receive()).isEqualTo("50020009");
            client.send("62 02 0009");
            assertThat(client.receive()).isEqualTo("70020009");
            try (GatewayFixture after = fixture.crashed(directory.resolve("after"));
                    RawClient back = resumed(after, "careful", true)) {
                back.send(publish(4, 4, "t", 9, "new"));
                assertThat(back.receive()).isEqualTo("50020009");
                assertThat(payloads(after)).containsExactly("once", "new");
            }
        }
    }

    @Test
    void theSessionOfVersion5LivesAsLongAsAsked() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect(5, "brief", true, 1));
            assertThat(client.receive()).startsWith("20").contains("0000");
        }
        await().until(() -> fixture.metric("waymark.gateway.connections") == 0);
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect(5, "brief", false, 1));
            assertThat(client.receive().substring(4, 8)).isEqualTo("0100");
        }
        await().until(() -> fixture.metric("waymark.gateway.sessions") == 0);
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect(5, "brief", false, 1));
            assertThat(client.receive().substring(4, 8)).isEqualTo("0000");
        }
    }

    @Test
    void theOldConnectionIsToldThatItWasTakenOver() throws Exception {
        try (RawClient old = connected(fixture.port(), 5, "same");
                RawClient young = connected(fixture.port(), 5, "same")) {
            assertThat(old.receive()).startsWith("e0").contains("8e");
            assertThat(old.receive()).isEqualTo(CLOSED);
            young.send("c000");
            assertThat(young.receive()).isEqualTo("d000");
        }
    }

    @Test
    void ofManyConnectionsWithOneClientIdOneRemains() throws Exception {
        RawClient[] all = new RawClient[20];
        for (int i = 0; i < all.length; i++) {
            all[i] = new RawClient(fixture.port());
            all[i].send(connect(4, "crowd", false, 0));
        }
        await().until(() -> fixture.metric("waymark.gateway.connections") == 1);
        assertThat(fixture.metric("waymark.gateway.sessions")).isEqualTo(1);
        for (RawClient client : all) {
            client.close();
        }
    }

    @Test
    void anUnacknowledgedMessageComesAgainOnTheNextConnectionOnly() throws Exception {
        try (RawClient sender = connected(fixture.port(), 4, "sender")) {
            try (RawClient client = resumed(fixture, "slow", false)) {
                client.send(SUBSCRIBE_MAIL_QOS1);
                assertThat(client.receive()).isEqualTo(SUBACK);
                sender.send(publish(4, 2, "mail", 1, "a"));
                assertThat(client.receive()).isEqualTo("3209 00046d61696c 0001 61".replace(" ", ""));
            }
            try (RawClient client = resumed(fixture, "slow", true)) {
                assertThat(client.receive()).isEqualTo("3a09 00046d61696c 0001 61".replace(" ", ""));
                client.send("40 02 0001");
                client.send("c000");
                assertThat(client.receive()).isEqualTo("d000");
            }
            try (RawClient client = resumed(fixture, "slow", true)) {
                client.send("c000");
                assertThat(client.receive()).isEqualTo("d000");
            }
        }
    }

    @Test
    void aReleaseNotYetCompletedComesAgain() throws Exception {
        byte[] subscribe = RawClient.packet(0x82, body -> {
            body.writeShort(1);
            body.writeUTF("mail");
            body.write(2);
        });
        try (RawClient sender = connected(fixture.port(), 4, "sender")) {
            try (RawClient client = resumed(fixture, "slow", false)) {
                client.send(subscribe);
                assertThat(client.receive()).isEqualTo("9003000102");
                sender.send(publish(4, 4, "mail", 1, "a"));
                assertThat(client.receive()).startsWith("34");
                client.send("50 02 0001");
                assertThat(client.receive()).isEqualTo("62020001");
            }
            try (RawClient client = resumed(fixture, "slow", true)) {
                assertThat(client.receive()).isEqualTo("62020001");
                client.send("70 02 0001");
                client.send("c000");
                assertThat(client.receive()).isEqualTo("d000");
            }
        }
    }

    @Test
    void noMoreMessagesAreSentThanTheClientTakesAtOnce() throws Exception {
        byte[] connectWithReceiveMaximum1 = RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(new byte[] {5, 2, 0, 60, 3, 0x21, 0, 1});
            body.writeUTF("narrow");
        });
        try (RawClient sender = connected(fixture.port(), 4, "sender");
                RawClient client = new RawClient(fixture.port())) {
            client.send(connectWithReceiveMaximum1);
            assertThat(client.receive()).startsWith("20");
            client.send("82 0a 0001 00 0004 6d61696c 01");
            assertThat(client.receive()).isEqualTo("900400010001");
            sender.send(publish(4, 2, "mail", 1, "a"));
            sender.send(publish(4, 2, "mail", 2, "b"));
            assertThat(client.receive()).endsWith("0001" + "00" + "61");
            client.send("c000");
            assertThat(client.receive()).as("nothing but PINGRESP").isEqualTo("d000");
            client.send("40 02 0001");
            assertThat(client.receive()).endsWith("0002" + "00" + "62");
        }
    }

    @Test
    void aClientThatExceedsTheReceiveMaximumIsDisconnected() throws Exception {
        try (RawClient client = connected(fixture.port(), 5, "flood")) {
            for (int id = 1; id <= 1_024; id++) {
                client.send(publish(5, 4, "t", id, "x"));
            }
            for (int id = 1; id <= 1_024; id++) {
                assertThat(client.receive()).isEqualTo(String.format("5002%04x", id));
            }
            client.send(publish(5, 4, "t", 1_025, "x"));
            assertThat(client.receive()).startsWith("e0").contains("93");
            assertThat(client.receive()).isEqualTo(CLOSED);
        }
    }

    @Test
    void sessionsAreRememberedOverAnOrderlyRestart() throws Exception {
        resumed(fixture, "patient", false).close();
        fixture.restart();
        resumed(fixture, "patient", true).close();
    }

    @Test
    void clientsAreToldOfTheShutdownAndGetWhatTheyAreOwed() throws Exception {
        try (RawClient client = connected(fixture.port(), 5, "witness");
                RawClient three = connected(fixture.port(), 4, "witness-3")) {
            client.send(publish(5, 2, "t", 3, "last"));
            assertThat(client.receive()).isEqualTo("40020003");
            long begin = System.nanoTime();
            fixture.gateway.close();
            assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
            assertThat(client.receive()).startsWith("e0").contains("8b");
            assertThat(client.receive()).isEqualTo(CLOSED);
            assertThat(three.receive()).isEqualTo(CLOSED);
        }
        assertThat(payloads(fixture)).containsExactly("last");
    }
}
