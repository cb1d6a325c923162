package io.waymark.gateway;

import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.command.CommandLimits;
import io.waymark.gateway.ingest.IngestLimits;
import io.waymark.gateway.ledger.KafkaScan;
import io.waymark.gateway.ledger.LedgerCheck;
import io.waymark.gateway.ledger.LedgerReport;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.session.SessionLimits;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolEntry;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A gateway with a real spool and device store in a directory of its own. */
public final class GatewayFixture implements AutoCloseable {
    /** Nobody listens there. */
    public static final String NO_KAFKA = "127.0.0.1:1";

    public final Path directory;
    public SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public Spool spool;
    public DeviceStore devices;
    public IngestGateway gateway;

    private final GatewayConfig config;
    private final UnaryOperator<SpoolConfig> spoolConfig;
    private final Clock clock;

    public GatewayFixture(Path directory, GatewayConfig config) {
        this(directory, config, UnaryOperator.identity());
    }

    public GatewayFixture(Path directory, GatewayConfig config, UnaryOperator<SpoolConfig> spoolConfig) {
        this(directory, config, spoolConfig, Clock.systemUTC());
    }

    public GatewayFixture(Path directory, GatewayConfig config, UnaryOperator<SpoolConfig> spoolConfig, Clock clock) {
        this.clock = clock;
        this.directory = directory;
        this.config = config;
        this.spoolConfig = spoolConfig;
        open();
    }

    /** A port of the system's choice, anonymous clients, no Kafka. */
    public static GatewayConfig config() {
        return config(NO_KAFKA, "");
    }

    public static GatewayConfig config(String bootstrap, String topicSuffix) {
        return new GatewayConfig(
                "gateway-test",
                new ServerSettings(
                        new ServerSettings.Listeners(
                                new ServerSettings.Listener(List.of("127.0.0.1", "::1"), 0),
                                Optional.empty(),
                                Optional.empty()),
                        new ServerSettings.Connections(10_000, 1_000, Duration.ofSeconds(2)),
                        true,
                        Offer.defaults(),
                        2),
                SessionLimits.defaults(),
                List.of(),
                new GatewayConfig.Forward(
                        Map.of("bootstrap.servers", bootstrap),
                        new GatewayConfig.Topics(
                                GatewayTopics.TELEMETRY + topicSuffix,
                                GatewayTopics.REJECTED + topicSuffix,
                                GatewayTopics.PROGRESS + topicSuffix,
                                "waymark.devices"),
                        500,
                        Duration.ofMillis(10),
                        true,
                        false),
                RejectionLimits.defaults(),
                List.of(),
                CommandLimits.defaults(Offer.defaults().packetBytesMax()),
                IngestLimits.defaults(Offer.defaults().packetBytesMax()));
    }

    /** Also with MQTT over WebSocket, at {@code /mqtt}. */
    public static GatewayConfig configWithWebSocket() {
        return config().withServer(server -> server.withWebSocket(new ServerSettings.WebSocket(
                Optional.of(new ServerSettings.Listener(List.of("127.0.0.1"), 0)),
                Optional.empty(),
                "/mqtt",
                List.of())));
    }

    public static GatewayFixture open(Path directory) {
        return new GatewayFixture(directory, config());
    }

    private void open() {
        spool = Spool.open(spoolConfig.apply(SpoolConfig.defaults(directory.resolve("spool"))), metrics);
        devices = DeviceStore.open(directory.resolve("devices"), metrics);
        gateway = IngestGateway.start(config, spool, devices, metrics, clock);
    }

    /** Stops in order and starts again on the same data. */
    public void restart() {
        close();
        metrics = new SimpleMeterRegistry();
        open();
    }

    /** A gateway on the data as they lie on disk at this moment: what a crash would leave. The original goes on. */
    public GatewayFixture crashed(Path copy) throws IOException {
        copyTree(directory, copy);
        return new GatewayFixture(copy, config, spoolConfig);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.getFileName().toString().equals("LOCK")) {
                    Files.copy(file, target);
                }
            }
        }
    }

    public String uri() {
        return "tcp://127.0.0.1:" + port();
    }

    public int port() {
        return gateway.mqttAddress().getPort();
    }

    /** Everything in the spool. */
    public List<SpoolMessage> spooled() {
        return spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE).stream()
                .map(SpoolEntry::message)
                .toList();
    }

    /** Sum of all meters of that name whose tags include these, name and value alternating. */
    public double metric(String name, String... tags) {
        return metrics.find(name).tags(tags).meters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false)
                        .filter(m -> isValue(m.getStatistic())))
                .mapToDouble(io.micrometer.core.instrument.Measurement::getValue)
                .sum();
    }

    private static boolean isValue(Statistic statistic) {
        return statistic == Statistic.COUNT || statistic == Statistic.VALUE;
    }

    /** What was acknowledged and spooled here beside what Kafka holds. */
    public LedgerReport ledger(EmbeddedKafka kafka, String topicSuffix) {
        return ledger(kafka, GatewayTopics.TELEMETRY + topicSuffix, GatewayTopics.REJECTED + topicSuffix);
    }

    /** The same, of topics of any name. */
    public LedgerReport ledger(EmbeddedKafka kafka, String telemetry, String rejected) {
        LedgerCheck check = new LedgerCheck(gateway.ledger());
        new KafkaScan(Map.of("bootstrap.servers", kafka.bootstrap()), telemetry, rejected)
                .run(check, (read, total) -> {});
        return check.report(spool.lastDurable());
    }

    @Override
    public void close() {
        gateway.close();
        spool.close();
        devices.close();
    }
}
