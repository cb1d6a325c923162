package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.ingest.IngestRequest;
import io.waymark.gateway.ingest.Receipt;
import io.waymark.storage.spool.SpoolMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.IMqttMessageListener;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients over real sockets and a real spool. */
class PahoIT {
    @TempDir
    static Path directory;

    static GatewayFixture fixture;

    @BeforeAll
    static void open() {
        fixture = GatewayFixture.open(directory);
        fixture.gateway.devices().create("press-1", "hall-a", Optional.of("correct horse"));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static MqttConnectOptions options() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(200);
        // Else a refused client tries again with version 3.1 and sees only that refusal.
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        return options;
    }

    private static MqttClient connected(String clientId, MqttConnectOptions options) throws MqttException {
        MqttClient client = new MqttClient(fixture.uri(), clientId, new MemoryPersistence());
        client.setTimeToWait(20_000);
        client.connect(options);
        return client;
    }

    private static void disconnect(MqttClient client) throws MqttException {
        client.disconnect();
        client.close();
    }

    private static List<SpoolMessage> spooledFrom(String device) {
        return fixture.spooled().stream()
                .filter(message -> message.deviceId().equals(device))
                .toList();
    }

    @Test
    void everyQualityOfServiceReachesTheSpoolInOrder() throws Exception {
        MqttClient client = connected("v3-all", options());
        for (int i = 0; i < 60; i++) {
            client.publish("factory/line", Integer.toString(i).getBytes(UTF_8), i % 3, false);
        }
        disconnect(client);
        await().untilAsserted(() -> assertThat(spooledFrom("v3-all")).hasSize(60));
        for (int i = 0; i < 60; i++) {
            SpoolMessage message = spooledFrom("v3-all").get(i);
            assertThat(new String(message.payload(), UTF_8)).isEqualTo(Integer.toString(i));
            assertThat(message.qos()).isEqualTo(i % 3);
            assertThat(message.topic()).isEqualTo("factory/line");
        }
    }

    @Test
    void manyMessagesInFlightAreAcknowledged() throws Exception {
        MqttAsyncClient client = new MqttAsyncClient(fixture.uri(), "v3-many", new MemoryPersistence());
        client.connect(options()).waitForCompletion(10_000);
        for (int i = 0; i < 2_000; i++) {
            await().pollInterval(Duration.ofMillis(1)).until(() -> client.getInFlightMessageCount() < 190);
            client.publish("t", Integer.toString(i).getBytes(UTF_8), 1, false);
        }
        await().until(() -> client.getInFlightMessageCount() == 0);
        client.disconnect().waitForCompletion(10_000);
        client.close();
        assertThat(spooledFrom("v3-many")).hasSize(2_000);
        assertThat(fixture.metric("waymark.gateway.inflight")).isZero();
    }

    @Test
    void passwordsAreCheckedAndDevicesNamedByTheirUser() throws Exception {
        MqttConnectOptions options = options();
        options.setUserName("press-1");
        options.setPassword("correct horse".toCharArray());
        MqttClient client = connected("any-client-id", options);
        client.publish("t", "hello".getBytes(UTF_8), 1, false);
        disconnect(client);
        assertThat(spooledFrom("press-1")).hasSize(1);

        options.setPassword("wrong horse".toCharArray());
        assertThatThrownBy(() -> connected("any-client-id", options))
                .isInstanceOfSatisfying(
                        MqttException.class,
                        e -> assertThat(e.getReasonCode()).isEqualTo(MqttException.REASON_CODE_FAILED_AUTHENTICATION));
        options.setUserName("nobody");
        assertThatThrownBy(() -> connected("any-client-id", options))
                .isInstanceOfSatisfying(
                        MqttException.class,
                        e -> assertThat(e.getReasonCode()).isEqualTo(MqttException.REASON_CODE_FAILED_AUTHENTICATION));
        assertThat(fixture.metric("waymark.gateway.connects", "reason", "bad_user_name_or_password"))
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void messagesGoFromVersion3ToVersion5AndBack() throws Exception {
        List<String> at3 = new CopyOnWriteArrayList<>();
        List<MqttMessage> at5 = new CopyOnWriteArrayList<>();
        MqttClient three = connected("cross-3", options());
        three.subscribe("cross/to3/#", 2, (IMqttMessageListener) (topic, message) ->
                at3.add(topic + "=" + new String(message.getPayload(), UTF_8) + "@" + message.getQos()));
        org.eclipse.paho.mqttv5.client.MqttClient five = new org.eclipse.paho.mqttv5.client.MqttClient(
                fixture.uri(), "cross-5", new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        MqttConnectionOptions options5 = new MqttConnectionOptions();
        options5.setReceiveMaximum(10);
        five.connect(options5);
        // The listener of subscribe is broken in Paho v5 1.2.5 (endless recursion); the callback is not.
        five.setCallback(new Paho5Callback(at5::add));
        five.subscribe("cross/to5/+", 1);

        MqttProperties properties = new MqttProperties();
        properties.setContentType("application/json");
        properties.setUserProperties(List.of(new UserProperty("batch", "7")));
        MqttMessage from5 = new MqttMessage("{}".getBytes(UTF_8), 2, false, properties);
        five.publish("cross/to3/a", from5);
        three.publish("cross/to5/b", "hi".getBytes(UTF_8), 2, false);
        five.publish("cross/to5/c", from5);

        await().untilAsserted(() -> {
            assertThat(at3).containsExactly("cross/to3/a={}@2");
            assertThat(at5).hasSize(2);
        });
        assertThat(at5.get(0).getQos()).isEqualTo(1);
        assertThat(at5.get(1).getProperties().getContentType()).isEqualTo("application/json");
        assertThat(at5.get(1).getProperties().getUserProperties().get(0).getValue())
                .isEqualTo("7");
        SpoolMessage spooled = spooledFrom("cross-5").get(0);
        assertThat(spooled.contentType()).isEqualTo("application/json");
        assertThat(spooled.properties()).containsExactly("batch", "7");
        disconnect(three);
        five.disconnect();
        five.close();
    }

    @Test
    void aSecondConnectionTakesTheSessionOver() throws Exception {
        MqttClient first = connected("twice", options());
        MqttClient second = connected("twice", options());
        await().until(() -> !first.isConnected());
        assertThat(second.isConnected()).isTrue();
        second.publish("t", "x".getBytes(UTF_8), 1, false);
        disconnect(second);
        first.close();
    }

    @Test
    void whatComesWhileAClientIsAwayWaitsForIt() throws Exception {
        MqttConnectOptions stays = options();
        stays.setCleanSession(false);
        MqttClient away = connected("away", stays);
        away.subscribe("mail/#", 1);
        disconnect(away);

        MqttClient sender = connected("sender", options());
        for (int i = 0; i < 5; i++) {
            sender.publish("mail/box", Integer.toString(i).getBytes(UTF_8), 1, false);
        }
        disconnect(sender);

        List<String> got = new CopyOnWriteArrayList<>();
        MqttClient back = new MqttClient(fixture.uri(), "away", new MemoryPersistence());
        back.setCallback(new Paho3Callback(message -> got.add(new String(message.getPayload(), UTF_8))));
        assertThat(back.connectWithResult(stays).getSessionPresent()).isTrue();
        await().untilAsserted(() -> assertThat(got).containsExactly("0", "1", "2", "3", "4"));
        disconnect(back);
    }

    @Test
    void retainedMessagesMeetNewSubscribers() throws Exception {
        MqttClient client = connected("keeper", options());
        client.publish("state/oven", "hot".getBytes(UTF_8), 1, true);
        List<String> got = new CopyOnWriteArrayList<>();
        client.subscribe("state/+", 1, (IMqttMessageListener)
                (topic, message) -> got.add(new String(message.getPayload(), UTF_8) + message.isRetained()));
        await().untilAsserted(() -> assertThat(got).containsExactly("hottrue"));
        client.publish("state/oven", new byte[0], 1, true);
        await().untilAsserted(() ->
                assertThat(fixture.metric("waymark.gateway.retained")).isZero());
        disconnect(client);
    }

    @Test
    void aWillIsPublishedWhenTheClientVanishes() throws Exception {
        MqttConnectOptions options = options();
        options.setWill("obituary", "gone".getBytes(UTF_8), 1, false);
        MqttClient client = connected("mortal", options);
        client.disconnectForcibly(0, 0, false);
        client.close(true);
        await().untilAsserted(() -> assertThat(spooledFrom("mortal"))
                .singleElement()
                .satisfies(message -> assertThat(message.topic()).isEqualTo("obituary")));
    }

    @Test
    void httpMessagesAreDurableToo() throws Exception {
        byte[] scan = "{}".getBytes(UTF_8);
        Receipt receipt = fixture.gateway
                .ingest()
                .take(new IngestRequest("pos-7", "http", "pos/scan", "application/json", List.of(scan, scan), ""))
                .get();
        assertThat(receipt.position()).isPositive();
        assertThat(spooledFrom("pos-7")).hasSize(2);
        assertThatThrownBy(() -> fixture.gateway
                        .ingest()
                        .take(new IngestRequest("pos-7", "http", "pos/#", "", List.of(scan), "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic");
    }
}
