package io.waymark.trace.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until topics exist. Kafka Streams gives up when a source topic is missing; we would rather be early than wrong.
 */
public final class TopicsAwait {
    private static final Logger LOG = LoggerFactory.getLogger(TopicsAwait.class);
    private static final Duration ASK_EVERY = Duration.ofMillis(250);
    private static final Duration RECONNECT_EVERY = Duration.ofSeconds(2);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Duration LOG_EVERY = Duration.ofSeconds(10);

    private TopicsAwait() {}

    /**
     * Blocks until all topics exist.
     *
     * @param client Kafka client settings
     * @param topics names
     * @param cancelled asked now and then; an interrupt cancels as well
     * @return false when cancelled
     */
    public static boolean untilPresent(Map<String, Object> client, List<String> topics, BooleanSupplier cancelled) {
        Map<String, Object> settings = client.entrySet().stream()
                .filter(e -> AdminClientConfig.configNames().contains(e.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        try {
            while (!cancelled.getAsBoolean()) {
                try (Admin admin = Admin.create(settings)) {
                    return poll(admin, topics, cancelled);
                } catch (KafkaException e) {
                    // for example: the broker's name is not known to the name service yet
                    LOG.info("traceability waits for Kafka at {}: {}", settings.get("bootstrap.servers"), e.toString());
                    TimeUnit.NANOSECONDS.sleep(RECONNECT_EVERY.toNanos());
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean poll(Admin admin, List<String> topics, BooleanSupplier cancelled)
            throws InterruptedException {
        long lastLog = System.nanoTime() - LOG_EVERY.toNanos();
        while (!cancelled.getAsBoolean()) {
            String missing = missing(admin, topics);
            if (missing.isEmpty()) {
                return true;
            }
            if (System.nanoTime() - lastLog >= LOG_EVERY.toNanos()) {
                LOG.info("traceability waits for {}", missing);
                lastLog = System.nanoTime();
            }
            TimeUnit.NANOSECONDS.sleep(ASK_EVERY.toNanos());
        }
        return false;
    }

    /** What is missing, in words; empty when nothing is. */
    private static String missing(Admin admin, List<String> topics) throws InterruptedException {
        try {
            Set<String> present = admin.listTopics().names().get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
            List<String> absent =
                    topics.stream().filter(t -> !present.contains(t)).toList();
            return absent.isEmpty() ? "" : "topics " + String.join(", ", absent);
        } catch (ExecutionException | TimeoutException e) {
            return "Kafka to answer";
        }
    }
}
