package io.waymark.resolver;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.ServerAdmins;
import io.waymark.resolver.rate.ResponseRate;
import io.waymark.resolver.server.ColdPath;
import io.waymark.resolver.server.LoadLimits;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.resolver.tls.TlsSettings;
import io.waymark.resolver.upstream.UpstreamConfig;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node on ports of the system's choice, with a few records. */
public final class NodeHarness implements AutoCloseable {
    public static final String PREFIX = "88.118.8";
    public static final String SECRET = "s3cret-of-the-plant";
    public static final String ROOT_SECRET = "s3cret-of-the-node";
    public static final String TOKEN = "operator-token";
    public static final String URL = "https://plant.example/abc123";

    public final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    public final RecordStore records;
    public final ResolverNode node;

    public NodeHarness(Path directory) {
        this(directory, ResolverConfig.Transport.defaults().tcpIdle());
    }

    public NodeHarness(Path directory, Duration idle) {
        this(directory, idle, TlsSettings.defaults());
    }

    public NodeHarness(Path directory, LoadLimits load) {
        this(
                directory,
                ResolverConfig.Transport.defaults().tcpIdle(),
                TlsSettings.defaults(),
                UpstreamConfig.NONE,
                load);
    }

    public NodeHarness(Path directory, Duration idle, TlsSettings tls) {
        this(directory, idle, tls, UpstreamConfig.NONE);
    }

    public NodeHarness(Path directory, UpstreamConfig upstream) {
        this(directory, ResolverConfig.Transport.defaults().tcpIdle(), TlsSettings.defaults(), upstream);
    }

    private NodeHarness(Path directory, Duration idle, TlsSettings tls, UpstreamConfig upstream) {
        this(directory, idle, tls, upstream, new LoadLimits(ColdPath.Limits.defaults(), ResponseRate.unlimited()));
    }

    private NodeHarness(Path directory, Duration idle, TlsSettings tls, UpstreamConfig upstream, LoadLimits load) {
        records = RecordStore.open(store(directory.resolve("records")), metrics);
        ResolverConfig.Listener loopback = new ResolverConfig.Listener(List.of("127.0.0.1", "::1"), 0);
        ResolverConfig config = new ResolverConfig(
                        new ResolverConfig.Listeners(loopback, loopback, tls, ""),
                        new ResolverConfig.Transport(2, idle, 4 * 492),
                        serverAdmins())
                .withUpstream(upstream)
                .withStatistics(StatisticsConfig.defaults(directory.resolve("statistics")))
                .withLoad(load);
        try {
            node = ResolverNode.start(
                    config, records, directory.resolve("keys"), TOKEN::equals, metrics, Clock.systemUTC());
        } catch (RuntimeException e) {
            records.close();
            throw e;
        }
    }

    /** Small: test classes keep their harness, and with it the memory of its store, until the process ends. */
    private static RecordStoreConfig store(Path directory) {
        return new RecordStoreConfig(directory, 16L << 20, 8L << 20, 65_536);
    }

    public static HandleValue secretKey(int index, String secret) {
        return new HandleValue(
                index,
                "HS_SECKEY",
                secret.getBytes(StandardCharsets.UTF_8),
                TimeToLive.DAY,
                0,
                Permissions.ADMIN_ONLY,
                List.of());
    }

    private static ServerAdmins serverAdmins() {
        return new ServerAdmins(
                List.of(new ValueReference(PREFIX + "/ROOT", 300), new ValueReference(PREFIX + "/TOOLS", 300)), false);
    }

    /** Homes the prefix and registers {@code 88.118.8/ABC123} and a few others. */
    public NodeHarness withRecords() {
        done(node.registrar().homePrefix(PREFIX, SECRET.getBytes(StandardCharsets.UTF_8)));
        put(
                PREFIX + "/ABC123",
                HandleValue.text(1, "URL", URL, 0),
                HandleValue.text(2, "MODEL", "CNC-5A", 0),
                HandleValue.text(3, "URL.EN", "https://plant.example/en", 0));
        put(PREFIX + "/ROOT", secretKey(300, ROOT_SECRET));
        put(
                PREFIX + "/secretive",
                HandleValue.text(1, "URL", URL, 0),
                new HandleValue(
                        7,
                        "NOTE",
                        "staff only".getBytes(StandardCharsets.UTF_8),
                        TimeToLive.DAY,
                        0,
                        Permissions.ADMIN_ONLY,
                        List.of()));
        put(
                PREFIX + "/TEA",
                HandleValue.text(1, "URL", "https://tea.example/rougui", 0),
                HandleValue.text(2, "gs1:certificationInfo", "https://tea.example/cert", 0),
                HandleValue.text(3, "GS1", "https://id.gs1.org/01/06901234567892", 0));
        put(
                PREFIX + "/TEA.7",
                HandleValue.text(1, "URL", "https://tea.example/rougui/7?from=tag#top", 0),
                HandleValue.text(2, "ALIAS", "(01)06901234567892(21)7", 0));
        return this;
    }

    public void put(String handle, HandleValue... values) {
        done(node.registrar().put(new Handle(handle), List.of(values), true));
    }

    public static Outcome done(java.util.concurrent.CompletableFuture<Outcome> change) {
        Outcome outcome = change.orTimeout(20, TimeUnit.SECONDS).join();
        if (outcome.kind() == Outcome.Kind.REFUSED) {
            throw new AssertionError(outcome);
        }
        return outcome;
    }

    public URI http(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + node.httpAddress().getPort() + pathAndQuery);
    }

    public double count(String meter, String... tags) {
        return metrics.find(meter).tags(tags).counters().stream()
                .mapToDouble(c -> c.count())
                .sum();
    }

    @Override
    public void close() {
        node.close();
        records.close();
    }
}
