package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.IngestGateway;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.resolver.ResolverConfig;
import io.waymark.resolver.ResolverNode;
import io.waymark.resolver.admin.ServerAdmins;
import io.waymark.resolver.rate.ResponseRate;
import io.waymark.resolver.server.ColdPath;
import io.waymark.resolver.server.LoadLimits;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands against a real resolver and a real gateway, which has no Kafka and only spools. */
@Timeout(60)
class BenchCommandIT {
    private static final int RECORDS = 100;
    private static final List<String> LOOPBACK = List.of("127.0.0.1");

    @TempDir
    private static Path folder;

    private static RecordStore records;
    private static ResolverNode resolver;
    private static Spool spool;
    private static DeviceStore devices;
    private static IngestGateway gateway;
    private static final SimpleMeterRegistry METRICS = new SimpleMeterRegistry();

    @BeforeAll
    static void start() throws MalformedIdentifierException {
        records = RecordStore.open(new RecordStoreConfig(folder.resolve("records"), 8L << 20, 0, 4096), METRICS);
        records.apply(changes()).join();
        resolver = ResolverNode.start(
                new ResolverConfig(
                                new ResolverConfig.Listeners(
                                        new ResolverConfig.Listener(LOOPBACK, 0),
                                        new ResolverConfig.Listener(LOOPBACK, 0)),
                                new ResolverConfig.Transport(1, Duration.ofMinutes(1), 4 * 492),
                                ServerAdmins.NONE)
                        .withLoad(new LoadLimits(ColdPath.Limits.defaults(), ResponseRate.unlimited())),
                records,
                folder.resolve("keys"),
                token -> false,
                METRICS,
                Clock.systemUTC());
        spool = Spool.open(
                new SpoolConfig(folder.resolve("spool"), 1L << 30, 65_536, 4_096, Duration.ofMinutes(1)), METRICS);
        devices = DeviceStore.open(folder.resolve("devices"), METRICS);
        gateway = IngestGateway.start(gatewayConfig(), spool, devices, METRICS, Clock.systemUTC());
    }

    private static List<RecordChange> changes() throws MalformedIdentifierException {
        List<RecordChange> changes = new ArrayList<>();
        for (int n = 0; n < RECORDS; n++) {
            Handle handle = Handle.parse(NamePattern.parse("88.118.8/k%07d").format(n));
            changes.add(new RecordChange.Put(
                    handle, List.of(HandleValue.text(1, "URL", "https://example.com/" + n, 1)), List.of()));
        }
        changes.add(new RecordChange.Put(
                Handle.parse("0.NA/88.118.8"), List.of(HandleValue.text(1, "DESC", "bench", 1)), List.of()));
        return changes;
    }

    private static GatewayConfig gatewayConfig() {
        ServerSettings server = new ServerSettings(
                new ServerSettings.Listeners(
                        new ServerSettings.Listener(LOOPBACK, 0), Optional.empty(), Optional.empty()),
                new ServerSettings.Connections(10_000, 0, Duration.ofSeconds(5)),
                true,
                Offer.defaults(),
                1);
        // A port nobody listens on: the spool is all these tests need.
        GatewayConfig.Forward forward = new GatewayConfig.Forward(
                Map.of("bootstrap.servers", "127.0.0.1:1"),
                GatewayConfig.Topics.DEFAULTS,
                100,
                Duration.ZERO,
                false,
                false);
        return GatewayConfig.defaults("").withServer(defaults -> server).withForward(forward);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        devices.close();
        spool.close();
        resolver.close();
        records.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp", "http"})
    void resolvesOverEveryTransport(String transport) {
        JsonNode result = bench("resolve", "-t", transport, "-s", address(transport), "--records", "" + RECORDS);

        assertThat(result.path("succeeded").asLong())
                .isPositive()
                .isEqualTo(result.path("answers").asLong());
        assertThat(result.path("trouble")).isEmpty();
        assertThat(result.path("answerBytes").asDouble()).isGreaterThan(100);
        assertThat(result.path("latencyMicros").path("p50").asDouble()).isPositive();
        assertThat(result.path("serverCpuSecondsPerMillion").asDouble()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"udp, HANDLE_NOT_FOUND (100)", "tcp, HANDLE_NOT_FOUND (100)", "http, HTTP 404"})
    void tellsWhatIsNotThereFromWhatWasExpectedNotToBe(String transport, String kind) {
        String[] absent = {"resolve", "-t", transport, "-s", address(transport), "--names", "88.118.8/none%d"};
        JsonNode unexpected = bench(absent);
        JsonNode expected = bench(with(absent, "--expect", "not-found"));

        assertThat(unexpected.path("succeeded").asLong()).isZero();
        assertThat(unexpected.path("trouble").path(kind).asLong()).isPositive();
        assertThat(expected.path("succeeded").asLong()).isPositive();
        assertThat(expected.path("trouble")).isEmpty();
    }

    @Test
    void neverExceedsTheRateOfAnOpenLoop() {
        JsonNode result = bench("resolve", "-s", address("udp"), "--records", "" + RECORDS, "--rate", "500");

        // 0.8 s with the warm-up; a busy machine may answer late, but more than was due is never asked.
        assertThat(result.path("answers").asLong()).isBetween(1L, 401L);
    }

    @Test
    void asksForNamesOfAFileFilteredByType() throws IOException {
        Path names = Files.writeString(folder.resolve("names"), "88.118.8/k0000001\n\n88.118.8/K0000002\n");
        JsonNode result = bench(
                "resolve", "-s", address("udp"), "--names-file", names.toString(), "--type", "URL", "--zipf", "1");

        assertThat(result.path("succeeded").asLong()).isPositive();
        assertThat(result.path("trouble")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "3, 1", "3, 2", "5, 0", "5, 1", "5, 2"})
    void publishesInBothVersionsAtEveryQos(String version, String qos) {
        double before = arrived();
        JsonNode result = bench("publish", "-s", address("mqtt"), "--mqtt", version, "-q", qos, "-c", "4", "-w", "8");
        long succeeded = result.path("succeeded").asLong();

        assertThat(succeeded).isPositive();
        assertThat(result.path("trouble")).isEmpty();
        // At QoS 0 nobody has waited for the disk.
        await().atMost(Duration.ofSeconds(10)).until(() -> arrived() - before >= succeeded);
    }

    /** Durable, or QoS 0 and given up by policy because the disk of a busy machine was behind. */
    private static double arrived() {
        double dropped = METRICS.find("waymark.gateway.dropped.qos0").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
        return spool.lastDurable() + dropped;
    }

    private static String address(String transport) {
        InetSocketAddress address = switch (transport) {
            case "udp" -> resolver.handleUdpAddress();
            case "tcp" -> resolver.handleTcpAddress();
            case "http" -> resolver.httpAddress();
            default -> gateway.mqttAddress();
        };
        return "127.0.0.1:" + address.getPort();
    }

    /**
     * A run in which something was answered: on a busy machine the first of a transport can be over before either side has
     * loaded its classes.
     */
    private static JsonNode bench(String... arguments) {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> run(arguments), result -> result.path("answers").asLong() > 0);
    }

    private static JsonNode run(String... arguments) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        new CommandLine(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(with(
                        arguments,
                        "--json",
                        "--warmup",
                        "100ms",
                        "--duration",
                        "700ms",
                        "--server-pid",
                        "" + ProcessHandle.current().pid()));
        assertThat(err.toString()).isEmpty();
        return new ObjectMapper().readTree(out.toString());
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }
}
