package io.waymark.platform.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real single-node Kafka (KRaft: broker and controller) in this process, on IPv4 loopback, with its own folder. What
 * it holds survives a stop, a kill and, but for about the last second, a power cut; the spool holds that second.
 *
 * <p>Thread-safe; started and closed once.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final int NODE_ID = 1;
    private static final int TRIES = 5;
    private static final String CONTROLLER = "CONTROLLER";

    private final KafkaRaftServer server;
    private final InetSocketAddress address;

    private EmbeddedKafka(KafkaRaftServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts the broker and returns when it answers.
     *
     * @param directory the broker's own folder, created if absent
     * @param port 0 = the port of last time while it is free, else one chosen by the system
     * @throws BindException if the port is taken
     * @throws IOException if the folder cannot be used
     */
    public static EmbeddedKafka start(Path directory, int port) throws IOException {
        long begin = System.nanoTime();
        Path logs = directory.resolve("logs");
        boolean fresh = !Files.exists(logs.resolve("meta.properties"));
        LOG.info("Starting embedded Kafka, {} {}", fresh ? "new in" : "with what is in", directory);
        Files.createDirectories(logs);
        if (fresh) {
            format(logs);
        }
        EmbeddedKafka kafka = startOnFreePorts(directory, logs, port);
        LOG.info("Embedded Kafka answers on {} after {} ms", kafka.bootstrapServers(), millisSince(begin));
        return kafka;
    }

    /** A port found free may be taken by anybody before Kafka binds it: if the choice is ours, choose again. */
    private static EmbeddedKafka startOnFreePorts(Path directory, Path logs, int port) throws IOException {
        for (int i = 1; ; i++) {
            Ports ports = Ports.choose(directory.resolve("ports"), port);
            try {
                return startOn(logs, ports);
            } catch (KafkaException e) {
                if (port != 0 || i == TRIES || !isBindFailure(e)) {
                    throw e;
                }
                LOG.warn("{}; choosing other ports", e.getMessage());
            }
        }
    }

    private static EmbeddedKafka startOn(Path logs, Ports ports) {
        KafkaRaftServer server =
                new KafkaRaftServer(new kafka.server.KafkaConfig(properties(logs, ports)), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException | Error e) {
            server.shutdown();
            throw e;
        }
        return new EmbeddedKafka(server, new InetSocketAddress(Ports.HOST, ports.broker()));
    }

    private static boolean isBindFailure(KafkaException e) {
        return e.getCause() instanceof BindException
                || String.valueOf(e.getMessage()).contains("failed to bind");
    }

    /** {@code 127.0.0.1:port}, for clients. */
    public String bootstrapServers() {
        return Ports.HOST + ":" + address.getPort();
    }

    /** Where the broker listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Stops in order: what was acknowledged is on disk, and the next start need not wait for this one's session. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path logs) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(logs.toString())
                    .addDirectory(logs.toString())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot prepare " + logs + " for Kafka", e);
        }
    }

    private static Map<String, String> properties(Path logs, Ports ports) {
        Map<String, String> p = new HashMap<>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("controller.quorum.voters", NODE_ID + "@" + Ports.HOST + ":" + ports.controller());
        p.put("controller.listener.names", CONTROLLER);
        String plaintext = "PLAINTEXT://" + Ports.HOST + ":" + ports.broker();
        p.put("listeners", plaintext + "," + CONTROLLER + "://" + Ports.HOST + ":" + ports.controller());
        p.put("advertised.listeners", plaintext);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        p.put("log.dirs", logs.toString());
        p.put("auto.create.topics.enable", "false");
        oneNode(p);
        small(p);
        durable(p);
        return p;
    }

    /** Internal topics with one partition and no second replica to wait for. */
    private static void oneNode(Map<String, String> p) {
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            p.put(topic + ".replication.factor", "1");
            p.put(topic + ".num.partitions", "1");
        }
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        // A restart waits out the session of the incarnation before it, unless that one said good-bye: after a kill -9
        // this is what it waits. Much shorter, and a busy machine's pause would fence the broker.
        p.put("controlled.shutdown.enable", "true");
        p.put("broker.session.timeout.ms", "3000");
        p.put("broker.heartbeat.interval.ms", "500");
    }

    /** One process shares its cores and memory with the services. */
    private static void small(Map<String, String> p) {
        p.put("num.network.threads", "1");
        p.put("num.io.threads", "2");
        p.put("background.threads", "2");
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    }

    /** Pages reach the disk within a second, so that a power cut takes no more than the spool still holds. */
    private static void durable(Map<String, String> p) {
        p.put("log.flush.interval.ms", "1000");
        p.put("log.flush.scheduler.interval.ms", "1000");
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }
}
