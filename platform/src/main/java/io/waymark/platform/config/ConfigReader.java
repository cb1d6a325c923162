package io.waymark.platform.config;

import io.waymark.platform.http.HttpConfig;
import io.waymark.platform.kafka.KafkaConfig;
import io.waymark.resolver.ResolverConfig;
import io.waymark.resolver.admin.ServerAdmins;
import io.waymark.resolver.feed.FeedConfig;
import io.waymark.resolver.rate.ResponseRate;
import io.waymark.resolver.server.ColdPath;
import io.waymark.resolver.server.ConnectionLimits;
import io.waymark.resolver.server.LoadLimits;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.resolver.tls.TlsSettings;
import io.waymark.resolver.upstream.UpstreamConfig;
import io.waymark.storage.record.FeedPolicy;
import io.waymark.storage.record.HistoryPolicy;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.trace.TraceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From settings to the tree, one method per branch. */
final class ConfigReader {
    private final SettingReader settings;
    private final Path data;
    private final Map<String, String> kafkaClient;

    private ConfigReader(SettingReader settings) {
        this.settings = settings;
        this.data = settings.get(Settings.DATA);
        this.kafkaClient = settings.under(Settings.KAFKA_CLIENT_PREFIX);
    }

    static PlatformConfig read(ConfigInput input) throws ConfigException {
        List<String> problems = new ArrayList<>();
        SettingReader settings = new SettingReader(RawSettings.merge(input, problems), problems);
        settings.refuseUnknownKeys();
        PlatformConfig config = new ConfigReader(settings).tree();
        CrossChecks.check(config, settings);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    private PlatformConfig tree() {
        KafkaConfig kafka = kafka();
        Set<Service> services = services(kafka);
        boolean kafkaKnown =
                services.contains(Service.KAFKA) || kafka.bootstrapServers().isPresent();
        return new PlatformConfig(
                services,
                data,
                settings.get(Settings.LOG_FORMAT),
                resolver(),
                feed(),
                new GatewayBranch(settings, kafkaClient).read(),
                spool(),
                records(kafkaKnown),
                trace(),
                kafka,
                http());
    }

    private Set<Service> services(KafkaConfig kafka) {
        Set<Service> services = EnumSet.copyOf(settings.get(Settings.SERVICES));
        if (kafka.bootstrapServers().isPresent()) {
            services.remove(Service.KAFKA);
        }
        return services;
    }

    private ResolverConfig resolver() {
        return new ResolverConfig(
                new ResolverConfig.Listeners(
                        listener(Settings.RESOLVER_HANDLE_HOSTS, Settings.RESOLVER_HANDLE_PORT),
                        listener(Settings.RESOLVER_HTTP_HOSTS, Settings.RESOLVER_HTTP_PORT),
                        resolverTls(),
                        settings.get(Settings.RESOLVER_ADVERTISED_HOST)),
                new ResolverConfig.Transport(
                        settings.get(Settings.RESOLVER_IO_THREADS),
                        settings.get(Settings.RESOLVER_TCP_IDLE),
                        settings.get(Settings.RESOLVER_UDP_ANSWER_BYTES_MAX)),
                new ServerAdmins(
                        settings.get(Settings.RESOLVER_SERVER_ADMINS),
                        settings.get(Settings.RESOLVER_SERVER_ADMINS_FULL_ACCESS)),
                Optional.of(statistics()),
                resolverLoad(),
                upstream());
    }

    private ResolverConfig.Listener listener(Setting<List<String>> hosts, Setting<Integer> port) {
        return new ResolverConfig.Listener(settings.get(hosts), settings.get(port));
    }

    private UpstreamConfig upstream() {
        return new UpstreamConfig(
                Set.copyOf(settings.get(Settings.RESOLVER_RECURSION_PREFIXES)),
                settings.get(Settings.RESOLVER_RECURSION_TARGETS),
                settings.get(Settings.RESOLVER_RECURSION_ATTEMPT),
                settings.get(Settings.RESOLVER_RECURSION_DEADLINE),
                settings.get(Settings.RESOLVER_RECURSION_IN_FLIGHT_MAX),
                settings.get(Settings.RESOLVER_RECURSION_IN_FLIGHT_PER_SERVER_MAX),
                settings.get(Settings.RESOLVER_RECURSION_CACHE_BYTES),
                settings.get(Settings.RESOLVER_RECURSION_NEGATIVE_TTL),
                settings.get(Settings.RESOLVER_RECURSION_COUNT_MAX),
                settings.get(Settings.RESOLVER_RECURSION_SIGNATURES),
                Set.copyOf(settings.get(Settings.RESOLVER_RECURSION_IDENTITIES)));
    }

    private StatisticsConfig statistics() {
        return new StatisticsConfig(
                data.resolve("statistics"),
                settings.get(Settings.RESOLVER_STATISTICS_WRITE_EVERY),
                settings.get(Settings.RESOLVER_STATISTICS_KEEP_DAYS),
                settings.get(Settings.RESOLVER_STATISTICS_PREFIXES_MAX),
                settings.get(Settings.RESOLVER_STATISTICS_ZONE));
    }

    private LoadLimits resolverLoad() {
        return new LoadLimits(
                new ColdPath.Limits(
                        settings.get(Settings.RESOLVER_COLD_READS_THREADS),
                        settings.get(Settings.RESOLVER_COLD_READS_QUEUE_MAX)),
                new ResponseRate(
                        settings.get(Settings.RESOLVER_UDP_RATE_PER_SECOND),
                        settings.get(Settings.RESOLVER_UDP_RATE_BURST),
                        settings.get(Settings.RESOLVER_UDP_RATE_SLIP),
                        settings.get(Settings.RESOLVER_UDP_RATE_IPV4_BITS),
                        settings.get(Settings.RESOLVER_UDP_RATE_IPV6_BITS),
                        settings.get(Settings.RESOLVER_UDP_RATE_SOURCES_MAX),
                        settings.get(Settings.RESOLVER_UDP_RATE_EXEMPT)),
                new ConnectionLimits(
                        settings.get(Settings.RESOLVER_CONNECTIONS_MAX),
                        settings.get(Settings.RESOLVER_CONNECTIONS_PER_SOURCE_MAX),
                        settings.get(Settings.RESOLVER_CONNECTIONS_REQUEST_TIME)));
    }

    private TlsSettings resolverTls() {
        String certificate = settings.get(Settings.RESOLVER_TLS_CERTIFICATE);
        String key = settings.get(Settings.RESOLVER_TLS_KEY);
        return new TlsSettings(
                settings.get(Settings.RESOLVER_TLS_ENABLED),
                certificate.isEmpty() || key.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new TlsSettings.Files(Path.of(certificate), Path.of(key))),
                settings.get(Settings.RESOLVER_TLS_CLIENT_CERTIFICATES),
                settings.get(Settings.RESOLVER_TLS_RELOAD_CHECK));
    }

    private SpoolConfig spool() {
        return new SpoolConfig(
                data.resolve("spool"),
                settings.get(Settings.SPOOL_BYTES_MAX),
                settings.get(Settings.SPOOL_QUEUE_MAX),
                settings.get(Settings.SPOOL_BATCH_MAX),
                settings.get(Settings.SPOOL_RETENTION));
    }

    private FeedConfig feed() {
        FeedConfig defaults = FeedConfig.defaults(Map.of());
        return new FeedConfig(
                settings.get(Settings.RESOLVER_ID),
                Map.copyOf(kafkaClient),
                defaults.topic(),
                defaults.progressTopic(),
                settings.get(Settings.RESOLVER_FEED_TRANSACTION_ENTRIES_MAX),
                settings.get(Settings.RESOLVER_FEED_LINGER),
                settings.get(Settings.RESOLVER_FEED_VALUES));
    }

    private RecordStoreConfig records(boolean kafkaKnown) {
        return new RecordStoreConfig(
                data.resolve("records"),
                settings.get(Settings.RECORDS_BLOCK_CACHE_BYTES),
                settings.get(Settings.RECORDS_MEMORY_TIER_BYTES),
                settings.get(Settings.RECORDS_WRITE_QUEUE_MAX),
                new HistoryPolicy(
                        settings.get(Settings.RECORDS_HISTORY_VERSIONS_MAX),
                        settings.get(Settings.RECORDS_HISTORY_AGE_MAX)),
                new FeedPolicy(
                        kafkaKnown && settings.get(Settings.RESOLVER_FEED_ENABLED),
                        settings.get(Settings.RESOLVER_FEED_BACKLOG_MAX),
                        settings.get(Settings.RESOLVER_FEED_RETENTION)));
    }

    private TraceConfig trace() {
        return new TraceConfig(
                Map.copyOf(kafkaClient),
                settings.get(Settings.TRACE_APPLICATION_ID),
                data.resolve("trace"),
                TraceConfig.Topics.defaults(),
                ReadPoints.read(settings));
    }

    private KafkaConfig kafka() {
        String bootstrap = settings.get(Settings.KAFKA_BOOTSTRAP_SERVERS);
        return new KafkaConfig(
                Optional.of(bootstrap).filter(b -> !b.isEmpty()),
                settings.get(Settings.KAFKA_EMBEDDED_PORT),
                kafkaClient);
    }

    private HttpConfig http() {
        return new HttpConfig(
                settings.get(Settings.PLATFORM_HTTP_HOSTS),
                settings.get(Settings.PLATFORM_HTTP_PORT),
                settings.get(Settings.PLATFORM_HTTP_REQUEST_BYTES_MAX),
                settings.get(Settings.PLATFORM_HTTP_IMPORT_BYTES_MAX),
                settings.get(Settings.PLATFORM_HTTP_REQUEST_TIMEOUT),
                settings.get(Settings.PLATFORM_HTTP_CONNECTIONS_MAX));
    }
}
