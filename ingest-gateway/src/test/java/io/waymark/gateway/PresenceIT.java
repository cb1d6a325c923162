package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.gateway.live.LiveTail;
import io.waymark.gateway.live.TailEvent;
import io.waymark.storage.device.LastSeen;
import io.waymark.storage.spool.SpoolMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes, goes and is refused; when a device was last there; what a viewer sees of it. */
class PresenceIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private GatewayFixture open() {
        GatewayConfig config = GatewayFixture.config();
        GatewayConfig.Forward f = config.forward();
        return new GatewayFixture(
                directory,
                config.withForward(new GatewayConfig.Forward(
                        f.client(), f.topics(), f.transactionEntriesMax(), f.linger(), f.rejectsOversize(), true)));
    }

    private static RawClient client(GatewayFixture fixture, String user, String password) throws Exception {
        return client(fixture, "c", user, password);
    }

    private static RawClient client(GatewayFixture fixture, String clientId, String user, String password)
            throws Exception {
        RawClient client = new RawClient(fixture.port());
        client.send(RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(5);
            body.write(0xC2);
            body.writeShort(60);
            body.write(0);
            body.writeUTF(clientId);
            body.writeUTF(user);
            body.writeUTF(password);
        }));
        return client;
    }

    private static JsonNode json(SpoolMessage message) throws Exception {
        return JSON.readTree(message.payload());
    }

    @Test
    void presenceStandsInOrderWithWhatTheDevicePublishes() throws Exception {
        try (GatewayFixture fixture = open()) {
            fixture.gateway.devices().create("oven-1", "hall", Optional.of("password"));
            try (RawClient oven = client(fixture, "oven-1", "password")) {
                assertThat(oven.receive()).startsWith("20");
                oven.send(RawClient.publish(5, 2, "t", 1, "hot"));
                assertThat(oven.receive()).isEqualTo("40020001");
                oven.send("e000");
                assertThat(oven.receive()).isEqualTo(RawClient.CLOSED);
            }
            try (RawClient wrong = client(fixture, "oven-1", "guess")) {
                assertThat(wrong.receive()).matches("20..0086.*");
            }
            await().until(() -> fixture.spooled().size() == 4);
            List<SpoolMessage> spooled = fixture.spooled();
            assertThat(spooled)
                    .extracting(SpoolMessage::topic)
                    .containsExactly(
                            "$kafka/waymark.presence", "t", "$kafka/waymark.presence", "$kafka/waymark.presence");
            assertThat(spooled.get(0).properties()).contains("io.waymark.presence.connected");
            assertThat(spooled.get(2).properties()).contains("io.waymark.presence.disconnected");
            assertThat(spooled.get(3).properties()).contains("io.waymark.presence.refused");
            assertThat(spooled).extracting(SpoolMessage::deviceId).containsOnly("oven-1");
            assertThat(json(spooled.get(0)).path("protocol").asText()).isEqualTo("MQTT 5.0");
            assertThat(json(spooled.get(0)).path("address").asText()).startsWith("127.0.0.1:");
            assertThat(json(spooled.get(2)).path("reason").asText()).isEqualTo("client");
            assertThat(json(spooled.get(3)).path("reason").asText()).isEqualTo("bad_user_name_or_password");
        }
    }

    @Test
    void refusalsAreBoundedInRateAndSayHowManyWereNotTold() throws Exception {
        int attempts = 60;
        try (GatewayFixture fixture = open()) {
            for (int i = 0; i < attempts; i++) {
                try (RawClient refused = new RawClient(fixture.port())) {
                    refused.send(RawClient.connect(9, "c" + i, true, 0));
                    assertThat(refused.receive()).isNotEmpty();
                }
            }
            await().until(() -> fixture.metric("waymark.gateway.presence") >= attempts);
            double told = fixture.metric("waymark.gateway.presence", "outcome", "told");
            double rate = fixture.metric("waymark.gateway.presence", "outcome", "rate");
            assertThat(told + rate).isEqualTo(attempts);
            assertThat(rate).as("of %d refusals at once", attempts).isGreaterThan(0);
            assertThat(told).isGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void whenADeviceWasLastThereSurvivesARestart() throws Exception {
        try (GatewayFixture fixture = open()) {
            fixture.gateway.devices().create("oven-1", "", Optional.of("password"));
            assertThat(fixture.gateway.sightings().of("oven-1")).isEmpty();
            LastSeen there;
            try (RawClient oven = client(fixture, "oven-1", "password")) {
                assertThat(oven.receive()).startsWith("20");
                oven.send(RawClient.publish(5, 2, "t", 1, "hot"));
                assertThat(oven.receive()).isEqualTo("40020001");
                there = fixture.gateway.sightings().of("oven-1").orElseThrow();
                assertThat(there.connected()).isTrue();
                assertThat(there.lastMessageMillis()).isGreaterThanOrEqualTo(there.sinceMillis());
            }
            await().until(() ->
                    !fixture.gateway.sightings().of("oven-1").orElseThrow().connected());
            fixture.restart();
            LastSeen remembered = fixture.gateway.sightings().of("oven-1").orElseThrow();
            assertThat(remembered.connected()).isFalse();
            assertThat(remembered.lastMessageMillis()).isEqualTo(there.lastMessageMillis());
            assertThat(remembered.protocol()).isEqualTo("MQTT 5.0");
            assertThat(remembered.address()).isEqualTo(there.address());
        }
    }

    @Test
    void aMessageOfAConnectionThatLeftIsTheDevicesLastAlsoWhileAnotherStays() throws Exception {
        try (GatewayFixture fixture = open()) {
            fixture.gateway.devices().create("oven-1", "", Optional.of("password"));
            try (RawClient sensor = client(fixture, "sensor", "oven-1", "password");
                    RawClient display = client(fixture, "display", "oven-1", "password")) {
                assertThat(sensor.receive()).startsWith("20");
                assertThat(display.receive()).startsWith("20");
                sensor.send(RawClient.publish(5, 2, "t", 1, "hot"));
                assertThat(sensor.receive()).isEqualTo("40020001");
                sensor.send("e000");
                assertThat(sensor.receive()).isEqualTo(RawClient.CLOSED);
                await().until(() -> fixture.gateway.live().of("oven-1").size() == 1);
                LastSeen there = fixture.gateway.sightings().of("oven-1").orElseThrow();
                assertThat(there.connected()).isTrue();
                assertThat(there.clientId()).isEqualTo("display");
                assertThat(there.lastMessageMillis()).isPositive();
            }
        }
    }

    @Test
    void aViewerSeesWhatItWantsAndHowMuchItMissed() throws Exception {
        try (GatewayFixture fixture = open()) {
            LiveTail tail = fixture.gateway.live().tail();
            LiveTail.Viewer one = Objects.requireNonNull(tail.watch(new LiveTail.Wanted("talker", "", "")));
            LiveTail.Viewer hot = Objects.requireNonNull(tail.watch(new LiveTail.Wanted("", "", "+/hot")));
            try (RawClient talker = RawClient.connected(fixture.port(), 5, "talker");
                    RawClient other = RawClient.connected(fixture.port(), 5, "other")) {
                other.send(RawClient.publish(5, 2, "a/hot", 1, "x"));
                assertThat(other.receive()).isEqualTo("40020001");
                for (int i = 0; i < LiveTail.WAITING_MAX + 10; i++) {
                    talker.send(RawClient.publish(5, 0, "a/cold", 0, "y" + i));
                }
                talker.send(RawClient.publish(5, 2, "b/hot", 1, "z"));
                assertThat(talker.receive()).isEqualTo("40020001");
            }
            TailEvent connected = Objects.requireNonNull(one.next(5, TimeUnit.SECONDS));
            assertThat(connected.kind()).isEqualTo("connected");
            TailEvent first = Objects.requireNonNull(one.next(5, TimeUnit.SECONDS));
            assertThat(new String(first.head(), UTF_8)).isEqualTo("y0");
            assertThat(first.size()).isEqualTo(2);
            assertThat(one.missed()).isGreaterThanOrEqualTo(12);
            assertThat(one.missed()).isZero();
            assertThat(Objects.requireNonNull(hot.next(5, TimeUnit.SECONDS)).deviceId())
                    .isEqualTo("other");
            assertThat(Objects.requireNonNull(hot.next(5, TimeUnit.SECONDS)).deviceId())
                    .isEqualTo("talker");
            assertThat(hot.missed()).isZero();
            tail.leave(one);
            tail.leave(hot);
            assertThat(fixture.metric("waymark.gateway.tail.viewers")).isZero();
        }
    }
}
