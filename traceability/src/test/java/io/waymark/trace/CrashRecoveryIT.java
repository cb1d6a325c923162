package io.waymark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.testing.JavaProcess;
import io.waymark.testing.kafka.EmbeddedKafka;
import io.waymark.trace.query.NotReadyException;
import io.waymark.trace.timeline.ItemTimeline;
import io.waymark.trace.timeline.TimelineEntry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it works loses nothing and repeats nothing. */
class CrashRecoveryIT {
    private static final int ITEMS = 20;
    private static final int KILLS = 3;
    private static final long SEED = 20261122;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Instant FIRST = Instant.parse("2026-11-22T00:00:00Z");

    @TempDir
    Path directory;

    private int published;

    @Test
    void everyMessageIsOneEventAfterAnyNumberOfKills() throws Exception {
        Random random = new Random(SEED);
        Path state = directory.resolve("state");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            Topics.create(kafka.bootstrap());
            for (int kill = 0; kill < KILLS; kill++) {
                Process process = fork(kafka.bootstrap(), state);
                int before = Topics.eventIds(kafka.bootstrap()).size();
                publishUntil(
                        kafka.bootstrap(),
                        () -> Topics.eventIds(kafka.bootstrap()).size() > before);
                publish(kafka.bootstrap(), 200 + random.nextInt(400));
                process.destroyForcibly().waitFor();
            }
            verify(kafka.bootstrap(), state);
        }
    }

    /** So that every kill meets a process at work. */
    private void publishUntil(String bootstrap, java.util.concurrent.Callable<Boolean> working) {
        await().atMost(SOON).until(() -> {
            publish(bootstrap, 20);
            return working.call();
        });
    }

    private void publish(String bootstrap, int count) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++, published++) {
                String item = "88.118.8/ITEM-" + published % ITEMS;
                String payload = "{\"code\":\"%s\",\"time\":\"%s\"}".formatted(item, FIRST.plusSeconds(published));
                producer.send(new ProducerRecord<>("waymark.telemetry", "device-" + published % 7, payload));
            }
        }
    }

    private void verify(String bootstrap, Path state) throws Exception {
        TraceConfig config = new TraceConfig(
                Map.of("bootstrap.servers", bootstrap),
                "waymark-crash",
                state,
                TraceConfig.Topics.defaults(),
                List.of());
        try (Traceability traceability = Traceability.start(config, new SimpleMeterRegistry(), Clock.systemUTC())) {
            await().atMost(SOON)
                    .ignoreException(NotReadyException.class)
                    .until(() -> eventsInTimelines(traceability) >= published);

            assertThat(eventsInTimelines(traceability)).as("seed " + SEED).isEqualTo(published);
            assertThat(Topics.eventIds(bootstrap))
                    .as("seed " + SEED)
                    .hasSize(published)
                    .doesNotHaveDuplicates();
        }
    }

    private static int eventsInTimelines(Traceability traceability) throws Exception {
        int events = 0;
        for (int item = 0; item < ITEMS; item++) {
            ItemTimeline timeline = traceability.timeline("88.118.8/ITEM-" + item, 10_000);
            assertThat(timeline.events()).extracting(TimelineEntry::eventTime).isSorted();
            events += timeline.events().size();
        }
        return events;
    }

    private static Process fork(String bootstrap, Path state) throws IOException {
        return JavaProcess.of(TraceabilityProcess.class, bootstrap, state.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(state.toFile() + ".log"))
                .start();
    }
}
