package io.waymark.forward;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that a killed broker left without an end.
 *
 * <p>When a broker is killed while a transaction is being completed, its coordinator completes it at the next start. Kafka 4.3
 * takes a partition without a leader for a deleted one and leaves out its end marker; and until the only broker of a cluster is
 * unfenced none has a leader. The transaction is then complete for the coordinator and open for ever in the partitions: nobody
 * who reads committed records gets past it.
 *
 * <p>All partitions of such a transaction miss their marker, also those that hold the offsets and positions it would have
 * committed, and no reader has seen anything of it. So aborting it everywhere is as if it had never been, and who wrote it does
 * so again. A transaction under way, of a client that is back already, is left alone. Used for the embedded broker at its start,
 * and by a forwarder that cannot read to the end of its topics, which helps any plant with one broker.
 */
public final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final long POLL_MILLIS = 50;
    private static final int ATTEMPTS_MAX = 5;

    /** What the coordinator still works on; the partitions are right to wait for it. */
    private static final Set<TransactionState> UNDER_WAY = Set.of(
            TransactionState.ONGOING,
            TransactionState.PREPARE_COMMIT,
            TransactionState.PREPARE_ABORT,
            TransactionState.PREPARE_EPOCH_FENCE,
            TransactionState.UNKNOWN);

    private static final Set<TransactionState> BEING_COMPLETED = Set.of(
            TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT, TransactionState.PREPARE_EPOCH_FENCE);

    private HangingTransactions() {}

    /** In all topics. */
    public static int abort(Map<String, Object> client, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        return abort(client, name -> true, timeout);
    }

    /**
     * Aborts what hangs.
     *
     * @param client settings for the connection, at least {@code bootstrap.servers}
     * @param topics which topics are looked at
     * @param timeout for each question to the broker
     * @return how many partitions a transaction hung in
     * @throws TimeoutException if the broker does not answer in time
     * @throws ExecutionException if it refuses
     */
    public static int abort(Map<String, Object> client, Predicate<String> topics, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        try (Admin admin = Admin.create(settings)) {
            int aborted = 0;
            for (int attempt = 1; ; attempt++) {
                List<AbortTransactionSpec> hanging = hanging(admin, topics, timeout);
                // Twice, because one that ends between the two questions looks the same, once.
                if (!hanging.isEmpty()) {
                    hanging.retainAll(hanging(admin, topics, timeout));
                }
                int left = abort(admin, hanging, timeout);
                aborted += hanging.size() - left;
                if (left == 0) {
                    return aborted;
                }
                if (attempt == ATTEMPTS_MAX) {
                    LOG.error("in {} partitions a transaction hangs that the broker does not let be aborted", left);
                    return aborted;
                }
            }
        }
    }

    /** How many were not aborted, because their producer has another epoch by now: they must be looked at again. */
    private static int abort(Admin admin, List<AbortTransactionSpec> hanging, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        int left = 0;
        for (AbortTransactionSpec spec : hanging) {
            try {
                admin.abortTransaction(spec).all().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                LOG.warn(
                        "a transaction that the broker's end had left open was aborted in {}: its writer repeats it",
                        spec.topicPartition());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof InvalidProducerEpochException)) {
                    throw e;
                }
                left++;
            }
        }
        return left;
    }

    /** Producer ids with a transaction the coordinator knows of, once it has completed those it found half completed. */
    private static Set<Long> producersUnderWay(Admin admin, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Collection<TransactionListing> known =
                    admin.listTransactions().all().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (known.stream().noneMatch(t -> BEING_COMPLETED.contains(t.state()))
                    || System.nanoTime() - deadline > 0) {
                Set<Long> producers = new HashSet<>();
                known.stream().filter(t -> UNDER_WAY.contains(t.state())).forEach(t -> producers.add(t.producerId()));
                return producers;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Open in a partition when asked, and unknown to the coordinator when asked afterwards. */
    private static List<AbortTransactionSpec> hanging(Admin admin, Predicate<String> topics, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, DescribeProducersResult.PartitionProducerState> states = admin.describeProducers(
                        partitions(admin, topics, timeout))
                .all()
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        Set<Long> alive = producersUnderWay(admin, timeout);
        List<AbortTransactionSpec> hanging = new ArrayList<>();
        states.forEach((partition, state) -> state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .filter(producer -> !alive.contains(producer.producerId()))
                .forEach(producer -> hanging.add(spec(partition, producer))));
        return hanging;
    }

    private static AbortTransactionSpec spec(TopicPartition partition, ProducerState producer) {
        return new AbortTransactionSpec(
                partition,
                producer.producerId(),
                (short) producer.producerEpoch(),
                producer.coordinatorEpoch().orElse(0));
    }

    private static List<TopicPartition> partitions(Admin admin, Predicate<String> topics, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> names = admin
                .listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .stream()
                .filter(topics)
                .collect(Collectors.toSet());
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(names)
                .allTopicNames()
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .values()
                .forEach(topic -> topic.partitions()
                        .forEach(p -> partitions.add(new TopicPartition(topic.name(), p.partition()))));
        return partitions;
    }
}
