package io.waymark.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything committed on a topic, as a consumer sees it that reads nothing else. */
public final class CommittedTopic {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(500);

    private CommittedTopic() {}

    /** All of {@link #visit}, in memory. */
    public static List<ConsumerRecord<byte[], byte[]>> read(String bootstrapServers, String topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        visit(bootstrapServers, topic, found::add);
        return found;
    }

    /**
     * Reads from the beginning to the end of every partition as it is now. A commit is answered before its marks stand in all
     * partitions, so the end is that of everything written, and committed reading waits until it gets there.
     */
    public static void visit(String bootstrapServers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        visit(bootstrapServers, topic, "read_committed", visitor);
    }

    /** Everything written, committed or not, in memory. */
    static List<ConsumerRecord<byte[], byte[]>> written(String bootstrapServers, String topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        visit(bootstrapServers, topic, "read_uncommitted", found::add);
        return found;
    }

    private static void visit(
            String bootstrapServers, String topic, String isolation, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        Map<TopicPartition, Long> ends = ends(bootstrapServers, topic);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, isolation)) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(p -> consumer.position(p.getKey(), PATIENCE) < p.getValue())) {
                assertThat(System.nanoTime())
                        .as("%s read to its end in time", topic)
                        .isLessThan(deadline);
                consumer.poll(POLL).forEach(visitor);
            }
        }
    }

    private static Map<TopicPartition, Long> ends(String bootstrapServers, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, "read_uncommitted")) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, PATIENCE).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            return consumer.endOffsets(partitions, PATIENCE);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers, String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A header's text. */
    public static Optional<String> header(ConsumerRecord<byte[], byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return Optional.ofNullable(header).map(h -> new String(h.value(), StandardCharsets.UTF_8));
    }

    /** All headers. */
    public static Map<String, String> headers(ConsumerRecord<byte[], byte[]> message) {
        Map<String, String> headers = new HashMap<>();
        message.headers().forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    /** A header that must be there. */
    public static String required(ConsumerRecord<byte[], byte[]> message, String name) {
        return header(message, name).orElseThrow(() -> new AssertionError("no header " + name + " in " + message));
    }
}
