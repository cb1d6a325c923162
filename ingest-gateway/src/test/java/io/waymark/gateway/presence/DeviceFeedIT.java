package io.waymark.gateway.presence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.GatewayTopics;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.storage.device.DeviceStore;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The devices on Kafka, through an outage and a restart. */
class DeviceFeedIT {
    private static final String TOPIC = GatewayTopics.REJECTED + "-devices";

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private static List<String> told(EmbeddedKafka kafka) {
        List<String> all = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.committed(TOPIC)) {
            String type = new String(record.headers().lastHeader("ce_type").value(), UTF_8);
            all.add(new String(record.key(), UTF_8) + " " + type + (record.value() == null ? "" : " +"));
        }
        return all;
    }

    private DeviceFeed feed(DeviceStore store, EmbeddedKafka kafka) {
        return new DeviceFeed(
                store, Map.of("bootstrap.servers", kafka.bootstrap()), TOPIC, "gw", metrics, Clock.systemUTC());
    }

    @Test
    void whatChangedIsToldInTheEndAndDeletedDevicesLeaveTheTopic() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
                DeviceStore store = DeviceStore.open(directory.resolve("devices"), metrics)) {
            GatewayTopics.create(kafka, "-devices");
            DeviceRegistry registry = new DeviceRegistry(store, Clock.systemUTC());
            registry.create("oven-1", "hall", Optional.of("password"));
            registry.create("oven-2", "hall", Optional.of("password"));
            registry.delete("oven-2");
            try (DeviceFeed feed = feed(store, kafka)) {
                registry.listen(feed);
                feed.start();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> store.untold(1).isEmpty());
                assertThat(told(kafka))
                        .containsExactly("oven-1 io.waymark.device.changed +", "oven-2 io.waymark.device.deleted");
                registry.setEnabled("oven-1", false);
                await().atMost(Duration.ofSeconds(30)).until(() -> told(kafka).size() == 3);
            }
            String last = new String(kafka.committed(TOPIC).get(2).value(), UTF_8);
            assertThat(last)
                    .contains("\"enabled\":false", "\"group\":\"hall\"")
                    .doesNotContain("argon2")
                    .doesNotContain("SCRAM");
        }
    }

    @Test
    void aChangeBetweenIsNotTakenForTold() {
        try (DeviceStore store = DeviceStore.open(directory.resolve("devices"), metrics)) {
            DeviceRegistry registry = new DeviceRegistry(store, Clock.systemUTC());
            registry.create("oven-1", "hall", Optional.of("password"));
            List<DeviceStore.Untold> before = store.untold(10);
            registry.setEnabled("oven-1", false);
            store.told(before);
            assertThat(store.untold(10)).hasSize(1);
            store.told(store.untold(10));
            assertThat(store.untold(10)).isEmpty();
        }
    }
}
