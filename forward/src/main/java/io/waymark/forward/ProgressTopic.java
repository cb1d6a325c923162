package io.waymark.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads where this forwarder got to. Reads to the very end: others may have transactions open in the same partition, and
 * what we committed behind their beginning becomes visible only when they end.
 */
final class ProgressTopic {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressTopic.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    /** A transaction somebody left open is ended by the broker within its timeout, a minute by default. */
    private static final Duration READ_MAX = Duration.ofSeconds(90);
    /** An end unread for so long may be behind a transaction that hangs for ever. */
    private static final Duration LOOK_AFTER = Duration.ofSeconds(5);

    private final ForwardSettings settings;

    ProgressTopic(ForwardSettings settings) {
        this.settings = settings;
    }

    /** The topics that do not exist; empty when all do. */
    List<String> missing() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            return List.of(settings.topic(), settings.progressTopic()).stream()
                    .filter(topic -> partitions(consumer, topic).isEmpty())
                    .toList();
        }
    }

    /**
     * The last committed progress of this forwarder.
     *
     * @throws TimeoutException when the end cannot be read in time
     */
    Optional<ForwardProgress> read() {
        Map<TopicPartition, Long> ends = ends();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            return last(consumer, ends);
        }
    }

    private Map<TopicPartition, Long> ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            return ends(consumer, partitions(consumer, settings.progressTopic()));
        }
    }

    private static Map<TopicPartition, Long> ends(
            KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        return new HashMap<>(consumer.endOffsets(partitions, TIMEOUT));
    }

    /** Whether a broker may lose what it has committed in the topic of the entries. */
    boolean isWithoutReplicas() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            return consumer.partitionsFor(settings.topic(), TIMEOUT).stream()
                    .anyMatch(partition -> partition.replicas().length < 2);
        }
    }

    /** Of those topics that exist. */
    List<TopicPartition> partitionsOf(Collection<String> topics) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            Set<String> existing = consumer.listTopics(TIMEOUT).keySet();
            return topics.stream()
                    .filter(existing::contains)
                    .flatMap(topic -> partitions(consumer, topic).stream())
                    .toList();
        }
    }

    /**
     * Reads records up to the ends of now.
     *
     * @param isolation as Kafka calls it
     */
    TailAudit.LogReader reader(Collection<TopicPartition> partitions, String isolation) {
        Map<TopicPartition, Long> ends;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            ends = ends(consumer, partitions);
        }
        return new TailAudit.LogReader(consumer(isolation), ends, () -> endWhatHangs(ends.keySet()));
    }

    private void endWhatHangs(Collection<TopicPartition> partitions) {
        Set<String> topics = new HashSet<>(Set.of(settings.topic(), settings.progressTopic()));
        partitions.forEach(at -> topics.add(at.topic()));
        endWhatHangsIn(topics);
    }

    private Optional<ForwardProgress> last(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        Optional<ForwardProgress> found = Optional.empty();
        long begin = System.nanoTime();
        boolean looked = false;
        while (true) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                byte[] key = record.key();
                byte[] value = record.value();
                if (key != null && value != null && settings.id().equals(new String(key, UTF_8))) {
                    found = Optional.of(ForwardProgress.fromJson(value));
                }
            }
            if (ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), TIMEOUT) >= end.getValue())) {
                return found;
            }
            long waited = System.nanoTime() - begin;
            if (waited > READ_MAX.toNanos()) {
                throw new TimeoutException("end of " + settings.progressTopic() + " not readable within "
                        + READ_MAX.toSeconds() + " s: a transaction is open in it");
            }
            if (!looked && waited > LOOK_AFTER.toNanos()) {
                looked = true;
                endWhatHangs();
            }
        }
    }

    /** Also in the topic of the entries: what hangs in one hangs in both. */
    void endWhatHangs() {
        endWhatHangsIn(Set.of(settings.topic(), settings.progressTopic()));
    }

    private void endWhatHangsIn(Set<String> topics) {
        try {
            HangingTransactions.end(settings.client(), topics::contains, TIMEOUT);
        } catch (ExecutionException | java.util.concurrent.TimeoutException | IOException | KafkaException e) {
            LOG.warn("cannot look for hanging transactions: {}", e.toString());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic, TIMEOUT);
        return found == null
                ? List.of()
                : found.stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        Map<String, Object> config = new HashMap<>(settings.client());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, settings.id() + "-progress");
        return new KafkaConsumer<>(config);
    }
}
