package io.waymark.forward;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;
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
 * <p>Such a partition gets the marker that the coordinator decided on. A broker may have been killed between the markers of two
 * partitions: if one already shows a transaction as committed, the other must, or half of it would be lost; a forwarder would
 * find its progress committed and its messages aborted. What the coordinator does not know any more, or had not begun to commit,
 * is aborted: no reader has seen anything of it, and who wrote it does so again. A transaction under way, of a client that is
 * back already, is left alone. Used for the embedded broker at its start, and by a forwarder that cannot read to the end of its
 * topics, which helps any plant with one broker.
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

    private static final String LEFT_OPEN = "a transaction that the broker's end had left open was";
    private static final Map<TransactionResult, String> OUTCOME = Map.of(
            TransactionResult.ABORT, "aborted, so that its writer repeats it,",
            TransactionResult.COMMIT, "committed, as its coordinator had decided,");

    private final Admin admin;
    private final Map<String, Object> settings;
    private final Predicate<String> topics;
    private final Duration timeout;

    private HangingTransactions(Admin admin, Map<String, Object> settings, Predicate<String> topics, Duration timeout) {
        this.admin = admin;
        this.settings = settings;
        this.topics = topics;
        this.timeout = timeout;
    }

    /** In all topics. */
    public static int end(Map<String, Object> client, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        return end(client, name -> true, timeout);
    }

    /**
     * Ends what hangs.
     *
     * @param client settings for the connection, at least {@code bootstrap.servers}
     * @param topics which topics are looked at
     * @param timeout for each question to the broker
     * @return how many partitions a transaction hung in
     * @throws TimeoutException if the broker does not answer in time
     * @throws ExecutionException if it refuses
     * @throws IOException if the broker that leads such a partition cannot be reached
     */
    public static int end(Map<String, Object> client, Predicate<String> topics, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        try (Admin admin = Admin.create(settings)) {
            HangingTransactions here = new HangingTransactions(admin, settings, topics, timeout);
            return here.end();
        }
    }

    private int end() throws InterruptedException, ExecutionException, TimeoutException, IOException {
        int ended = 0;
        for (int attempt = 1; ; attempt++) {
            Map<Hanging, TransactionResult> found = find();
            // Twice, because one that ends between the two questions looks the same, once.
            if (!found.isEmpty()) {
                found.keySet().retainAll(find().keySet());
            }
            int left = end(found);
            ended += found.size() - left;
            if (left == 0) {
                return ended;
            }
            if (attempt == ATTEMPTS_MAX) {
                LOG.error("in {} partitions a transaction hangs that the broker does not let be ended", left);
                return ended;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** How many were not ended, because leader or epoch is another by now: they must be looked at again. */
    private int end(Map<Hanging, TransactionResult> found) throws ExecutionException, IOException {
        if (found.isEmpty()) {
            return 0;
        }
        int left = 0;
        try (TransactionMarkers markers = new TransactionMarkers(settings, timeout)) {
            for (Map.Entry<Hanging, TransactionResult> each : found.entrySet()) {
                left += ends(markers, each.getKey(), each.getValue()) ? 0 : 1;
            }
        }
        return left;
    }

    private static boolean ends(TransactionMarkers markers, Hanging hanging, TransactionResult result)
            throws ExecutionException, IOException {
        Errors error = markers.write(
                hanging.leader(),
                hanging.partition(),
                hanging.producerId(),
                hanging.producerEpoch(),
                hanging.coordinatorEpoch(),
                result);
        if (error == Errors.NONE) {
            LOG.warn("{} {} in {}", LEFT_OPEN, OUTCOME.get(result), hanging.partition());
            return true;
        }
        LOG.warn("a transaction hangs in {} and could not be ended: {}", hanging.partition(), error.message());
        if (error == Errors.INVALID_PRODUCER_EPOCH || error.exception() instanceof RetriableException) {
            return false;
        }
        throw new ExecutionException(error.exception());
    }

    /** Open in a partition when asked, and not under way for the coordinator when asked afterwards; and what it decided. */
    private Map<Hanging, TransactionResult> find() throws InterruptedException, ExecutionException, TimeoutException {
        List<Hanging> open = open();
        Map<Long, TransactionDescription> known = known(open);
        Map<Hanging, TransactionResult> found = new LinkedHashMap<>();
        for (Hanging each : open) {
            decided(each.producerEpoch(), known.get(each.producerId())).ifPresent(result -> found.put(each, result));
        }
        return found;
    }

    private List<Hanging> open() throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Node> leaders = leaders();
        Map<TopicPartition, DescribeProducersResult.PartitionProducerState> states =
                answer(admin.describeProducers(leaders.keySet()).all());
        List<Hanging> open = new ArrayList<>();
        states.forEach((partition, state) -> state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .forEach(producer ->
                        open.add(Hanging.of(partition, Objects.requireNonNull(leaders.get(partition)), producer))));
        return open;
    }

    /**
     * What a coordinator decided of a transaction that is open in a partition.
     *
     * @param epoch of the producer in the partition
     * @param known of that producer id; null if nothing
     * @return empty while it is under way
     */
    static Optional<TransactionResult> decided(int epoch, @Nullable TransactionDescription known) {
        if (known == null) {
            return Optional.of(TransactionResult.ABORT);
        }
        if (UNDER_WAY.contains(known.state())) {
            return Optional.empty();
        }
        // since Kafka 4.0 the end of a transaction raises the epoch by one
        boolean same = known.producerEpoch() == epoch || known.producerEpoch() == epoch + 1;
        return Optional.of(
                same && known.state() == TransactionState.COMPLETE_COMMIT
                        ? TransactionResult.COMMIT
                        : TransactionResult.ABORT);
    }

    /**
     * What the coordinator says of these, by producer id, once it has completed what it found half completed. Right after a
     * start it may say that it knows none: before it has read its log. Whoever took that for its last word would abort here what
     * it commits elsewhere a moment later.
     */
    private Map<Long, TransactionDescription> known(List<Hanging> open)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<Long> producers = open.stream().map(Hanging::producerId).collect(Collectors.toSet());
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Map<Long, TransactionDescription> known = describe(producers);
            boolean settled = known.keySet().containsAll(producers)
                    && known.values().stream().noneMatch(t -> BEING_COMPLETED.contains(t.state()));
            if (settled || System.nanoTime() - deadline > 0) {
                return known;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Map<Long, TransactionDescription> describe(Set<Long> producers)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (producers.isEmpty()) {
            return Map.of();
        }
        List<String> ids = answer(admin.listTransactions().all()).stream()
                .filter(listing -> producers.contains(listing.producerId()))
                .map(TransactionListing::transactionalId)
                .toList();
        return answer(admin.describeTransactions(ids).all()).values().stream()
                .collect(Collectors.toMap(TransactionDescription::producerId, Function.identity(), (a, b) -> a));
    }

    private Map<TopicPartition, Node> leaders() throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> names = answer(admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names())
                .stream()
                .filter(topics)
                .collect(Collectors.toSet());
        Map<TopicPartition, Node> leaders = new LinkedHashMap<>();
        answer(admin.describeTopics(names).allTopicNames())
                .values()
                .forEach(topic -> topic.partitions().stream()
                        .filter(p -> p.leader() != null && !p.leader().isEmpty())
                        .forEach(p -> leaders.put(new TopicPartition(topic.name(), p.partition()), p.leader())));
        return leaders;
    }

    private <T> T answer(KafkaFuture<T> asked) throws InterruptedException, ExecutionException, TimeoutException {
        return asked.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A transaction without an end in a partition. */
    private record Hanging(
            TopicPartition partition, Node leader, long producerId, short producerEpoch, int coordinatorEpoch) {
        static Hanging of(TopicPartition partition, Node leader, ProducerState producer) {
            return new Hanging(
                    partition,
                    leader,
                    producer.producerId(),
                    (short) producer.producerEpoch(),
                    producer.coordinatorEpoch().orElse(0));
        }
    }
}
