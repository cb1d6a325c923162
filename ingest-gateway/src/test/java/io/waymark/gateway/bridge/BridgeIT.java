package io.waymark.gateway.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.Certificates;
import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.GatewayTopics;
import io.waymark.gateway.bridge.BridgeConfig.Protocol;
import io.waymark.gateway.live.LiveTail;
import io.waymark.gateway.live.TailEvent;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A plant with a mosquitto of its own. */
class BridgeIT {
    @TempDir
    Path directory;

    private Mosquitto mosquitto(String... lines) throws Exception {
        return new Mosquitto(directory.resolve("mosquitto"), lines);
    }

    private GatewayFixture gateway(BridgeConfig... bridges) {
        return new GatewayFixture(
                directory.resolve("gateway"), GatewayFixture.config().withBridges(List.of(bridges)));
    }

    private static void awaitConnected(GatewayFixture fixture) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> fixture.gateway.bridges().stream()
                        .allMatch(bridge -> bridge.state() == BridgeStatus.State.CONNECTED));
    }

    private static List<String> payloads(GatewayFixture fixture) {
        return fixture.spooled().stream()
                .map(message -> new String(message.payload(), UTF_8))
                .toList();
    }

    private static void awaitPayloads(GatewayFixture fixture, List<String> expected) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(fixture.spool.lastDurable()).isGreaterThanOrEqualTo(expected.size()));
        assertThat(payloads(fixture)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1,0", "MQTT_3_1_1,1", "MQTT_3_1_1,2", "MQTT_5,0", "MQTT_5,1", "MQTT_5,2"})
    void whatTheUpstreamSendsIsSpooledOnceAndInOrder(Protocol protocol, int qos) throws Exception {
        try (Mosquitto upstream = mosquitto()) {
            BridgeSample sample = new BridgeSample(upstream.uri("tcp"));
            sample.protocol = protocol;
            sample.qos = qos;
            try (GatewayFixture fixture = gateway(sample.config());
                    Publisher device = new Publisher(upstream)) {
                awaitConnected(fixture);
                device.publish("plant/oven-7/heat", qos, 300);
                awaitPayloads(fixture, device.acknowledged);
                assertThat(fixture.spooled()).allSatisfy(message -> {
                    assertThat(message.deviceId()).isEqualTo("oven-7");
                    assertThat(message.topic()).isEqualTo("plant/oven-7/heat");
                    assertThat(message.qos()).isEqualTo(qos);
                });
                await().untilAsserted(() -> assertThat(
                                fixture.metric("waymark.gateway.bridge.acknowledged", "bridge", "plant"))
                        .isEqualTo(qos == 1 ? 300 : 0));
                assertThat(fixture.metric("waymark.gateway.bridge.received")).isEqualTo(300);
                assertThat(fixture.metric("waymark.gateway.bridge.inflight")).isZero();
            }
        }
    }

    @Test
    void whoWatchesADeviceSeesWhatABridgeBrings() throws Exception {
        try (Mosquitto upstream = mosquitto();
                GatewayFixture fixture = gateway(new BridgeSample(upstream.uri("tcp")).config());
                Publisher device = new Publisher(upstream)) {
            awaitConnected(fixture);
            LiveTail tail = fixture.gateway.live().tail();
            LiveTail.Viewer viewer = Objects.requireNonNull(tail.watch(new LiveTail.Wanted("oven-7", "", "")));
            device.publish("plant/oven-8/heat", 1, 1);
            device.publish("plant/oven-7/heat", 1, 1);
            TailEvent seen = Objects.requireNonNull(viewer.next(20, TimeUnit.SECONDS));
            assertThat(seen.kind()).isEqualTo("message");
            assertThat(seen.deviceId()).isEqualTo("oven-7");
            assertThat(seen.group()).isEqualTo("bridge:plant");
            assertThat(seen.topic()).isEqualTo("plant/oven-7/heat");
            assertThat(seen.qos()).isEqualTo(1);
            assertThat(new String(seen.head(), UTF_8)).isEqualTo("2");
        }
    }

    @Test
    void propertiesAndRetainedFlagsOf50ArePreserved() throws Exception {
        try (Mosquitto upstream = mosquitto();
                GatewayFixture fixture = gateway(new BridgeSample(upstream.uri("tcp")).config())) {
            awaitConnected(fixture);
            MqttProperties properties = new MqttProperties();
            properties.setContentType("application/json");
            properties.setUserProperties(List.of(new UserProperty("batch", "武夷-7")));
            MqttClient device = new MqttClient(upstream.uri("tcp"), "device", new MemoryPersistence());
            device.connect();
            device.publish("plant/oven-7/state", new MqttMessage("{}".getBytes(UTF_8), 1, true, properties));
            device.disconnect();
            device.close();
            await().until(() -> fixture.spool.lastDurable() == 1);
            SpoolMessage message = fixture.spooled().get(0);
            assertThat(message.contentType()).isEqualTo("application/json");
            assertThat(message.properties()).containsExactly("batch", "武夷-7");
            await().until(() -> fixture.metric("waymark.gateway.retained.messages") == 1
                    || fixture.metric("waymark.gateway.retained") == 1);
        }
    }

    @Test
    void sharedSubscriptionsDivideTheWork() throws Exception {
        try (Mosquitto upstream = mosquitto()) {
            BridgeSample one = new BridgeSample(upstream.uri("tcp"));
            one.name = "one";
            one.filters = List.of("$share/waymark/plant/#");
            BridgeSample two = new BridgeSample(upstream.uri("tcp"));
            two.name = "two";
            two.filters = one.filters;
            try (GatewayFixture fixture = gateway(one.config(), two.config());
                    Publisher device = new Publisher(upstream)) {
                awaitConnected(fixture);
                device.publish("plant/oven-7/heat", 1, 200);
                await().until(() -> fixture.spool.lastDurable() == 200);
                assertThat(payloads(fixture)).containsExactlyInAnyOrderElementsOf(device.acknowledged);
                assertThat(fixture.metric("waymark.gateway.bridge.received", "bridge", "one"))
                        .isBetween(1.0, 199.0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void whatAFullSpoolCannotTakeIsNotAcknowledgedAndNotLost(Protocol protocol) throws Exception {
        try (Mosquitto upstream = mosquitto()) {
            BridgeSample sample = new BridgeSample(upstream.uri("tcp"));
            sample.protocol = protocol;
            sample.inFlightMax = 10;
            try (GatewayFixture fixture = new GatewayFixture(
                            directory.resolve("gateway"),
                            GatewayFixture.config().withBridges(List.of(sample.config())),
                            config -> new SpoolConfig(config.directory(), 4_000, 1_000, 100, Duration.ZERO));
                    Publisher device = new Publisher(upstream)) {
                awaitConnected(fixture);
                device.publish("plant/oven-7/heat", 1, 200);
                await().until(() -> fixture.metric("waymark.gateway.bridge.waiting") >= 1);
                assertThat(fixture.spool.lastDurable()).isLessThan(200);
                assertThat(fixture.metric("waymark.gateway.bridge.inflight")).isBetween(1.0, 10.0);
                List<String> seen = new ArrayList<>();
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    long last = fixture.spool.lastDurable();
                    if (last >= fixture.spool.first()) {
                        fixture.spool.read(fixture.spool.first(), Integer.MAX_VALUE, Long.MAX_VALUE).stream()
                                .filter(entry -> entry.position() <= last)
                                .forEach(entry ->
                                        seen.add(new String(entry.message().payload(), UTF_8)));
                        fixture.spool.trim(last);
                        await().until(() -> fixture.spool.first() == last + 1);
                    }
                    return seen.size() >= 200;
                });
                assertThat(seen).isEqualTo(device.acknowledged);
                assertThat(fixture.metric("waymark.gateway.bridge.duplicates")).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1,2", "MQTT_5,1"})
    void anUpstreamThatStopsAndComesBackLosesNothing(Protocol protocol, int qos) throws Exception {
        try (Mosquitto upstream = mosquitto()) {
            BridgeSample sample = new BridgeSample(upstream.uri("tcp"));
            sample.protocol = protocol;
            sample.qos = qos;
            try (GatewayFixture fixture = gateway(sample.config());
                    Publisher device = new Publisher(upstream)) {
                awaitConnected(fixture);
                for (int round = 0; round < 2; round++) {
                    device.publish("plant/oven-7/heat", qos, 200);
                    upstream.stop();
                    await().until(() -> fixture.metric("waymark.gateway.bridge.connected") == 0);
                    upstream.start();
                    device.connect();
                }
                device.publish("plant/oven-7/heat", qos, 10);
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(payloads(fixture)).containsAll(device.acknowledged));
                // Of QoS 2, too, this mosquitto repeats after a restart what it had released before.
                assertThat(fixture.metric("waymark.gateway.bridge.connects")).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1,1", "MQTT_3_1_1,2", "MQTT_5,1", "MQTT_5,2"})
    void aCableThatBreaksLosesNothingAndDoublesNothingOfQos2(Protocol protocol, int qos) throws Exception {
        try (Mosquitto upstream = mosquitto();
                CuttableLink cable = new CuttableLink(upstream.port)) {
            BridgeSample sample = new BridgeSample(cable.uri());
            sample.protocol = protocol;
            sample.qos = qos;
            try (GatewayFixture fixture = gateway(sample.config());
                    Publisher device = new Publisher(upstream)) {
                awaitConnected(fixture);
                for (int round = 1; round <= 3; round++) {
                    device.publish("plant/oven-7/heat", qos, 150);
                    double connects = fixture.metric("waymark.gateway.bridge.connects");
                    cable.cut();
                    await().until(() -> fixture.metric("waymark.gateway.bridge.connects") > connects);
                }
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(payloads(fixture)).containsAll(device.acknowledged));
                if (qos == 2) {
                    assertThat(payloads(fixture)).isEqualTo(device.acknowledged);
                }
            }
        }
    }

    @Test
    void messagesOfTheTimeTheGatewayWasAwayComeWhenItIsBack() throws Exception {
        try (Mosquitto upstream = mosquitto();
                Publisher device = new Publisher(upstream)) {
            BridgeConfig config = new BridgeSample(upstream.uri("tcp")).config();
            try (GatewayFixture fixture = gateway(config)) {
                awaitConnected(fixture);
                device.publish("plant/a/t", 1, 50);
                await().until(() -> fixture.metric("waymark.gateway.bridge.acknowledged") == 50);
            }
            device.publish("plant/a/t", 1, 50);
            try (GatewayFixture fixture = gateway(config)) {
                awaitPayloads(fixture, device.acknowledged);
            }
        }
    }

    @Test
    void aFilterTakenOutOfTheConfigurationIsUnsubscribed() throws Exception {
        try (Mosquitto upstream = mosquitto();
                Publisher device = new Publisher(upstream)) {
            BridgeSample sample = new BridgeSample(upstream.uri("tcp"));
            sample.filters = List.of("plant/#", "office/#");
            try (GatewayFixture fixture = gateway(sample.config())) {
                awaitConnected(fixture);
            }
            sample.filters = List.of("plant/#");
            try (GatewayFixture fixture = gateway(sample.config())) {
                awaitConnected(fixture);
                device.publish("office/door", 1, 1);
                device.publish("plant/a/t", 1, 1);
                await().until(() -> fixture.spool.lastDurable() == 1);
                assertThat(fixture.spooled()).extracting(SpoolMessage::topic).containsExactly("plant/a/t");
            }
        }
    }

    @Test
    void whatCanNeverEnterIsCountedAndDoesNotBlockTheRest() throws Exception {
        try (Mosquitto upstream = mosquitto();
                Publisher device = new Publisher(upstream)) {
            BridgeSample sample = new BridgeSample(upstream.uri("tcp"));
            try (GatewayFixture fixture = gateway(sample.config())) {
                awaitConnected(fixture);
                device.publish("plant/" + "x".repeat(300) + "/t", 1, 1);
                device.publish("plant/a/t", 1, 1);
                await().until(() -> fixture.metric("waymark.gateway.bridge.acknowledged") == 2);
                assertThat(fixture.spooled())
                        .extracting(SpoolMessage::topic, message -> new String(message.payload(), UTF_8))
                        .containsExactlyInAnyOrder(
                                tuple("$kafka/" + GatewayTopics.REJECTED, "1"), tuple("plant/a/t", "2"));
                assertThat(fixture.metric("waymark.gateway.bridge.rejected", "reason", "device"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aWrongPasswordIsSaidWithoutSayingIt() throws Exception {
        Path passwords = directory.resolve("passwords");
        Tool.onPath("mosquitto_passwd", "mosquitto")
                .run("-b", "-c", passwords.toString(), "waymark", "right")
                .succeeded();
        try (Mosquitto upstream = mosquitto("password_file " + passwords, "allow_anonymous false")) {
            BridgeSample good = new BridgeSample(upstream.uri("tcp"));
            good.name = "good";
            good.login = Optional.of(new BridgeConfig.Login("waymark", "right"));
            BridgeSample bad = new BridgeSample(upstream.uri("tcp"));
            bad.name = "bad";
            bad.login = Optional.of(new BridgeConfig.Login("waymark", "hunter2"));
            assertThat(bad.config().toString()).doesNotContain("hunter2");
            try (GatewayFixture fixture = gateway(good.config(), bad.config())) {
                await().until(() -> fixture.gateway.bridges().get(0).state() == BridgeStatus.State.CONNECTED);
                await().untilAsserted(() -> assertThat(
                                fixture.gateway.bridges().get(1).detail())
                        .contains("authorized")
                        .doesNotContain("hunter2"));
                assertThat(fixture.metric("waymark.gateway.bridge.connected", "bridge", "bad"))
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void overWebSocket(Protocol protocol) throws Exception {
        GatewayConfig plant = GatewayFixture.config()
                .withServer(server -> server.withWebSocket(new ServerSettings.WebSocket(
                        Optional.of(new ServerSettings.Listener(List.of("127.0.0.1"), 0)),
                        Optional.empty(),
                        "/mqtt",
                        List.of())));
        try (GatewayFixture upstream = new GatewayFixture(directory.resolve("upstream"), plant)) {
            int port = upstream.gateway.webSocketAddress().orElseThrow().getPort();
            BridgeSample sample = new BridgeSample("ws://127.0.0.1:" + port + "/mqtt");
            sample.protocol = protocol;
            sample.qos = 2;
            try (GatewayFixture fixture = gateway(sample.config());
                    Publisher device = new Publisher(upstream.uri())) {
                awaitConnected(fixture);
                device.publish("plant/oven-7/heat", 2, 3);
                awaitPayloads(fixture, device.acknowledged);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void overTlsWithACertificateOfItsOwn(Protocol protocol) throws Exception {
        Certificates files = new Certificates(directory.resolve("certificates"));
        files.issue("upstream", "upstream");
        files.issue("bridge", "bridge");
        try (Mosquitto upstream = mosquitto(
                "cafile " + files.file("ca.pem"),
                "certfile " + files.file("upstream.pem"),
                "keyfile " + files.file("upstream.key"),
                "require_certificate true")) {
            BridgeSample sample = new BridgeSample(upstream.uri("ssl"));
            sample.protocol = protocol;
            sample.tls = new BridgeConfig.Tls(
                    Optional.of(files.file("ca.pem")),
                    Optional.of(files.file("bridge.pem")),
                    Optional.of(files.file("bridge.key")));
            try (GatewayFixture fixture = gateway(sample.config())) {
                awaitConnected(fixture);
            }
            sample.tls = new BridgeConfig.Tls(
                    Optional.of(files.file("bridge.pem")),
                    Optional.of(files.file("bridge.pem")),
                    Optional.of(files.file("bridge.key")));
            try (GatewayFixture fixture = gateway(sample.config())) {
                await().until(() -> fixture.metric("waymark.gateway.bridge.failures") >= 1);
                assertThat(fixture.metric("waymark.gateway.bridge.connects"))
                        .as("an upstream nobody vouches for is not spoken to")
                        .isZero();
            }
        }
    }
}
