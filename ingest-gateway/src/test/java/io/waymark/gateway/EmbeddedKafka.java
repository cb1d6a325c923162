package io.waymark.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real broker and controller in this JVM; stop and start keep data and ports. */
public final class EmbeddedKafka implements AutoCloseable {
    public static final String TELEMETRY = "waymark.telemetry";
    public static final String PROGRESS = "waymark.progress";
    public static final String REJECTED = "waymark.rejected";

    private final Path directory;
    private final int port = freePort();
    private final int controllerPort = freePort();
    private int advertisedPort = port;
    private KafkaRaftServer server;

    private EmbeddedKafka(Path directory, IntUnaryOperator advertised) throws Exception {
        this.directory = directory;
        this.advertisedPort = advertised.applyAsInt(port);
        Files.createDirectories(directory);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId("waymark-gateway-tests1")
                .setNodeId(1)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .run();
        server = started();
    }

    public static EmbeddedKafka start(Path directory) throws Exception {
        return new EmbeddedKafka(directory, port -> port);
    }

    /** Behind something that listens elsewhere and passes on to the broker's port. */
    public static EmbeddedKafka startBehind(Path directory, IntUnaryOperator advertised) throws Exception {
        return new EmbeddedKafka(directory, advertised);
    }

    private KafkaRaftServer started() {
        KafkaRaftServer raft = new KafkaRaftServer(new KafkaConfig(settings()), Time.SYSTEM);
        raft.startup();
        return raft;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + advertisedPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", directory.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "4194304");
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "200");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        for (String internal :
                new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        return settings;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
    }

    public String bootstrap() {
        return "127.0.0.1:" + advertisedPort;
    }

    /** The broker's files as they are; it must be stopped. */
    public void save(Path copy) throws IOException {
        copyTree(directory, copy);
    }

    /** The broker's files as they were; it must be stopped. */
    public void restore(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        copyTree(copy, directory);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** As an operator stops it. */
    public void stopBroker() {
        server.shutdown();
        server.awaitShutdown();
    }

    public void startBroker() {
        server = started();
    }

    /** Telemetry with four partitions, rejected with one, and the compacted progress topic. */
    public void createTopics(String suffix) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(List.of(
                            new NewTopic(TELEMETRY + suffix, 4, (short) 1),
                            new NewTopic(REJECTED + suffix, 1, (short) 1),
                            new NewTopic(PROGRESS + suffix, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** How many records the topic holds, committed or not. */
    public int written(String topic) {
        return read(topic, "read_uncommitted").size();
    }

    /** Everything committed in the topic, each partition in its order. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        return read(topic, "read_committed");
    }

    /** To the true end: a commit returns before the last of what it committed is visible. */
    private List<ConsumerRecord<byte[], byte[]>> read(String topic, String isolation) {
        Map<TopicPartition, Long> ends;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
            ends = consumer.endOffsets(consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList());
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
            return found;
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap());
        config.put("isolation.level", isolation);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        stopBroker();
    }
}
