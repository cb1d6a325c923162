package io.waymark.gateway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waymark.gateway.forward.DirectRecord;
import io.waymark.gateway.forward.RecordOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads what Kafka holds of one gateway and epoch, committed records only, from the topics' beginning to their end as of now. */
public final class KafkaScan {
    private static final int PARTITIONS_MAX = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);
    /** A transaction somebody left open is ended by the broker within its timeout, a minute by default. */
    private static final Duration STALL_MAX = Duration.ofSeconds(90);

    /** Told how far the scan is. */
    public interface Progress {
        /** So many of so many records are read. */
        void at(long read, long total);
    }

    private final Map<String, Object> client;
    private final String telemetryTopic;
    private final String rejectedTopic;

    /**
     * For one cluster.
     *
     * @param client Kafka client settings, at least {@code bootstrap.servers}
     * @param telemetryTopic where device messages are
     * @param rejectedTopic where refused ones are
     */
    public KafkaScan(Map<String, Object> client, String telemetryTopic, String rejectedTopic) {
        this.client = Map.copyOf(client);
        this.telemetryTopic = telemetryTopic;
        this.rejectedTopic = rejectedTopic;
    }

    /**
     * Tells the check every record.
     *
     * @throws TimeoutException if Kafka does not answer, or an open transaction hides the end for more than 90 seconds
     */
    public void run(LedgerCheck check, Progress progress) {
        Map<TopicPartition, Long> ends = ends();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(ends.keySet(), TIMEOUT);
            long oldest = oldestKept(consumer, begins, ends);
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            Records records = new Records(check, oldest);
            long total = total(begins, ends);
            long stalledAt = System.nanoTime();
            long before = -1;
            while (true) {
                consumer.poll(POLL).forEach(records::take);
                Map<TopicPartition, Long> at = positions(consumer, ends.keySet());
                long read = total(begins, at);
                progress.at(Math.min(read, total), total);
                if (behind(ends, at).isEmpty()) {
                    return;
                }
                if (read != before) {
                    before = read;
                    stalledAt = System.nanoTime();
                } else if (System.nanoTime() - stalledAt > STALL_MAX.toNanos()) {
                    throw new TimeoutException("a transaction open in " + behind(ends, at)
                            + " hides what is behind it, for more than " + STALL_MAX.toSeconds() + " s");
                }
            }
        }
    }

    private Map<TopicPartition, Long> ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            List<TopicPartition> partitions = new ArrayList<>();
            List<String> topics = new ArrayList<>(List.of(telemetryTopic, rejectedTopic));
            Set<String> existing = consumer.listTopics(TIMEOUT).keySet();
            DirectRecord.TOPICS.stream().filter(existing::contains).forEach(topics::add);
            for (String topic : topics) {
                consumer.partitionsFor(topic, TIMEOUT)
                        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            }
            return new HashMap<>(consumer.endOffsets(partitions, TIMEOUT));
        }
    }

    /**
     * Records with this timestamp or a later one are all there; older ones may have been deleted in one partition while
     * another has them.
     */
    private static long oldestKept(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        long oldest = Long.MIN_VALUE;
        for (Map.Entry<TopicPartition, Long> begin : begins.entrySet()) {
            if (begin.getValue() > 0 && begin.getValue() < ends.getOrDefault(begin.getKey(), 0L)) {
                oldest = Math.max(oldest, firstTimestamp(consumer, begin.getKey()));
            }
        }
        return oldest;
    }

    private static long firstTimestamp(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return record.timestamp();
            }
        }
        return Long.MIN_VALUE;
    }

    private static Map<TopicPartition, Long> positions(
            KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> at = new HashMap<>();
        partitions.forEach(partition -> at.put(partition, consumer.position(partition, TIMEOUT)));
        return at;
    }

    private static long total(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
                .sum();
    }

    private static List<TopicPartition> behind(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> at) {
        return ends.keySet().stream()
                .filter(partition -> at.getOrDefault(partition, 0L) < ends.getOrDefault(partition, 0L))
                .toList();
    }

    /** Picks the records of one gateway and epoch. */
    private final class Records {
        private final LedgerCheck check;
        private final long oldestKept;
        private final RecordOrigin origin;

        Records(LedgerCheck check, long oldestKept) {
            this.check = check;
            this.oldestKept = oldestKept;
            this.origin =
                    new RecordOrigin(check.node().gatewayId(), check.node().epoch());
        }

        void take(ConsumerRecord<byte[], byte[]> record) {
            boolean rejected = record.topic().equals(rejectedTopic);
            long position = origin.positionOf(record);
            if (position == 0 || (rejected && !origin.isRejectedHere(record))) {
                return;
            }
            String group = header(record, "wm_group");
            String number = header(record, "wm_group_seq");
            check.record(
                    rejected ? LedgerCheck.Found.REJECTED : LedgerCheck.Found.FORWARDED,
                    partition(record),
                    position,
                    group == null ? "" : group,
                    number == null ? 0 : Long.parseLong(number),
                    record.timestamp() < oldestKept);
        }

        /** Partitions of several topics, kept apart. */
        private static int partition(ConsumerRecord<byte[], byte[]> record) {
            return record.partition() + (1 + DirectRecord.TOPICS.indexOf(record.topic())) * PARTITIONS_MAX;
        }

        private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : new String(header.value(), UTF_8);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return new KafkaConsumer<>(config);
    }
}
