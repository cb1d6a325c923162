package io.waymark.platform.node;

import io.waymark.forward.ForwardState;
import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.IngestGateway;
import io.waymark.gateway.bridge.BridgeStatus;
import io.waymark.identifier.Recognizer;
import io.waymark.platform.config.PlatformConfig;
import io.waymark.platform.config.Service;
import io.waymark.platform.http.ApiParts;
import io.waymark.platform.http.Health;
import io.waymark.platform.http.HttpServer;
import io.waymark.resolver.ResolverNode;
import io.waymark.resolver.feed.ChangeFeed;
import io.waymark.storage.record.Outbox;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.spool.DiskRoom;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node. Kafka starts first and, while it does, the stores open; then traceability, resolver, gateway and
 * HTTP; then the ready file is written. Everything stops in the reverse order.
 *
 * <p>Started and closed by one thread.
 */
public final class Platform implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
    private static final Duration STOP_MAX = Duration.ofMillis(9_500);

    private final PlatformConfig config;
    private final Clock clock = Clock.systemUTC();
    private final Closing closing = new Closing();
    private final Map<String, String> listeners = new LinkedHashMap<>();
    private final Map<String, Supplier<Health.State>> states = new LinkedHashMap<>();
    private final DataDirectory data;
    private Supplier<List<BridgeStatus>> bridges = List::of;
    private Supplier<Optional<DiskRoom>> spoolDisk = Optional::empty;

    private Platform(PlatformConfig config) throws StartException {
        this.config = config;
        this.data = DataDirectory.open(config.dataDirectory());
        closing.add("data directory", data);
    }

    /**
     * Starts everything the configuration names and returns when every listener answers.
     *
     * @param readyFile where to say so, beside {@code ready.json} of the data directory
     * @param newToken told the operator's token if it was made just now
     * @throws StartException if anything could not start; what had started is stopped again
     */
    public static Platform start(PlatformConfig config, Optional<Path> readyFile, Consumer<String> newToken)
            throws StartException {
        long begin = System.nanoTime();
        Platform platform = new Platform(config);
        LOG.info("Waymark {} starts with its data in {}", BuildInfo.version(), platform.data.path());
        try {
            ReadyFile ready = new ReadyFile(platform.data.path(), readyFile);
            platform.startAll(newToken);
            ready.write(platform.listeners);
            platform.closing.add("ready file", ready::remove);
        } catch (StartException | RuntimeException | Error e) {
            platform.close();
            throw e;
        }
        LOG.info("Waymark is ready after {} ms: {}", millisSince(begin), platform.listeners);
        return platform;
    }

    /** Listener name → address, as in the ready file. */
    public Map<String, String> listeners() {
        return new LinkedHashMap<>(listeners);
    }

    /** Stops everything in order, within ten seconds. */
    @Override
    public void close() {
        try {
            closing.close(STOP_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startAll(Consumer<String> newToken) throws StartException {
        AdminToken token = AdminToken.of(data.path());
        if (token.isNew()) {
            newToken.accept(token.reveal());
        }
        NodeMetrics metrics = new NodeMetrics(data.path());
        closing.add("metrics", metrics);
        KafkaSide kafka = KafkaSide.begin(config, data.path().resolve("kafka"));
        closing.add("kafka", kafka);
        Stores stores = part("storage", () -> Stores.open(config, data.path(), metrics.registry(), closing));
        part("kafka", kafka::await).ifPresent(address -> listen("kafka", address));
        kafkaState(kafka);
        TraceSide trace = new TraceSide(metrics.registry(), clock);
        startTrace(trace, kafka);
        startFeed(stores, kafka, metrics);
        ApiParts parts = new ApiParts(
                Recognizer::recognize,
                startResolver(stores, token, metrics),
                startGateway(stores, kafka, metrics),
                trace.httpService(),
                clock);
        startHttp(parts, trace, token, metrics);
    }

    private void kafkaState(KafkaSide kafka) {
        if (config.runs(Service.KAFKA) || config.kafka().bootstrapServers().isPresent()) {
            states.put("kafka", kafka::state);
        }
    }

    private void startTrace(TraceSide trace, KafkaSide kafka) {
        if (config.runs(Service.TRACE)) {
            closing.add("traceability", trace);
            states.put("trace", trace::state);
            kafka.whenTopicsExist(() -> trace.start(config.trace(kafka.bootstrapServers())));
        }
    }

    /** Before the resolver, so that it ends after it and takes the last changes along. */
    private void startFeed(Stores stores, KafkaSide kafka, NodeMetrics metrics) throws StartException {
        Optional<Outbox> outbox = stores.records().flatMap(RecordStore::outbox);
        if (outbox.isEmpty()) {
            return;
        }
        ChangeFeed feed = part(
                "feed",
                () -> ChangeFeed.start(config.feed(kafka.bootstrapServers()), outbox.get(), metrics.registry(), clock));
        closing.add("feed", feed);
        states.put("feed", () -> stateOf(feed.state()));
    }

    private Optional<ApiParts.Registry> startResolver(Stores stores, AdminToken token, NodeMetrics metrics)
            throws StartException {
        if (stores.records().isEmpty()) {
            return Optional.empty();
        }
        RecordStore records = stores.records().get();
        ResolverNode resolver = part(
                "resolver",
                () -> ResolverNode.start(
                        config.resolver(),
                        records,
                        data.path().resolve("keys"),
                        token::matches,
                        metrics.registry(),
                        clock));
        closing.add("resolver", resolver);
        states.put("resolver", () -> Health.State.UP);
        listen("handle.udp", resolver.handleUdpAddress());
        listen("handle.tcp", resolver.handleTcpAddress());
        listen("resolver.http", resolver.httpAddress());
        return Optional.of(new ApiParts.Registry(resolver.registrar(), records, resolver.statistics()));
    }

    private Optional<ApiParts.Devices> startGateway(Stores stores, KafkaSide kafka, NodeMetrics metrics)
            throws StartException {
        if (stores.devices().isEmpty()) {
            return Optional.empty();
        }
        Stores.DeviceSide devices = stores.devices().get();
        GatewayConfig branch = config.gateway(kafka.bootstrapServers());
        IngestGateway gateway = part(
                "gateway",
                () -> IngestGateway.start(branch, devices.spool(), devices.credentials(), metrics.registry(), clock));
        closing.add("gateway", gateway);
        states.put("gateway", () -> stateOf(gateway.forwardState()));
        bridges = gateway::bridges;
        spoolDisk = () -> Optional.of(devices.spool().diskRoom());
        listen("mqtt", gateway.mqttAddress());
        gateway.mqttsAddress().ifPresent(address -> listen("mqtts", address));
        gateway.webSocketAddress().ifPresent(address -> listen("ws", address));
        gateway.secureWebSocketAddress().ifPresent(address -> listen("wss", address));
        return Optional.of(new ApiParts.Devices(
                new ApiParts.Fleet(gateway.devices(), gateway.groups(), gateway.live(), gateway.sightings()),
                gateway.ingest(),
                gateway.commands(),
                Optional.of(new ApiParts.Ledger(
                        gateway::ledger,
                        kafka.bootstrapServers(),
                        branch.forward().topics().telemetry(),
                        branch.forward().topics().rejected()))));
    }

    /** Who cannot reach Kafka goes on accepting, which is its work; one that never will forward again is not well. */
    private static Health.State stateOf(ForwardState forwarding) {
        return switch (forwarding) {
            case CONNECTING, WAITING_FOR_TOPICS, FORWARDING, BACKING_OFF -> Health.State.UP;
            case BLOCKED, FENCED, STOPPED -> Health.State.DOWN;
        };
    }

    private void startHttp(ApiParts parts, TraceSide trace, AdminToken token, NodeMetrics metrics)
            throws StartException {
        if (!config.runs(Service.HTTP)) {
            return;
        }
        states.put("http", () -> Health.State.UP);
        HttpServer http = part(
                "platform.http",
                () -> HttpServer.start(config.http(), new NodeHealth(), token::matches, parts, metrics.registry()));
        closing.add("http", http);
        listen("platform.http", http.address());
        trace.whenStarted(service -> http.lead(parts.withTrace(service)));
    }

    /** Starts a part, and turns its failure into a sentence. */
    private static <T> T part(String name, Callable<T> start) throws StartException {
        try {
            return start.call();
        } catch (StartException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw Failures.startException(name, e);
        }
    }

    private void listen(String name, InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        listeners.put(name, (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /** Read by HTTP threads, after everything was put. */
    private final class NodeHealth implements Health {
        @Override
        public Map<String, String> listeners() {
            return Platform.this.listeners();
        }

        @Override
        public Map<String, State> services() {
            Map<String, State> now = new LinkedHashMap<>();
            states.forEach((name, state) -> now.put(name, state.get()));
            return now;
        }

        @Override
        public Map<String, String> bridges() {
            Map<String, String> now = new LinkedHashMap<>();
            bridges.get()
                    .forEach(bridge -> now.put(bridge.name(), bridge.state().name()));
            return now;
        }

        @Override
        public Optional<DiskRoom> spoolDisk() {
            return spoolDisk.get();
        }
    }
}
