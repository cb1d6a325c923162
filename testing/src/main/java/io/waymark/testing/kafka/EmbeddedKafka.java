package io.waymark.testing.kafka;

import io.waymark.testing.FixedPort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real broker and controller in this process; stop and start keep data and ports. Topics are made by who needs them. */
public final class EmbeddedKafka implements AutoCloseable {
    private final Path directory;
    private final int port = FixedPort.choose();
    private final int controllerPort = FixedPort.choose();
    private final int advertisedPort;
    private KafkaRaftServer server;

    private EmbeddedKafka(Path directory, IntUnaryOperator advertised) throws Exception {
        this.directory = directory;
        this.advertisedPort = advertised.applyAsInt(port);
        format(Files.createDirectories(directory));
        server = started();
    }

    /** Starts one with its data there; the directory is made. */
    public static EmbeddedKafka start(Path directory) throws Exception {
        return new EmbeddedKafka(directory, port -> port);
    }

    /** Behind something that listens elsewhere and passes on to the broker's port. */
    public static EmbeddedKafka startBehind(Path directory, IntUnaryOperator advertised) throws Exception {
        return new EmbeddedKafka(directory, advertised);
    }

    private static void format(Path directory) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId("waymark-testing-kafka1")
                .setNodeId(1)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .run();
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
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "4194304");
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "200");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(internal + ".replication.factor", "1");
            settings.put(internal + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        return settings;
    }

    /** Where clients find it. */
    public String bootstrap() {
        return "127.0.0.1:" + advertisedPort;
    }

    /** Makes topics, and waits until they are there. */
    public void create(Collection<NewTopic> topics) throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
        }
    }

    /** How many records the topic holds, committed or not. */
    public int written(String topic) {
        return CommittedTopic.written(bootstrap(), topic).size();
    }

    /** Everything committed in the topic, each partition in its order. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        return CommittedTopic.read(bootstrap(), topic);
    }

    /** As an operator stops it. */
    public void stopBroker() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** After a stop: the same data, the same ports. */
    public void startBroker() {
        server = started();
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

    @Override
    public void close() {
        stopBroker();
    }
}
