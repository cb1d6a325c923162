package io.waymark.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waymark.forward.ForwardProgress.Mark;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One transactional producer, from the moment it owns the transactional id to the first error; then it is closed and a new one
 * is made. Forwarder thread.
 */
final class TransactionLink implements AutoCloseable {
    /** Room for headers beside the largest entry. */
    private static final int OVERHEAD_BYTES = 128 * 1024;

    private final ForwardSettings settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final byte[] progressKey;
    private final Map<Integer, Long> progressOffsets = new HashMap<>();
    /** Where entries went; written by the producer's thread, in the order of each partition. */
    private final Map<TopicPartition, Mark> marks = new ConcurrentHashMap<>();

    private TransactionLink(ForwardSettings settings, KafkaProducer<byte[], byte[]> producer) {
        this.settings = settings;
        this.producer = producer;
        this.progressKey = settings.id().getBytes(UTF_8);
    }

    /** Takes the transactional id: open transactions of an earlier run are ended, an earlier owner is fenced. */
    static TransactionLink open(ForwardSettings settings) {
        TransactionLink link = new TransactionLink(settings, new KafkaProducer<>(config(settings)));
        boolean ready = false;
        try {
            link.producer.initTransactions();
            ready = true;
            return link;
        } finally {
            if (!ready) {
                link.close();
            }
        }
    }

    static Map<String, Object> config(ForwardSettings settings) {
        Map<String, Object> config = new HashMap<>();
        int request = settings.entryBytesMax() + OVERHEAD_BYTES;
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        // The headers of one device's messages are nearly the same, and as large as a small payload.
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(64L << 20, 4L * request));
        config.put(ProducerConfig.CLIENT_ID_CONFIG, settings.thread() + "-" + settings.id());
        config.putAll(settings.client());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.id());
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(1 << 20, request));
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    /** Entries and progress in one transaction; returns when it is committed. */
    void commit(List<ForwardSource.Entry> entries, ForwardProgress progress) {
        begin(entries).commit(progress);
    }

    /** A transaction whose entries are on their way. */
    final class Begun {
        private final AtomicReference<@Nullable RuntimeException> failure;

        private Begun(AtomicReference<@Nullable RuntimeException> failure) {
            this.failure = failure;
        }

        /**
         * As {@link #commit}, but only when it is known where the entries are: progress tells.
         *
         * @param progress from the places where the last entries of partitions are
         */
        void commitMarked(Function<Map<TopicPartition, Mark>, ForwardProgress> progress) {
            producer.flush();
            throwFailure();
            commit(progress.apply(Map.copyOf(marks)));
        }

        private void throwFailure() {
            RuntimeException first = failure.get();
            if (first != null) {
                throw first;
            }
        }

        /** Returns when entries and progress are committed. */
        void commit(ForwardProgress progress) {
            throwFailure();
            Future<RecordMetadata> noted =
                    producer.send(new ProducerRecord<>(settings.progressTopic(), progressKey, progress.toJson()));
            try {
                producer.flush();
                if (failure.get() == null) {
                    notGoneBack(noted);
                }
                producer.commitTransaction();
            } catch (RuntimeException e) {
                throw failure.get() instanceof OversizeException cause ? cause : e;
            }
        }
    }

    /**
     * A broker that was restored, or lost its tail, between two of our transactions may take the next one without complaint, and
     * then what it lost would never be sent again: the place where progress lands gives it away.
     */
    private void notGoneBack(Future<RecordMetadata> noted) {
        try {
            RecordMetadata at = noted.get();
            long before = progressOffsets.getOrDefault(at.partition(), -1L);
            if (at.offset() <= before) {
                throw new KafkaException(settings.progressTopic() + " has gone back from offset " + before + " to "
                        + at.offset() + ": the broker lost what it had committed");
            }
            progressOffsets.put(at.partition(), at.offset());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
        }
    }

    /** Where the last entries of partitions are, beside those this link sent. */
    void marked(Map<TopicPartition, Mark> known) {
        marks.putAll(known);
    }

    /** The last entries of partitions; call it between transactions. */
    Map<TopicPartition, Mark> marks() {
        return Map.copyOf(marks);
    }

    /** How many connections to brokers have been lost: each may mean that a broker was restarted. */
    double connectionsLost() {
        return producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("connection-close-total")
                        && metric.getKey().group().equals("producer-metrics"))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .sum();
    }

    /** Sends these entries in a transaction that is still to be committed; does not wait for them. */
    Begun begin(List<ForwardSource.Entry> entries) {
        return new Begun(send(entries));
    }

    /**
     * Begins a transaction with these entries; notes the first that failed and sends none after it. Without a leader to send
     * to, each would wait its full time, one after the other.
     */
    private AtomicReference<@Nullable RuntimeException> send(List<ForwardSource.Entry> entries) {
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        producer.beginTransaction();
        for (ForwardSource.Entry entry : entries) {
            producer.send(entry.record(), (metadata, error) -> {
                if (error != null) {
                    failure.compareAndSet(null, failure(entry, error));
                } else {
                    marks.put(
                            new TopicPartition(metadata.topic(), metadata.partition()),
                            new Mark(metadata.offset(), entry.position()));
                }
            });
            if (failure.get() != null) {
                break;
            }
        }
        return failure;
    }

    private static RuntimeException failure(ForwardSource.Entry entry, Exception error) {
        if (error instanceof RecordTooLargeException) {
            return new OversizeException(entry, error);
        }
        return error instanceof KafkaException known ? known : new KafkaException(error);
    }

    /** Without waiting: what is not committed by now is aborted by the next owner of the transactional id. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    /** Kafka does not take a record of that size. */
    static final class OversizeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ForwardSource.Entry entry;

        OversizeException(ForwardSource.Entry entry, Throwable cause) {
            super(
                    "entry " + entry.position() + " with key "
                            + new String(entry.record().key(), UTF_8) + " and "
                            + entry.bytes() + " octets is larger than topic "
                            + entry.record().topic() + " takes: raise its max.message.bytes",
                    cause);
            this.entry = entry;
        }

        ForwardSource.Entry entry() {
            return entry;
        }
    }
}
