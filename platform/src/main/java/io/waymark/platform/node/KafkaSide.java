package io.waymark.platform.node;

import io.waymark.forward.HangingTransactions;
import io.waymark.platform.config.PlatformConfig;
import io.waymark.platform.config.Service;
import io.waymark.platform.http.Health;
import io.waymark.platform.kafka.EmbeddedKafka;
import io.waymark.platform.kafka.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka as this node sees it: its own broker, whose failure is the node's, or an outside cluster, which may come later:
 * the gateway spools until it does. Started and closed by one thread; its own thread waits for topics.
 */
final class KafkaSide implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSide.class);
    private static final Duration TRY = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration EMBEDDED_TOPICS_MAX = Duration.ofSeconds(60);

    private final PlatformConfig config;
    private final @Nullable CompletableFuture<EmbeddedKafka> embedded;
    private final CompletableFuture<Void> topics = new CompletableFuture<>();
    private @Nullable Thread waiting;

    private KafkaSide(PlatformConfig config, @Nullable CompletableFuture<EmbeddedKafka> embedded) {
        this.config = config;
        this.embedded = embedded;
    }

    /** Begins; the embedded broker starts on a thread of its own. */
    static KafkaSide begin(PlatformConfig config, Path directory) {
        if (!config.runs(Service.KAFKA)) {
            return new KafkaSide(config, null);
        }
        CompletableFuture<EmbeddedKafka> embedded = new CompletableFuture<>();
        new Thread(() -> start(directory, config.kafka().embeddedPort(), embedded), "waymark-kafka-start").start();
        return new KafkaSide(config, embedded);
    }

    private static void start(Path directory, int port, CompletableFuture<EmbeddedKafka> embedded) {
        try {
            embedded.complete(EmbeddedKafka.start(directory, port));
        } catch (IOException | RuntimeException | Error e) {
            embedded.completeExceptionally(e);
        }
    }

    /**
     * Waits until the embedded broker answers and has its topics. An outside cluster is given a moment; if it does not
     * answer, its topics are made when it does.
     *
     * @return where the embedded broker listens
     */
    Optional<InetSocketAddress> await() throws StartException, InterruptedException {
        if (embedded == null) {
            awaitCluster();
            return Optional.empty();
        }
        EmbeddedKafka kafka = joined(embedded);
        try {
            createTopics(kafka.bootstrapServers(), EMBEDDED_TOPICS_MAX);
            HangingTransactions.end(Map.of("bootstrap.servers", kafka.bootstrapServers()), EMBEDDED_TOPICS_MAX);
        } catch (ExecutionException | TimeoutException | IOException | KafkaException e) {
            throw new StartException(
                    "kafka could not make its topics or end its transactions: " + Failures.words(e), e);
        }
        topics.complete(null);
        return Optional.of(kafka.address());
    }

    /** For clients; known once {@link #await} has returned. */
    String bootstrapServers() {
        return embedded != null
                ? embedded.join().bootstrapServers()
                : config.kafka().bootstrapServers().orElseThrow();
    }

    /** Runs the action when the topics exist: now, or later on a thread of this class. */
    void whenTopicsExist(Runnable action) {
        topics.thenRun(action);
    }

    Health.State state() {
        return topics.isDone() ? Health.State.UP : Health.State.STARTING;
    }

    @Override
    public void close() {
        if (waiting != null) {
            waiting.interrupt();
        }
        if (embedded != null && !embedded.isCompletedExceptionally()) {
            embedded.thenAccept(EmbeddedKafka::close).join();
        }
    }

    private static EmbeddedKafka joined(CompletableFuture<EmbeddedKafka> embedded) throws StartException {
        try {
            return embedded.join();
        } catch (CompletionException e) {
            throw Failures.startException("kafka", e);
        }
    }

    private void awaitCluster() throws InterruptedException {
        if (config.kafka().bootstrapServers().isEmpty()) {
            return;
        }
        waiting = new Thread(this::createTopicsUntilDone, "waymark-kafka-topics");
        waiting.setDaemon(true);
        waiting.start();
        try {
            topics.get(TRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn(
                    "Kafka at {} does not answer yet: device messages are spooled, traces come later",
                    bootstrapServers());
        }
    }

    private void createTopicsUntilDone() {
        String lastSaid = "";
        while (!Thread.currentThread().isInterrupted()) {
            try {
                createTopics(bootstrapServers(), TRY);
                topics.complete(null);
                return;
            } catch (ExecutionException | TimeoutException | KafkaException e) {
                String words = Failures.words(e);
                if (!words.equals(lastSaid)) {
                    LOG.warn("Topics cannot be made at {}, trying again: {}", bootstrapServers(), words);
                    lastSaid = words;
                }
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void createTopics(String bootstrapServers, Duration atMost)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Object> client = new HashMap<>(config.kafka().client());
        client.put("bootstrap.servers", bootstrapServers);
        Topics.create(client, config.gateway().server().offer().packetBytesMax(), atMost);
    }
}
