package io.waymark.platform.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads {@code waymark.telemetry} as any consumer would, and compares it with what was acknowledged. */
final class KafkaReadBack {
    private static final String TOPIC = "waymark.telemetry";
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Map<TopicPartition, Long> begin;

    /**
     * What was found.
     *
     * @param missing acknowledged, but not there
     * @param doubled there more than once
     * @param misplaced behind a message that its device published later, or under another key
     */
    record Report(int missing, int doubled, int misplaced) {
        boolean exact() {
            return missing == 0 && doubled == 0 && misplaced == 0;
        }
    }

    private KafkaReadBack(String bootstrapServers, Map<TopicPartition, Long> begin) {
        this.bootstrapServers = bootstrapServers;
        this.begin = begin;
    }

    /** Remembers where the topic ends now; what comes later belongs to this run. */
    static KafkaReadBack fromNow(String bootstrapServers) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServers)) {
            return new KafkaReadBack(bootstrapServers, consumer.endOffsets(partitions(consumer)));
        }
    }

    /** Reads committed messages until all of the ledger are there or the time is up, and then to the end. */
    Report compare(Ledger ledger, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrapServers)) {
            consumer.assign(begin.keySet());
            begin.forEach(consumer::seek);
            List<ConsumerRecord<String, String>> read = new ArrayList<>();
            while (read.size() < ledger.size() && System.nanoTime() - deadline < 0) {
                consumer.poll(POLL).forEach(read::add);
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(begin.keySet());
            while (behind(consumer, ends) && System.nanoTime() - deadline < 0) {
                consumer.poll(POLL).forEach(read::add);
            }
            return compare(ledger.entries(), read);
        }
    }

    private static boolean behind(KafkaConsumer<String, String> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue());
    }

    /** Decides; separate from reading, so that it can be tested. */
    static Report compare(List<Ledger.Entry> acknowledged, List<ConsumerRecord<String, String>> read) {
        Map<String, Integer> place = new HashMap<>();
        for (int i = 0; i < acknowledged.size(); i++) {
            place.put(acknowledged.get(i).payload(), i);
        }
        int[] times = new int[acknowledged.size()];
        Map<String, Integer> lastOfDevice = new HashMap<>();
        int misplaced = 0;
        for (ConsumerRecord<String, String> r : read) {
            Integer at = place.get(r.value());
            if (at == null) {
                continue; // of a device that is not in the story
            }
            times[at]++;
            String device = acknowledged.get(at).device();
            Integer before = lastOfDevice.put(device, at);
            misplaced += (before != null && before > at) || !device.equals(r.key()) ? 1 : 0;
        }
        int missing = 0;
        int doubled = 0;
        for (int n : times) {
            missing += n == 0 ? 1 : 0;
            doubled += n > 1 ? 1 : 0;
        }
        return new Report(missing, doubled, misplaced);
    }

    private static List<TopicPartition> partitions(KafkaConsumer<String, String> consumer) {
        return consumer.partitionsFor(TOPIC).stream()
                .map(p -> new TopicPartition(TOPIC, p.partition()))
                .toList();
    }

    private static KafkaConsumer<String, String> consumer(String bootstrapServers) {
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        return new KafkaConsumer<>(settings);
    }
}
