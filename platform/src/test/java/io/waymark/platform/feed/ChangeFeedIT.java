package io.waymark.platform.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.forward.ForwardState;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.platform.kafka.EmbeddedKafka;
import io.waymark.platform.kafka.Topics;
import io.waymark.resolver.feed.ChangeFeed;
import io.waymark.resolver.feed.FeedConfig;
import io.waymark.storage.record.Author;
import io.waymark.storage.record.FeedPolicy;
import io.waymark.storage.record.OutboxFullException;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.testing.kafka.CommittedTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the record store to a real Kafka. */
class ChangeFeedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Author ADMIN = new Author("300:88.1/ADMIN");
    private static final byte[] SECRET = "opensesame".getBytes(UTF_8);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private EmbeddedKafka kafka;
    private RecordStore records;
    private ChangeFeed feed;

    @BeforeEach
    void start() throws Exception {
        kafka = startKafka();
        records = open();
        feed = publish(FeedConfig.Values.PUBLIC);
    }

    @AfterEach
    void stop() {
        feed.close();
        records.close();
        kafka.close();
    }

    @Test
    void aChangeBecomesACloudEventAndARemovalATombstone() throws Exception {
        put("88.1/Tea", HandleValue.text(1, "URL", "https://tea.example/", 17), secret());
        records.apply(List.of(new RecordChange.Delete(new Handle("88.1/tea"))), ADMIN)
                .join();
        List<ConsumerRecord<byte[], byte[]>> told = awaitTold(2);
        ConsumerRecord<byte[], byte[]> created = told.get(0);
        assertThat(new String(created.key(), UTF_8)).isEqualTo("88.1/TEA");
        JsonNode json = JSON.readTree(created.value());
        assertThat(json.path("handle").asText()).isEqualTo("88.1/Tea");
        assertThat(json.path("values")).hasSize(1);
        assertThat(json.at("/values/0/data/value").asText()).isEqualTo("https://tea.example/");
        String epoch = records.outbox().orElseThrow().epoch();
        assertThat(CommittedTopic.headers(created))
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", "node-a-" + epoch + "-1")
                .containsEntry("ce_source", "/waymark/resolver/node-a")
                .containsEntry("ce_type", "io.waymark.identifier.created")
                .containsEntry("ce_subject", "88.1/Tea")
                .containsEntry("content-type", "application/json")
                .containsEntry("wm_seq", "1")
                .containsEntry("wm_author", "300:88.1/ADMIN")
                .containsKey("ce_time")
                .hasSize(9);
        ConsumerRecord<byte[], byte[]> removed = told.get(1);
        assertThat(new String(removed.key(), UTF_8)).isEqualTo("88.1/TEA");
        assertThat(removed.value()).isNull();
        assertThat(CommittedTopic.headers(removed))
                .containsEntry("ce_type", "io.waymark.identifier.deleted")
                .containsEntry("wm_seq", "2")
                .doesNotContainKey("content-type");
    }

    @Test
    void secretsLeaveOnlyWhenToldTo() throws Exception {
        put("88.1/Tea", HandleValue.text(1, "URL", "https://tea.example/", 17), secret());
        for (ConsumerRecord<byte[], byte[]> record : awaitTold(1)) {
            assertThat(new String(record.value(), UTF_8)).doesNotContain("opensesame", "HS_SECKEY");
        }
        feed.close();
        feed = publish(FeedConfig.Values.ALL);
        put("88.1/Tea", HandleValue.text(1, "URL", "https://tea.example/2", 17), secret());
        assertThat(new String(awaitTold(2).get(1).value(), UTF_8)).contains("opensesame", "HS_SECKEY");
    }

    @Test
    void restartsAndABrokerThatGoesAwayLoseAndDoubleNothing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 100; i++) {
                String text = round + "-" + i;
                put("88.1/item-" + random.nextInt(10), HandleValue.text(1, "DESC", text, 17));
                expected.add(text);
            }
            if (round == 1) {
                kafka.close();
                await().atMost(PATIENCE).until(() -> feed.state() == ForwardState.BACKING_OFF);
                kafka = startKafka();
            }
            feed.close();
            records.close();
            records = open();
            feed = publish(FeedConfig.Values.PUBLIC);
        }
        List<ConsumerRecord<byte[], byte[]>> told = awaitTold(expected.size());
        for (int i = 0; i < told.size(); i++) {
            assertThat(CommittedTopic.headers(told.get(i))).as("seed " + seed).containsEntry("wm_seq", "" + (i + 1));
            assertThat(JSON.readTree(told.get(i).value())
                            .at("/values/0/data/value")
                            .asText())
                    .as("seed " + seed)
                    .isEqualTo(expected.get(i));
        }
    }

    @Test
    void whenKafkaHasForgottenEverythingIsToldAgain() throws Exception {
        put("88.1/a", HandleValue.text(1, "DESC", "a", 17));
        put("88.1/b", HandleValue.text(1, "DESC", "b", 17));
        records.apply(List.of(new RecordChange.Delete(new Handle("88.1/a"))), ADMIN)
                .join();
        awaitTold(3);
        await().atMost(PATIENCE).until(() -> records.outbox().orElseThrow().first() == 4);
        String epoch = records.outbox().orElseThrow().epoch();
        kafka.close();
        delete(dir.resolve("kafka"));
        kafka = startKafka();
        feed.close();
        feed = publish(FeedConfig.Values.PUBLIC);
        await().atMost(PATIENCE)
                .until(() -> !records.outbox().orElseThrow().epoch().equals(epoch));
        put("88.1/c", HandleValue.text(1, "DESC", "c", 17));
        List<ConsumerRecord<byte[], byte[]>> told = awaitTold(3);
        assertThat(told)
                .extracting(
                        r -> new String(r.key(), UTF_8),
                        r -> CommittedTopic.headers(r).get("ce_type"))
                .containsExactly(
                        tuple("88.1/A", "io.waymark.identifier.deleted"),
                        tuple("88.1/B", "io.waymark.identifier.found"),
                        tuple("88.1/C", "io.waymark.identifier.created"));
    }

    @Test
    void changesAreRefusedWhileTheFeedIsTooFarBehindAndNoLonger() throws Exception {
        kafka.close();
        int accepted = 0;
        while (records.outbox().orElseThrow().held() < 500) {
            put("88.1/x", HandleValue.text(1, "DESC", "" + accepted++, 17));
        }
        assertThatThrownBy(() -> put("88.1/x", HandleValue.text(1, "DESC", "too much", 17)))
                .hasCauseInstanceOf(OutboxFullException.class);
        kafka = startKafka();
        await().atMost(PATIENCE).until(() -> records.outbox().orElseThrow().held() == 0);
        put("88.1/x", HandleValue.text(1, "DESC", "" + accepted++, 17));
        assertThat(awaitTold(accepted)).hasSize(accepted);
    }

    private EmbeddedKafka startKafka() throws Exception {
        EmbeddedKafka started = EmbeddedKafka.start(
                dir.resolve("kafka"), kafka == null ? 0 : kafka.address().getPort());
        Topics.create(client(started), 1 << 20, PATIENCE);
        return started;
    }

    private static Map<String, Object> client(EmbeddedKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private RecordStore open() {
        RecordStoreConfig config =
                RecordStoreConfig.defaults(dir.resolve("records")).with(new FeedPolicy(true, 500, Duration.ZERO));
        return RecordStore.open(config, new SimpleMeterRegistry());
    }

    private ChangeFeed publish(FeedConfig.Values values) {
        metrics.clear();
        FeedConfig defaults = FeedConfig.defaults(Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "max.block.ms", "4000",
                "delivery.timeout.ms", "3000",
                "request.timeout.ms", "2000"));
        FeedConfig config = new FeedConfig(
                "node-a",
                defaults.client(),
                defaults.topic(),
                defaults.progressTopic(),
                50,
                Duration.ofMillis(5),
                values);
        return ChangeFeed.start(config, records.outbox().orElseThrow(), metrics, Clock.systemUTC());
    }

    private void put(String handle, HandleValue... values) {
        records.apply(List.of(new RecordChange.Put(new Handle(handle), List.of(values), List.of())), ADMIN)
                .join();
    }

    private static HandleValue secret() {
        return new HandleValue(300, "HS_SECKEY", SECRET, TimeToLive.DAY, 17, Permissions.ADMIN_ONLY, List.of());
    }

    private List<ConsumerRecord<byte[], byte[]>> awaitTold(int count) {
        await().atMost(PATIENCE)
                .until(() -> feed.published() == records.outbox().orElseThrow().last());
        List<ConsumerRecord<byte[], byte[]>> told =
                new ArrayList<>(CommittedTopic.read(kafka.bootstrapServers(), "waymark.identifiers"));
        assertThat(told).hasSize(count);
        told.sort(Comparator.comparingLong(r -> Long.parseLong(CommittedTopic.required(r, "wm_seq"))));
        return told;
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
