package io.waymark.platform.kafka;

import io.waymark.resolver.feed.ChangeFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics the services count on. Creating is idempotent: topics that exist keep their settings, except that their
 * largest message grows when the gateway accepts larger ones.
 */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final String MAX_MESSAGE_BYTES = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

    /** Headers and derived fields around a device's payload. */
    private static final int ENVELOPE_BYTES = 256 << 10;

    /**
     * One topic.
     *
     * @param name its name
     * @param partitions how many
     * @param settings beside the largest message
     * @param messageBytes it takes messages as large as this, or as the largest device message
     */
    record Topic(String name, int partitions, Map<String, String> settings, int messageBytes) {
        Topic(String name, int partitions, Map<String, String> settings) {
            this(name, partitions, settings, 1 << 20);
        }

        int messageBytesMax(int payloadBytesMax) {
            return Math.max(messageBytes, payloadBytesMax) + ENVELOPE_BYTES;
        }
    }

    private static final List<Topic> ALL = List.of(
            new Topic("waymark.telemetry", 4, kept(Duration.ofDays(7))),
            new Topic("waymark.observations", 4, kept(Duration.ofDays(30))),
            new Topic("waymark.events", 4, Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")),
            new Topic("waymark.presence", 4, kept(Duration.ofDays(7))),
            new Topic("waymark.devices", 1, compactedForReplicas()),
            new Topic("waymark.rejected", 1, kept(Duration.ofDays(30))),
            new Topic("waymark.identifiers", 4, compactedForReplicas(), ChangeFeed.RECORD_BYTES_MAX),
            new Topic("waymark.commands", 4, kept(Duration.ofDays(7))),
            new Topic("waymark.command-status", 4, kept(Duration.ofDays(30))),
            new Topic("waymark.progress", 1, compacted()));

    private Topics() {}

    /**
     * Creates what is absent.
     *
     * @param client settings for the connection, at least {@code bootstrap.servers}
     * @param payloadBytesMax the largest device message
     * @param timeout for all of it
     * @throws TimeoutException if the cluster does not answer in time
     * @throws ExecutionException if the cluster refuses
     */
    public static void create(Map<String, Object> client, int payloadBytesMax, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        settings.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(Math.min(30_000, timeout.toMillis())));
        try (Admin admin = Admin.create(settings)) {
            int brokers = await(admin.describeCluster().nodes(), deadline).size();
            List<String> old = createAbsent(admin, payloadBytesMax, brokers, deadline);
            int grown = old.isEmpty() ? 0 : growMessages(admin, old, payloadBytesMax, deadline);
            if (old.size() < ALL.size() || grown > 0) {
                LOG.info(
                        "Topics: {} created with {} replicas, {} made to take larger messages",
                        ALL.size() - old.size(),
                        replicas(brokers),
                        grown);
            }
        }
    }

    /** Returns the names of those that existed: only they may have other settings, and only they can be asked at once. */
    private static List<String> createAbsent(Admin admin, int payloadBytesMax, int brokers, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<NewTopic> topics =
                ALL.stream().map(t -> newTopic(t, payloadBytesMax, brokers)).toList();
        List<String> old = new ArrayList<>();
        for (Map.Entry<String, KafkaFuture<Void>> creation :
                admin.createTopics(topics).values().entrySet()) {
            if (existed(creation.getValue(), deadline)) {
                old.add(creation.getKey());
            }
        }
        return old;
    }

    private static boolean existed(KafkaFuture<Void> creation, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            await(creation, deadline);
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return true;
            }
            throw e;
        }
    }

    private static NewTopic newTopic(Topic topic, int payloadBytesMax, int brokers) {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.put(MAX_MESSAGE_BYTES, Integer.toString(topic.messageBytesMax(payloadBytesMax)));
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, brokers >= 3 ? "2" : "1");
        return new NewTopic(topic.name(), topic.partitions(), replicas(brokers)).configs(settings);
    }

    private static int growMessages(Admin admin, List<String> topics, int payloadBytesMax, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = topics.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> current =
                await(admin.describeConfigs(resources).all(), deadline);
        Map<ConfigResource, Integer> small = new HashMap<>();
        current.forEach((resource, config) -> {
            int wanted = named(resource.name()).messageBytesMax(payloadBytesMax);
            if (Integer.parseInt(config.get(MAX_MESSAGE_BYTES).value()) < wanted) {
                small.put(resource, wanted);
            }
        });
        await(admin.incrementalAlterConfigs(grow(small)).all(), deadline);
        return small.size();
    }

    private static Map<ConfigResource, Collection<AlterConfigOp>> grow(Map<ConfigResource, Integer> topics) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        topics.forEach((topic, bytes) -> changes.put(
                topic,
                List.of(new AlterConfigOp(
                        new ConfigEntry(MAX_MESSAGE_BYTES, Integer.toString(bytes)), AlterConfigOp.OpType.SET))));
        return changes;
    }

    private static Topic named(String name) {
        return ALL.stream().filter(t -> t.name().equals(name)).findAny().orElseThrow();
    }

    private static <T> T await(KafkaFuture<T> future, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private static short replicas(int brokers) {
        return (short) Math.min(3, brokers);
    }

    private static Map<String, String> kept(Duration retention) {
        return Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    }

    /** Removals are kept for those who read seldom. */
    private static Map<String, String> compactedForReplicas() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                Long.toString(Duration.ofDays(7).toMillis()));
    }

    private static Map<String, String> compacted() {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }
}
