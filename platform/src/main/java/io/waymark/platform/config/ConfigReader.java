package io.waymark.platform.config;

import io.waymark.platform.http.HttpConfig;
import io.waymark.platform.kafka.KafkaConfig;
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

/** From settings to the tree; the large branches have a class each. */
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
        ResolverBranch resolver = new ResolverBranch(settings, data);
        Set<Service> services = services(kafka);
        boolean kafkaKnown =
                services.contains(Service.KAFKA) || kafka.bootstrapServers().isPresent();
        return new PlatformConfig(
                services,
                data,
                settings.get(Settings.LOG_FORMAT),
                resolver.read(),
                resolver.feed(kafkaClient),
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

    private SpoolConfig spool() {
        return new SpoolConfig(
                data.resolve("spool"),
                settings.get(StorageSettings.SPOOL_BYTES_MAX),
                settings.get(StorageSettings.SPOOL_QUEUE_MAX),
                settings.get(StorageSettings.SPOOL_BATCH_MAX),
                settings.get(StorageSettings.SPOOL_RETENTION),
                settings.get(StorageSettings.SPOOL_DISK_RESERVE));
    }

    private RecordStoreConfig records(boolean kafkaKnown) {
        return new RecordStoreConfig(
                data.resolve("records"),
                settings.get(StorageSettings.RECORDS_BLOCK_CACHE_BYTES),
                settings.get(StorageSettings.RECORDS_MEMORY_TIER_BYTES),
                settings.get(StorageSettings.RECORDS_WRITE_QUEUE_MAX),
                new HistoryPolicy(
                        settings.get(StorageSettings.RECORDS_HISTORY_VERSIONS_MAX),
                        settings.get(StorageSettings.RECORDS_HISTORY_AGE_MAX)),
                new FeedPolicy(
                        kafkaKnown && settings.get(ResolverSettings.FEED_ENABLED),
                        settings.get(ResolverSettings.FEED_BACKLOG_MAX),
                        settings.get(ResolverSettings.FEED_RETENTION)));
    }

    private TraceConfig trace() {
        return new TraceConfig(
                Map.copyOf(kafkaClient),
                settings.get(PlatformSettings.TRACE_APPLICATION_ID),
                data.resolve("trace"),
                TraceConfig.Topics.defaults(),
                ReadPoints.read(settings));
    }

    private KafkaConfig kafka() {
        String bootstrap = settings.get(PlatformSettings.KAFKA_BOOTSTRAP_SERVERS);
        return new KafkaConfig(
                Optional.of(bootstrap).filter(b -> !b.isEmpty()),
                settings.get(PlatformSettings.KAFKA_EMBEDDED_PORT),
                kafkaClient);
    }

    private HttpConfig http() {
        return new HttpConfig(
                settings.get(PlatformSettings.PLATFORM_HTTP_HOSTS),
                settings.get(PlatformSettings.PLATFORM_HTTP_PORT),
                settings.get(PlatformSettings.PLATFORM_HTTP_REQUEST_BYTES_MAX),
                settings.get(PlatformSettings.PLATFORM_HTTP_IMPORT_BYTES_MAX),
                settings.get(PlatformSettings.PLATFORM_HTTP_REQUEST_TIMEOUT),
                settings.get(PlatformSettings.PLATFORM_HTTP_CONNECTIONS_MAX));
    }
}
