package io.waymark.platform.config;

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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The resolver's branch, from the keys {@code resolver.*}.
 *
 * @param settings where they are read
 * @param data directory of everything durable
 */
record ResolverBranch(SettingReader settings, Path data) {
    ResolverConfig read() {
        return new ResolverConfig(
                new ResolverConfig.Listeners(
                        listener(ResolverSettings.HANDLE_HOSTS, ResolverSettings.HANDLE_PORT),
                        listener(ResolverSettings.HTTP_HOSTS, ResolverSettings.HTTP_PORT),
                        tls(),
                        settings.get(ResolverSettings.ADVERTISED_HOST)),
                new ResolverConfig.Transport(
                        settings.get(ResolverSettings.IO_THREADS),
                        settings.get(ResolverSettings.TCP_IDLE),
                        settings.get(ResolverSettings.UDP_ANSWER_BYTES_MAX)),
                new ServerAdmins(
                        settings.get(ResolverSettings.SERVER_ADMINS),
                        settings.get(ResolverSettings.SERVER_ADMINS_FULL_ACCESS)),
                Optional.of(statistics()),
                load(),
                upstream());
    }

    private ResolverConfig.Listener listener(Setting<List<String>> hosts, Setting<Integer> port) {
        return new ResolverConfig.Listener(settings.get(hosts), settings.get(port));
    }

    private UpstreamConfig upstream() {
        return new UpstreamConfig(
                Set.copyOf(settings.get(ResolverSettings.RECURSION_PREFIXES)),
                settings.get(ResolverSettings.RECURSION_TARGETS),
                settings.get(ResolverSettings.RECURSION_ATTEMPT),
                settings.get(ResolverSettings.RECURSION_DEADLINE),
                settings.get(ResolverSettings.RECURSION_IN_FLIGHT_MAX),
                settings.get(ResolverSettings.RECURSION_IN_FLIGHT_PER_SERVER_MAX),
                settings.get(ResolverSettings.RECURSION_CACHE_BYTES),
                settings.get(ResolverSettings.RECURSION_NEGATIVE_TTL),
                settings.get(ResolverSettings.RECURSION_COUNT_MAX),
                settings.get(ResolverSettings.RECURSION_SIGNATURES),
                Set.copyOf(settings.get(ResolverSettings.RECURSION_IDENTITIES)),
                Optional.of(settings.get(ResolverSettings.RECURSION_ROOT))
                        .filter(file -> !file.isEmpty())
                        .map(Path::of));
    }

    private StatisticsConfig statistics() {
        return new StatisticsConfig(
                data.resolve("statistics"),
                settings.get(ResolverSettings.STATISTICS_WRITE_EVERY),
                settings.get(ResolverSettings.STATISTICS_KEEP_DAYS),
                settings.get(ResolverSettings.STATISTICS_PREFIXES_MAX),
                settings.get(ResolverSettings.STATISTICS_ZONE),
                settings.get(ResolverSettings.STATISTICS_NETWORKS_MAX));
    }

    private LoadLimits load() {
        return new LoadLimits(
                new ColdPath.Limits(
                        settings.get(ResolverSettings.COLD_READS_THREADS),
                        settings.get(ResolverSettings.COLD_READS_QUEUE_MAX)),
                new ResponseRate(
                        settings.get(ResolverSettings.UDP_RATE_PER_SECOND),
                        settings.get(ResolverSettings.UDP_RATE_BURST),
                        settings.get(ResolverSettings.UDP_RATE_SLIP),
                        settings.get(ResolverSettings.UDP_RATE_IPV4_BITS),
                        settings.get(ResolverSettings.UDP_RATE_IPV6_BITS),
                        settings.get(ResolverSettings.UDP_RATE_SOURCES_MAX),
                        settings.get(ResolverSettings.UDP_RATE_EXEMPT)),
                new ConnectionLimits(
                        settings.get(ResolverSettings.CONNECTIONS_MAX),
                        settings.get(ResolverSettings.CONNECTIONS_PER_SOURCE_MAX),
                        settings.get(ResolverSettings.CONNECTIONS_REQUEST_TIME)));
    }

    private TlsSettings tls() {
        String certificate = settings.get(ResolverSettings.TLS_CERTIFICATE);
        String key = settings.get(ResolverSettings.TLS_KEY);
        return new TlsSettings(
                settings.get(ResolverSettings.TLS_ENABLED),
                certificate.isEmpty() || key.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new TlsSettings.Files(Path.of(certificate), Path.of(key))),
                settings.get(ResolverSettings.TLS_CLIENT_CERTIFICATES),
                settings.get(ResolverSettings.TLS_RELOAD_CHECK));
    }

    /** The change feed; its Kafka client takes these settings. */
    FeedConfig feed(Map<String, String> kafkaClient) {
        FeedConfig defaults = FeedConfig.defaults(Map.of());
        return new FeedConfig(
                settings.get(ResolverSettings.ID),
                Map.copyOf(kafkaClient),
                defaults.topic(),
                defaults.progressTopic(),
                settings.get(ResolverSettings.FEED_TRANSACTION_ENTRIES_MAX),
                settings.get(ResolverSettings.FEED_LINGER),
                settings.get(ResolverSettings.FEED_VALUES));
    }
}
