package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.access.DeviceChange;
import io.waymark.storage.device.DeviceGroup.Quota;
import io.waymark.storage.device.DeviceGroup.Rule;
import io.waymark.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes of the registry do to connections that are open. */
class DeviceChangesIT {
    private static final String PASSWORD = "password";

    @TempDir
    static Path directory;

    static GatewayFixture fixture;

    @BeforeAll
    static void open() {
        fixture = GatewayFixture.open(directory);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static void create(String id, String group) {
        fixture.gateway.devices().create(id, group, Optional.of(PASSWORD));
    }

    private static RawClient client(String id, int version, String clientId, boolean clean) throws IOException {
        RawClient client = new RawClient(fixture.port());
        client.send(RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(version);
            body.write(clean ? 0xC2 : 0xC0);
            body.writeShort(60);
            if (version == 5) {
                // session expiry of a minute
                body.write(new byte[] {5, 0x11, 0, 0, 0, (byte) (clean ? 0 : 60)});
            }
            body.writeUTF(clientId);
            body.writeUTF(id);
            body.writeUTF(PASSWORD);
        }));
        return client;
    }

    private static RawClient connected(String id, int version) throws IOException {
        RawClient client = client(id, version, "c", true);
        assertThat(client.receive()).as("CONNACK").startsWith("20").contains("0000");
        return client;
    }

    private static void change(String id, String what) {
        switch (what) {
            case "disable" -> fixture.gateway.devices().setEnabled(id, false);
            case "rotate" -> fixture.gateway.devices().rotate(id);
            case "delete" -> fixture.gateway.devices().delete(id);
            default -> throw new IllegalArgumentException(what);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "rotate", "delete"})
    void whoMayNotBeConnectedAnyMoreIsDisconnected(String what) throws Exception {
        String id = "gone-by-" + what;
        create(id, "");
        try (RawClient five = connected(id, 5);
                RawClient three = client(id, 4, "three", true);
                RawClient other = RawClient.connected(fixture.port(), 5, id)) {
            assertThat(three.receive()).isEqualTo("20020000");
            change(id, what);
            assertThat(five.receive()).as("DISCONNECT, administrative action").matches("e0..98.*");
            assertThat(five.receive()).isEqualTo(RawClient.CLOSED);
            assertThat(three.receive()).isEqualTo(RawClient.CLOSED);
            other.send("c000");
            assertThat(other.receive()).as("an anonymous client of that name").isEqualTo("d000");
        }
        try (RawClient again = client(id, 5, "c", true)) {
            assertThat(again.receive()).as("CONNACK").matches("20..00(86|87).*");
        }
    }

    @Test
    void aDeletedDeviceLeavesNoSessionToItsSuccessor() throws Exception {
        create("lathe", "");
        try (RawClient offline = client("lathe", 5, "offline", false);
                RawClient online = client("lathe", 5, "online", false)) {
            assertThat(offline.receive()).startsWith("20");
            assertThat(online.receive()).startsWith("20");
            offline.send("e000");
            assertThat(offline.receive()).isEqualTo(RawClient.CLOSED);
            fixture.gateway.devices().delete("lathe");
            assertThat(online.receive()).matches("e0..98.*");
        }
        create("lathe", "");
        for (String clientId : new String[] {"online", "offline"}) {
            try (RawClient successor = client("lathe", 5, clientId, false)) {
                assertThat(successor.receive())
                        .as(clientId + ": no session present")
                        .matches("20..0000.*");
            }
        }
    }

    @Test
    void newRulesHoldForTheNextPublishAndForSubscriptionsThereAre() throws Exception {
        fixture.gateway.groups().create("drying", rules(new Rule(true, true, true, "hall/#")), Quota.NONE);
        create("fan", "drying");
        try (RawClient fan = connected("fan", 5);
                RawClient feeder = RawClient.connected(fixture.port(), 5, "feeder")) {
            fan.send("82 11 0001 00 0006 68616c6c2f61 01 0002 6f6b 01"); // hall/a, ok
            assertThat(fan.receive()).isEqualTo("900500010001" + "87");
            fan.send(RawClient.publish(5, 2, "hall/a", 2, "x"));
            assertThat(fan.receive() + fan.receive()).contains("40020002");
            fan.send("40020001");
            fixture.gateway.groups().change("drying", rules(new Rule(true, true, false, "hall/%u/#")), Quota.NONE);
            fan.send(RawClient.publish(5, 2, "hall/a", 3, "x"));
            assertThat(fan.receive()).isEqualTo("4003000387");
            fan.send(RawClient.publish(5, 2, "hall/fan/a", 4, "x"));
            assertThat(fan.receive()).isEqualTo("40020004");
            assertThat(fixture.metric("waymark.gateway.subscriptions.ended")).isGreaterThanOrEqualTo(1);
            feeder.send(RawClient.publish(5, 2, "hall/a", 1, "not for fan"));
            assertThat(feeder.receive()).isEqualTo("40020001");
            fan.send("c000");
            assertThat(fan.receive()).as("nothing but PINGRESP").isEqualTo("d000");
        }
    }

    @Test
    void whoMovesToAnotherGroupIsUnderItsRules() throws Exception {
        fixture.gateway.groups().create("closed", rules(), Quota.NONE);
        create("belt", "");
        try (RawClient belt = connected("belt", 5)) {
            belt.send(RawClient.publish(5, 2, "t", 1, "x"));
            assertThat(belt.receive()).isEqualTo("40020001");
            fixture.gateway.devices().change("belt", group("closed"));
            belt.send(RawClient.publish(5, 2, "t", 2, "x"));
            assertThat(belt.receive()).isEqualTo("4003000287");
            fixture.gateway.devices().change("belt", group("default"));
            belt.send(RawClient.publish(5, 2, "t", 3, "x"));
            assertThat(belt.receive()).isEqualTo("40020003");
        }
    }

    @Test
    void aSessionComesBackWithoutSubscriptionsItMayNotHave() throws Exception {
        fixture.gateway.groups().create("night", rules(new Rule(true, true, true, "#")), Quota.NONE);
        create("lamp", "night");
        try (RawClient lamp = client("lamp", 5, "c", false)) {
            assertThat(lamp.receive()).matches("20..0000.*");
            lamp.send("82 0b 0001 00 0005 6e696768 74 01"); // night
            assertThat(lamp.receive()).isEqualTo("900400010001");
        }
        fixture.gateway.groups().change("night", rules(new Rule(true, true, false, "#")), Quota.NONE);
        try (RawClient lamp = client("lamp", 5, "c", false)) {
            assertThat(lamp.receive()).as("session present").matches("20..0100.*");
            lamp.send(RawClient.publish(5, 0, "night", 0, "x"));
            lamp.send("c000");
            assertThat(lamp.receive()).isEqualTo("d000");
        }
    }

    @Test
    void quotasBoundConnectionsAndSayWhich() throws Exception {
        fixture.gateway.groups().create("few", Optional.empty(), new Quota(2, 1, 0, 0, 0, 0));
        create("few-1", "few");
        create("few-2", "few");
        create("few-3", "few");
        try (RawClient one = connected("few-1", 5);
                RawClient two = connected("few-2", 5);
                RawClient three = client("few-3", 5, "c", true);
                RawClient second = client("few-1", 5, "another", true)) {
            assertThat(three.receive()).as("CONNACK, quota exceeded").matches("20..0097.*");
            assertThat(second.receive()).as("CONNACK, quota exceeded").matches("20..0097.*");
            try (RawClient takeover = connected("few-1", 5)) {
                assertThat(one.receive()).as("taken over").matches("e0..8e.*");
                fixture.gateway.groups().change("few", Optional.empty(), Quota.NONE);
                try (RawClient now = connected("few-3", 5)) {
                    now.send("c000");
                    assertThat(now.receive()).isEqualTo("d000");
                }
                takeover.send("c000");
                assertThat(takeover.receive()).isEqualTo("d000");
            }
            two.send("c000");
            assertThat(two.receive()).isEqualTo("d000");
        }
        assertThat(fixture.metric("waymark.gateway.refused", "reason", "group_connections"))
                .isEqualTo(1);
        assertThat(fixture.metric("waymark.gateway.refused", "reason", "device_connections"))
                .isEqualTo(1);
    }

    @Test
    void aQuotaSlowsReadingAndLosesNothing() throws Exception {
        fixture.gateway.groups().create("slow", Optional.empty(), new Quota(0, 0, 0, 0, 10, 0));
        create("talker", "slow");
        try (RawClient talker = connected("talker", 5)) {
            long begin = System.nanoTime();
            for (int id = 1; id <= 25; id++) {
                talker.send(RawClient.publish(5, 2, "t", id, "x"));
            }
            for (int id = 1; id <= 25; id++) {
                assertThat(talker.receive()).isEqualTo(String.format("4002%04x", id));
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            // a burst of ten, and the rest at ten in a second
            assertThat(millis).isBetween(1_300L, 10_000L);
            assertThat(fixture.metric("waymark.gateway.quota.slowed", "reason", "device_messages"))
                    .isGreaterThanOrEqualTo(14);
            fixture.gateway.groups().change("slow", Optional.empty(), new Quota(0, 0, 0, 0, 1, 0));
            talker.send(RawClient.publish(5, 2, "t", 30, "x"));
            talker.send(RawClient.publish(5, 2, "t", 31, "x"));
            talker.send(RawClient.publish(5, 2, "t", 32, "x"));
            for (int id = 31; id <= 40; id++) {
                talker.send(RawClient.publish(5, 2, "t", id + 2, "x"));
            }
            assertThat(talker.receive()).isEqualTo("4002001e");
            fixture.gateway.groups().change("slow", Optional.empty(), Quota.NONE);
            begin = System.nanoTime();
            for (int id = 31; id <= 42; id++) {
                assertThat(talker.receive()).isEqualTo(String.format("4002%04x", id));
            }
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                    .as("a raised quota holds at once")
                    .isLessThan(5_000L);
        }
    }

    @Test
    void pahoIsToldTheReason() throws Exception {
        create("paho", "");
        BlockingQueue<Integer> reasons = new ArrayBlockingQueue<>(1);
        MqttClient client = new MqttClient(fixture.uri(), "paho-client", new MemoryPersistence());
        client.setCallback(new Reasons(reasons));
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName("paho");
        options.setPassword(PASSWORD.getBytes(UTF_8));
        client.connect(options);
        fixture.gateway.devices().setEnabled("paho", false);
        assertThat(reasons.poll(20, TimeUnit.SECONDS)).isEqualTo(0x98);
        client.close(true);
    }

    private record Reasons(BlockingQueue<Integer> reasons) implements MqttCallback {
        @Override
        public void disconnected(MqttDisconnectResponse response) {
            reasons.add(response.getReturnCode());
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {}

        @Override
        public void messageArrived(String topic, MqttMessage message) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }

    @Test
    void mosquittoSubIsToldTheReason() throws Exception {
        create("mosquitto", "");
        Tool.Running subscriber = Tool.onPath("mosquitto_sub", "mosquitto-clients")
                .with("-h", "127.0.0.1", "-p", Integer.toString(fixture.port()), "-V", "mqttv5", "-d")
                .start("", "-u", "mosquitto", "-P", PASSWORD, "-t", "t", "-W", "20");
        await().until(() -> !fixture.gateway.live().of("mosquitto").isEmpty());
        fixture.gateway.devices().delete("mosquitto");
        assertThat(subscriber.await().said()).contains("Received DISCONNECT (152)");
    }

    private static Optional<List<Rule>> rules(Rule... rules) {
        return Optional.of(List.of(rules));
    }

    private static DeviceChange group(String name) {
        return new DeviceChange(Optional.of(name), Optional.empty(), Optional.empty());
    }
}
