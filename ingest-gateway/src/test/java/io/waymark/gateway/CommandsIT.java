package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.command.Command;
import io.waymark.gateway.command.CommandLimits;
import io.waymark.gateway.command.CommandRefusedException;
import io.waymark.gateway.command.CommandState;
import io.waymark.gateway.command.CommandStatus;
import io.waymark.gateway.command.Commands;
import io.waymark.gateway.live.LiveTail;
import io.waymark.gateway.live.TailEvent;
import io.waymark.gateway.session.SessionLimits;
import io.waymark.gateway.session.SessionTable;
import io.waymark.storage.spool.SpoolMessage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands for devices, with clients we did not write. No Kafka: what is told of them stays in the spool. */
class CommandsIT {
    private static final String PASSWORD = "right-password";

    @TempDir
    Path directory;

    private GatewayFixture fixture;
    private final List<String> got = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        fixture = GatewayFixture.open(directory.resolve("live"));
        fixture.gateway.devices().create("press-1", "presses", Optional.of(PASSWORD));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private MqttClient connect(GatewayFixture to, String clientId, boolean cleanStart, long expirySeconds)
            throws Exception {
        MqttClient client = new MqttClient(to.uri(), clientId, new MemoryPersistence());
        client.setTimeToWait(10_000);
        client.setCallback(new Paho5Callback(message -> take(client, message)));
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName("press-1");
        options.setPassword(PASSWORD.getBytes(UTF_8));
        options.setCleanStart(cleanStart);
        options.setSessionExpiryInterval(expirySeconds);
        client.connect(options);
        return client;
    }

    private void take(MqttClient client, MqttMessage message) {
        String id = message.getProperties().getUserProperties().stream()
                .filter(p -> p.getKey().equals("wm-command"))
                .map(UserProperty::getValue)
                .findAny()
                .orElse("");
        got.add(id + "|" + new String(message.getPayload(), UTF_8) + "|" + message.getQos());
        String answer = message.getProperties().getResponseTopic();
        if (answer != null) {
            MqttMessage answered = new MqttMessage("done".getBytes(UTF_8), 1, false, null);
            answered.setProperties(message.getProperties());
            new Thread(() -> publish(client, answer, answered)).start();
        }
    }

    private static void publish(MqttClient client, String topic, MqttMessage message) {
        try {
            client.publish(topic, message);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void leave(MqttClient client) throws Exception {
        client.disconnect();
        client.close();
    }

    private static Command command(String id, String payload, int qos, long expirySeconds) {
        return new Command(
                "press-1", id, "speed", "text/plain", qos, expirySeconds, "", new byte[0], payload.getBytes(UTF_8));
    }

    private CommandStatus send(Command command) throws Exception {
        return fixture.gateway.commands().send(command).get(10, TimeUnit.SECONDS);
    }

    private void becomes(String id, CommandState state) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(
                                fixture.gateway.commands().find("press-1", id).map(CommandStatus::state))
                        .contains(state));
    }

    /** What was told on Kafka about a command, in order. */
    private List<String> told(String id) {
        return fixture.spooled().stream()
                .filter(m -> m.topic().equals("$kafka/waymark.command-status"))
                .map(m -> new String(m.payload(), UTF_8))
                .filter(json -> json.contains("\"command\":\"" + id + "\""))
                .map(json -> json.replaceAll(".*\"state\":\"([a-z]+)\".*", "$1"))
                .toList();
    }

    @Test
    void whoWatchesTheDeviceSeesWhatIsSentToIt() throws Exception {
        LiveTail tail = fixture.gateway.live().tail();
        LiveTail.Viewer viewer = Objects.requireNonNull(tail.watch(new LiveTail.Wanted("press-1", "presses", "#")));
        send(command("k1", "waits for the device", 1, 60));
        assertThat(viewer.next(0, TimeUnit.SECONDS)).as("nothing is sent yet").isNull();
        MqttClient device = connect(fixture, "c1", true, 0);
        device.subscribe("devices/press-1/commands/#", 1);
        becomes("k1", CommandState.DELIVERED);
        TailEvent seen = Objects.requireNonNull(viewer.next(5, TimeUnit.SECONDS));
        assertThat(seen.kind()).isEqualTo("command");
        assertThat(seen.deviceId()).isEqualTo("press-1");
        assertThat(seen.group()).isEqualTo("presses");
        assertThat(seen.topic()).startsWith("devices/press-1/commands/");
        assertThat(seen.qos()).isEqualTo(1);
        assertThat(new String(seen.head(), UTF_8)).isEqualTo("waits for the device");
        assertThat(viewer.next(0, TimeUnit.SECONDS)).as("sent once").isNull();
        leave(device);
    }

    @Test
    void aConnectedDeviceGetsItAndAnswers() throws Exception {
        MqttClient device = connect(fixture, "c1", true, 0);
        device.subscribe("devices/press-1/commands/#", 1);
        Command asked = new Command(
                "press-1",
                "k1",
                "speed/set",
                "text/plain",
                1,
                60,
                "answers/press-1",
                new byte[] {7},
                "42".getBytes(UTF_8));

        assertThat(send(asked).state()).isIn(CommandState.ACCEPTED, CommandState.DELIVERED);
        becomes("k1", CommandState.DELIVERED);

        assertThat(got).containsExactly("k1|42|1");
        assertThat(told("k1")).containsExactly("accepted", "delivered");
        await().untilAsserted(() -> assertThat(fixture.spooled())
                .filteredOn(m -> m.topic().equals("answers/press-1"))
                .singleElement()
                .satisfies(m -> assertThat(new String(m.payload(), UTF_8)).isEqualTo("done")));
        assertThat(fixture.spooled().stream().map(SpoolMessage::topic)).contains("$kafka/waymark.commands");
        assertThat(fixture.metric("waymark.gateway.commands", "outcome", "delivered"))
                .isEqualTo(1);
        leave(device);
    }

    @Test
    void theSameCommandAgainIsTheSameCommand() throws Exception {
        send(command("twice", "1", 1, 60));
        assertThat(send(command("twice", "1", 1, 60)).id()).isEqualTo("twice");
        assertThatThrownBy(() -> send(command("twice", "2", 1, 60)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CommandRefusedException.class)
                .hasMessageContaining("asks for something else");
        assertThat(told("twice")).containsExactly("accepted", "queued");
    }

    @Test
    void aDeviceThatIsAwayGetsItWhenItComes() throws Exception {
        assertThat(send(command("q1", "a", 1, 60)).state()).isEqualTo(CommandState.QUEUED);
        send(command("q2", "b", 2, 60));
        MqttClient device = connect(fixture, "c1", true, 0);
        device.subscribe("devices/+/commands/#", 2);
        becomes("q1", CommandState.DELIVERED);
        becomes("q2", CommandState.DELIVERED);
        assertThat(got).containsExactly("q1|a|1", "q2|b|2");
        assertThat(told("q1")).containsExactly("accepted", "queued", "delivered");
        leave(device);
    }

    @Test
    void aSessionThatIsKeptGetsItOnItsNextConnection() throws Exception {
        MqttClient first = connect(fixture, "c1", true, 300);
        first.subscribe("devices/press-1/commands/#", 2);
        leave(first);
        await().untilAsserted(() ->
                assertThat(send(command("p0", "x", 0, 60)).state()).isNotNull());
        send(command("p1", "x", 2, 60));
        MqttClient again = connect(fixture, "c1", false, 300);
        becomes("p1", CommandState.DELIVERED);
        assertThat(got).contains("p1|x|2");
        leave(again);
    }

    @Test
    void onlyOneOfItsConnectionsGetsItAndNobodyElse() throws Exception {
        fixture.gateway.devices().create("spy", "presses", Optional.of(PASSWORD));
        List<String> spied = new CopyOnWriteArrayList<>();
        MqttClient spy = new MqttClient(fixture.uri(), "spy", new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName("spy");
        options.setPassword(PASSWORD.getBytes(UTF_8));
        spy.setCallback(new Paho5Callback(message -> spied.add("x")));
        spy.connect(options);
        spy.subscribe("devices/#", 1);
        MqttClient one = connect(fixture, "c1", true, 0);
        MqttClient two = connect(fixture, "c2", true, 0);
        one.subscribe("devices/press-1/commands/#", 1);
        two.subscribe("devices/press-1/commands/#", 1);
        send(command("k", "x", 1, 60));
        becomes("k", CommandState.DELIVERED);
        assertThat(got).hasSize(1);
        assertThat(spied).isEmpty();
        leave(one);
        leave(two);
        leave(spy);
    }

    @Test
    void whatExpiresIsToldAndNeverSent() throws Exception {
        send(command("short", "x", 1, 1));
        becomes("short", CommandState.EXPIRED);
        MqttClient device = connect(fixture, "c1", true, 0);
        device.subscribe("devices/press-1/commands/#", 1);
        send(command("next", "y", 1, 60));
        becomes("next", CommandState.DELIVERED);
        assertThat(got).containsExactly("next|y|1");
        assertThat(told("short")).containsExactly("accepted", "queued", "expired");
        leave(device);
    }

    @Test
    void whoIsUnknownOrDisabledGetsNone() {
        fixture.gateway.devices().create("off", "presses", Optional.of(PASSWORD));
        fixture.gateway.devices().setEnabled("off", false);
        for (String id : new String[] {"nobody", "off"}) {
            Command to = new Command(id, "k", "", "", 1, 60, "", new byte[0], new byte[0]);
            assertThatThrownBy(() -> send(to))
                    .hasCauseInstanceOf(CommandRefusedException.class)
                    .hasMessageContaining("device " + id);
        }
        assertThat(fixture.spooled()).isEmpty();
    }

    @Test
    void commandsSurviveTheirGateway() throws Exception {
        MqttClient device = connect(fixture, "c1", true, 300);
        device.subscribe("devices/press-1/commands/#", 1);
        send(command("done", "x", 1, 600));
        becomes("done", CommandState.DELIVERED);
        leave(device);
        await().until(() -> send(command("w" + System.nanoTime(), "y", 1, 600)).state() == CommandState.QUEUED);
        send(command("waits", "z", 1, 600));

        GatewayFixture before = fixture;
        fixture = before.crashed(directory.resolve("copy"));
        before.close();
        got.clear();
        assertThat(fixture.gateway.commands().find("press-1", "done").map(CommandStatus::state))
                .contains(CommandState.DELIVERED);
        assertThat(send(command("waits", "z", 1, 600)).state()).isEqualTo(CommandState.QUEUED);
        MqttClient again = connect(fixture, "c1", false, 300);
        becomes("waits", CommandState.DELIVERED);
        assertThat(got).filteredOn(each -> each.startsWith("waits|")).hasSize(1);
        assertThat(got).noneMatch(each -> each.startsWith("done|"));
        leave(again);
    }

    @Test
    void whatASessionHeldUnacknowledgedIsNotLostWithTheGateway() throws Exception {
        try (RawClient device = new RawClient(fixture.port())) {
            device.send(RawClient.connect(4, "held", false, 0));
            assertThat(device.receive()).startsWith("2002");
            device.send(RawClient.packet(0x82, body -> {
                body.writeShort(1);
                body.writeUTF("devices/held/commands/#");
                body.write(1);
            }));
            assertThat(device.receive()).startsWith("90");
            Command command = new Command("held", "h1", "", "", 1, 600, "", new byte[0], "x".getBytes(UTF_8));
            fixture.gateway.commands().send(command).get(10, TimeUnit.SECONDS);
            assertThat(device.receive()).startsWith("32");
            GatewayFixture before = fixture;
            fixture = before.crashed(directory.resolve("copy"));
            before.close();
        }
        try (RawClient again = new RawClient(fixture.port())) {
            again.send(RawClient.connect(4, "held", false, 0));
            assertThat(again.receive()).startsWith("2002");
            String repeated = again.receive();
            assertThat(repeated).startsWith("3a");
            int at = repeated.length() - 6;
            int packetId = Integer.parseInt(repeated.substring(at, at + 4), 16);
            again.send(RawClient.packet(0x40, body -> body.writeShort(packetId)));
            await().untilAsserted(() -> assertThat(
                            fixture.gateway.commands().find("held", "h1").map(CommandStatus::state))
                    .contains(CommandState.DELIVERED));
        }
        assertThat(told("h1")).containsExactly("accepted", "delivered");
    }

    @Test
    void aTemplateWithoutDeviceIsRefused() {
        CommandLimits defaults = CommandLimits.defaults(1_000);
        for (String bad : new String[] {"commands", "a/%u/#", "$x/%u", ""}) {
            CommandLimits limits =
                    new CommandLimits(bad, defaults.expiryMax(), 1, 1, 1, 1, 1, defaults.finishedAgeMax(), true);
            assertThatThrownBy(() -> new Commands(
                            limits,
                            new Commands.Voice("g", "c", "s"),
                            fixture.spool,
                            new SessionTable(SessionLimits.defaults(), new SimpleMeterRegistry(), Clock.systemUTC())
                                    .router(),
                            routing -> {},
                            id -> Commands.Known.UNKNOWN,
                            new SimpleMeterRegistry(),
                            Clock.systemUTC()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("gateway.commands.topic");
        }
    }
}
