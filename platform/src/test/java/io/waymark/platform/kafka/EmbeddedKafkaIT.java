package io.waymark.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void whatWasSentIsThereAfterARestartOnTheSamePort() throws Exception {
        String first;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
            first = kafka.bootstrapServers();
            Topics.create(client(kafka), 1 << 20, TIMEOUT);
            send(kafka, "one");
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
            assertThat(kafka.bootstrapServers()).isEqualTo(first);
            Topics.create(client(kafka), 1 << 20, TIMEOUT);
            send(kafka, "two");
            assertThat(readAll(kafka, 2)).containsExactly("one", "two");
        }
    }

    @Test
    void movesToAnotherControllerPortWhenTheRememberedOneIsTaken() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
            Topics.create(client(kafka), 1 << 20, TIMEOUT);
            send(kafka, "one");
        }
        int controller = Integer.parseInt(Files.readAllLines(dir.resolve("ports")).stream()
                .filter(line -> line.startsWith("controller="))
                .findFirst()
                .orElseThrow()
                .substring("controller=".length()));
        try (ServerSocket taken = new ServerSocket(controller, 1, InetAddress.getByName("127.0.0.1"));
                EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
            assertThat(taken.isBound()).isTrue();
            send(kafka, "two");
            assertThat(readAll(kafka, 2)).containsExactly("one", "two");
        }
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(dir, taken.getLocalPort()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("kafka.embedded.port");
        }
    }

    @Test
    void topicsHaveTheSettingsOfTheDesignAndGrowWithTheLargestMessage() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0);
                Admin admin = Admin.create(client(kafka))) {
            Topics.create(client(kafka), 1 << 20, TIMEOUT);
            Topics.create(client(kafka), 8 << 20, TIMEOUT);

            assertThat(partitions(admin))
                    .isEqualTo(Map.of(
                            "waymark.telemetry", 4,
                            "waymark.observations", 4,
                            "waymark.events", 4,
                            "waymark.rejected", 1,
                            "waymark.identifiers", 4,
                            "waymark.presence", 4,
                            "waymark.devices", 1,
                            "waymark.commands", 4,
                            "waymark.command-status", 4,
                            "waymark.progress", 1));
            assertThat(setting(admin, "waymark.telemetry", "retention.ms")).isEqualTo("604800000");
            assertThat(setting(admin, "waymark.events", "retention.ms")).isEqualTo("-1");
            assertThat(setting(admin, "waymark.progress", "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(admin, "waymark.identifiers", "cleanup.policy")).isEqualTo("compact");
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(Integer.parseInt(setting(admin, "waymark.telemetry", "max.message.bytes")))
                                    .isGreaterThan(8 << 20));
        }
    }

    private static Map<String, Integer> partitions(Admin admin) throws Exception {
        Set<String> names = admin.listTopics().names().get();
        return admin.describeTopics(names).allTopicNames().get().values().stream()
                .collect(Collectors.toMap(
                        TopicDescription::name, topic -> topic.partitions().size()));
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Collection<Config> only =
                admin.describeConfigs(List.of(resource)).all().get().values();
        return only.iterator().next().get(name).value();
    }

    private static Map<String, Object> client(EmbeddedKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static void send(EmbeddedKafka kafka, String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(kafka), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("waymark.rejected", "key", value))
                    .get();
        }
    }

    private static List<String> readAll(EmbeddedKafka kafka, int count) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client(kafka), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> only = List.of(new TopicPartition("waymark.rejected", 0));
            consumer.assign(only);
            consumer.seekToBeginning(only);
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()));
            }
            return values;
        }
    }
}
