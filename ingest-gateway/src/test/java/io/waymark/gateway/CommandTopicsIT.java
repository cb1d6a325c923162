package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.command.Command;
import io.waymark.gateway.command.CommandState;
import io.waymark.gateway.command.CommandStatus;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that come over Kafka, and what is told there, with a real broker. */
class CommandTopicsIT {
    private static final String COMMANDS = "waymark.commands";
    private static final String STATUS = "waymark.command-status";
    private static final String PASSWORD = "right-password";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;

    private final List<String> got = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() throws Exception {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        GatewayTopics.create(kafka, "");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(COMMANDS, 2, (short) 1), new NewTopic(STATUS, 2, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    private static GatewayFixture gateway(String name) {
        return new GatewayFixture(directory.resolve(name), GatewayFixture.config(kafka.bootstrap(), ""));
    }

    private void put(String device, String payload, String... headers) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(COMMANDS, device.getBytes(UTF_8), payload.getBytes(UTF_8));
            for (int i = 0; i < headers.length; i += 2) {
                record.headers().add(headers[i], headers[i + 1].getBytes(UTF_8));
            }
            producer.send(record).get(30, TimeUnit.SECONDS);
        }
    }

    private MqttClient connected(GatewayFixture to, String device) throws Exception {
        MqttClient client = new MqttClient(to.uri(), device, new MemoryPersistence());
        client.setCallback(new Paho5Callback(
                message -> got.add(new String(message.getPayload(), UTF_8) + "|" + message.getQos())));
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(device);
        options.setPassword(PASSWORD.getBytes(UTF_8));
        client.connect(options);
        client.subscribe("devices/" + device + "/commands/#", 2);
        return client;
    }

    private static List<String> told(String device) {
        return kafka.committed(STATUS).stream()
                .filter(record -> new String(record.key(), UTF_8).equals(device))
                .map(record -> header(record, "ce_subject") + " "
                        + header(record, "ce_type").replace("io.waymark.command.", ""))
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void aCommandOnKafkaReachesTheDeviceOnceAlsoAcrossARestart() throws Exception {
        try (GatewayFixture fixture = gateway("one")) {
            fixture.gateway.devices().create("mill", "g", Optional.of(PASSWORD));
            MqttClient device = connected(fixture, "mill");
            put("mill", "bare");
            put("mill", "full", "wm_command", "k1", "ce_subject", "speed", "wm_qos", "2", "wm_expiry", "600");
            put("mill", "full", "wm_command", "k1", "ce_subject", "speed", "wm_qos", "2", "wm_expiry", "600");
            put("mill", "bad", "wm_command", "k2", "wm_qos", "many");
            put("nobody", "x", "wm_command", "k3");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told("mill")).contains("k1 delivered"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told("nobody")).containsExactly("k3 refused"));
            device.disconnect();
            device.close();
            fixture.restart();
            MqttClient again = connected(fixture, "mill");
            put("mill", "later", "wm_command", "k4");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told("mill")).contains("k4 delivered"));
            assertThat(got).containsExactlyInAnyOrder("bare|1", "full|2", "later|1");
            assertThat(told("mill"))
                    .filteredOn(each -> each.startsWith("k1"))
                    .containsExactly("k1 accepted", "k1 delivered");
            again.disconnect();
            again.close();
        }
    }

    @Test
    void aCommandOfThisGatewayIsOnKafkaOnceAndNotTakenAgain() throws Exception {
        try (GatewayFixture fixture = gateway("own")) {
            fixture.gateway.devices().create("saw", "g", Optional.of(PASSWORD));
            fixture.gateway
                    .commands()
                    .send(new Command("saw", "own-1", "", "", 1, 600, "", new byte[] {1, 2}, "x".getBytes(UTF_8)))
                    .get(10, TimeUnit.SECONDS);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told("saw")).containsExactly("own-1 accepted", "own-1 queued"));
            MqttClient device = connected(fixture, "saw");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told("saw"))
                            .containsExactly("own-1 accepted", "own-1 queued", "own-1 delivered"));
            assertThat(kafka.committed(COMMANDS))
                    .filteredOn(record -> new String(record.key(), UTF_8).equals("saw"))
                    .singleElement()
                    .satisfies(
                            record -> assertThat(header(record, "wm_command")).isEqualTo("own-1"));
            assertThat(got).containsExactly("x|1");
            device.disconnect();
            device.close();
        }
    }

    @Test
    void whatAnotherGatewayDeliveredIsNotDeliveredHere() throws Exception {
        try (GatewayFixture fixture = gateway("other")) {
            fixture.gateway.devices().create("roamer", "g", Optional.of(PASSWORD));
            put("roamer", "x", "wm_command", "r1");
            await().atMost(PATIENCE)
                    .until(() -> fixture.gateway
                            .commands()
                            .find("roamer", "r1")
                            .map(CommandStatus::state)
                            .filter(CommandState.QUEUED::equals)
                            .isPresent());
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", kafka.bootstrap()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                ProducerRecord<byte[], byte[]> delivered =
                        new ProducerRecord<>(STATUS, "roamer".getBytes(UTF_8), "{}".getBytes(UTF_8));
                delivered
                        .headers()
                        .add("ce_type", "io.waymark.command.delivered".getBytes(UTF_8))
                        .add("ce_subject", "r1".getBytes(UTF_8))
                        .add("wm_gateway", "gateway-elsewhere".getBytes(UTF_8));
                producer.send(delivered).get(30, TimeUnit.SECONDS);
            }
            await().atMost(PATIENCE)
                    .until(() -> fixture.gateway
                            .commands()
                            .find("roamer", "r1")
                            .map(CommandStatus::state)
                            .filter(CommandState.DELIVERED::equals)
                            .isPresent());
            MqttClient device = connected(fixture, "roamer");
            put("roamer", "y", "wm_command", "r2");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(got).contains("y|1"));
            assertThat(got).containsExactly("y|1");
            device.disconnect();
            device.close();
        }
    }
}
