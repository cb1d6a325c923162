package io.waymark.platform.config;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.feed.FeedConfig;
import io.waymark.resolver.rate.Network;
import io.waymark.resolver.upstream.SignaturePolicy;
import io.waymark.resolver.upstream.Targets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** The resolver: its doors, what it takes on at once, recursion, statistics and the change feed: {@code resolver.*}. */
final class ResolverSettings {
    static final SettingTable TABLE = new SettingTable();

    static final Setting<List<String>> HANDLE_HOSTS = TABLE.add(
            "resolver.handle.hosts",
            SettingTable.LOOPBACK,
            ValueType.hosts(),
            "Addresses of the Handle protocol over UDP and TCP." + SettingTable.HOSTS_NOTE);
    static final Setting<Integer> HANDLE_PORT = TABLE.add(
            "resolver.handle.port",
            "2641",
            ValueType.port(),
            "Port of the Handle protocol, the same for UDP and TCP. 0 = chosen by the system.");
    static final Setting<List<String>> HTTP_HOSTS = TABLE.add(
            "resolver.http.hosts",
            SettingTable.LOOPBACK,
            ValueType.hosts(),
            "Addresses of resolution over HTTP: Handle JSON, tunnel, Digital Link, redirects."
                    + SettingTable.HOSTS_NOTE);
    static final Setting<Integer> HTTP_PORT =
            TABLE.add("resolver.http.port", "8000", ValueType.port(), "Port of resolution over HTTP.");
    static final Setting<String> ADVERTISED_HOST = TABLE.add(
            "resolver.advertised-host",
            "",
            ValueType.text(253),
            "Address written into site records, where clients will reach this node. Empty = the first bound address.");
    static final Setting<Integer> IO_THREADS =
            TABLE.add("resolver.io-threads", "2", ValueType.integer(1, 256), "Event loops of the resolver.");
    static final Setting<Duration> TCP_IDLE = TABLE.add(
            "resolver.tcp-idle",
            "2m",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "A Handle connection without traffic is closed after this.");
    static final Setting<Integer> UDP_ANSWER_BYTES_MAX = TABLE.add(
            "resolver.udp-answer-bytes-max",
            "1968",
            ValueType.integer(492, 65_000),
            "Larger answers are not sent over UDP: the client must ask over TCP.");
    static final Setting<List<ValueReference>> SERVER_ADMINS = TABLE.add(
            "resolver.server-admins",
            "",
            ValueType.references(),
            "Who may home and unhome prefixes with Handle tools: keys or HS_VLIST groups, as 300:88.118.8/ADMIN.");
    static final Setting<Boolean> SERVER_ADMINS_FULL_ACCESS = TABLE.add(
            "resolver.server-admins-full-access",
            "false",
            ValueType.bool(),
            "Whether they may also change every record, whatever its HS_ADMIN values say.");
    static final Setting<Integer> UDP_RATE_PER_SECOND = TABLE.add(
            "resolver.udp-rate.per-second",
            "1000",
            ValueType.integer(0, 1_000_000_000),
            "Datagrams to one source per second, since addresses can be forged. 0 = no limit. Over TCP there is none.");
    static final Setting<Integer> UDP_RATE_BURST = TABLE.add(
            "resolver.udp-rate.burst",
            "2000",
            ValueType.integer(1, 1_000_000_000),
            "Datagrams at once to a source that was silent.");
    static final Setting<Integer> UDP_RATE_SLIP = TABLE.add(
            "resolver.udp-rate.slip",
            "2",
            ValueType.integer(0, 1_000_000),
            "Every n-th request over the rate is told that the server is too busy, in no more octets than it came in; the"
                    + " others get nothing. 0 = none.");
    static final Setting<Integer> UDP_RATE_IPV4_BITS = TABLE.add(
            "resolver.udp-rate.ipv4-bits",
            "24",
            ValueType.integer(1, 32),
            "Bits of an IPv4 address that make a source: its network.");
    static final Setting<Integer> UDP_RATE_IPV6_BITS =
            TABLE.add("resolver.udp-rate.ipv6-bits", "56", ValueType.integer(1, 56), "The same of an IPv6 address.");
    static final Setting<Integer> UDP_RATE_SOURCES_MAX = TABLE.add(
            "resolver.udp-rate.sources-max",
            "65536",
            ValueType.integer(4, 1 << 24),
            "Sources remembered, 16 bytes each; the least active make room for others.");
    static final Setting<List<Network>> UDP_RATE_EXEMPT = TABLE.add(
            "resolver.udp-rate.exempt",
            "",
            ValueType.networks(),
            "Networks without a limit: resolvers you trust, or 127.0.0.0/8, ::1 to measure on this machine.");
    static final Setting<Integer> COLD_READS_THREADS = TABLE.add(
            "resolver.cold-reads.threads",
            "8",
            ValueType.integer(1, 256),
            "Threads that read from the disk what memory does not hold, so that event loops never wait for it.");
    static final Setting<Integer> COLD_READS_QUEUE_MAX = TABLE.add(
            "resolver.cold-reads.queue-max",
            "4096",
            ValueType.integer(1, 1_000_000),
            "Requests waiting for them; more are answered that the server is too busy.");

    static final Setting<Integer> CONNECTIONS_MAX = TABLE.add(
            "resolver.connections.max",
            "10000",
            ValueType.integer(1, 1_000_000),
            "Connections of Handle over TCP at once, and as many of HTTP; more are closed.");
    static final Setting<Integer> CONNECTIONS_PER_SOURCE_MAX = TABLE.add(
            "resolver.connections.per-source-max",
            "1000",
            ValueType.integer(1, 1_000_000),
            "Of these, from one IPv4 address or IPv6 network of 64 bits. A proxy in front is one source.");
    static final Setting<Duration> CONNECTIONS_REQUEST_TIME = TABLE.add(
            "resolver.connections.request-time",
            "20s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "A request that has begun must be whole within this time, or its connection is closed.");

    static final Setting<Boolean> TLS_ENABLED = TABLE.add(
            "resolver.tls.enabled",
            "true",
            ValueType.bool(),
            "HTTPS beside HTTP on the port of resolver.http. Handle clients are shown the node's own key.");
    static final Setting<String> TLS_CERTIFICATE = TABLE.add(
            "resolver.tls.certificate",
            "",
            ValueType.text(4096),
            "PEM file with a certificate chain, own first, for clients that name a host. Empty = the node's own.");
    static final Setting<String> TLS_KEY =
            TABLE.add("resolver.tls.key", "", ValueType.text(4096), "PEM file with its private key, unencrypted.");
    static final Setting<Boolean> TLS_CLIENT_CERTIFICATES = TABLE.add(
            "resolver.tls.client-certificates",
            "true",
            ValueType.bool(),
            "Ask clients for a certificate: administrators may prove with it who they are. None need have one.");
    static final Setting<Duration> TLS_RELOAD_CHECK = TABLE.add(
            "resolver.tls.reload-check",
            "10s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "How often both files are looked at; new ones are taken without a restart.");

    static final Setting<List<String>> RECURSION_PREFIXES = TABLE.add(
            "resolver.recursion.prefixes",
            "",
            ValueType.prefixes(),
            "Delegated prefixes under which this node asks the enterprise's node for clients that wish it, and remembers"
                    + " the answers; * = all. Empty = clients are only told where to ask.");
    static final Setting<Targets> RECURSION_TARGETS = TABLE.add(
            "resolver.recursion.targets",
            "public",
            ValueType.oneOf(Targets.class),
            "Addresses that may be asked: those of the Internet, private networks too, or any, this machine included."
                    + " They stand in records others write.");
    static final Setting<Duration> RECURSION_ATTEMPT = TABLE.add(
            "resolver.recursion.attempt",
            "500ms",
            ValueType.duration(Duration.ofMillis(10), Duration.ofSeconds(10)),
            "How long an answer to the first datagram is waited for; to the second twice as long, then TCP.");
    static final Setting<Duration> RECURSION_DEADLINE = TABLE.add(
            "resolver.recursion.deadline",
            "3s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofSeconds(30)),
            "After this the client is told where to ask himself.");
    static final Setting<Integer> RECURSION_IN_FLIGHT_MAX = TABLE.add(
            "resolver.recursion.in-flight-max",
            "2048",
            ValueType.integer(1, 1_000_000),
            "Questions on their way at once; for more, clients are told where to ask.");
    static final Setting<Integer> RECURSION_IN_FLIGHT_PER_SERVER_MAX = TABLE.add(
            "resolver.recursion.in-flight-per-server-max",
            "256",
            ValueType.integer(1, 1_000_000),
            "Of these, to one server.");
    static final Setting<Long> RECURSION_CACHE_BYTES = TABLE.add(
            "resolver.recursion.cache-bytes",
            "32MiB",
            ValueType.bytes(0, 1L << 40),
            "Memory for answers of other nodes.");
    static final Setting<Duration> RECURSION_NEGATIVE_TTL = TABLE.add(
            "resolver.recursion.negative-ttl",
            "1m",
            ValueType.duration(Duration.ZERO, Duration.ofDays(2)),
            "How long it is remembered that a handle does not exist there.");
    static final Setting<Integer> RECURSION_COUNT_MAX = TABLE.add(
            "resolver.recursion.count-max",
            "10",
            ValueType.integer(1, 40),
            "A question passed on as often as this goes no further.");
    static final Setting<SignaturePolicy> RECURSION_SIGNATURES = TABLE.add(
            "resolver.recursion.signatures",
            "keyed",
            ValueType.oneOf(SignaturePolicy.class),
            "Whether answers must be signed with the key in the enterprise's site record: always, if it has one (keyed), or"
                    + " never. Others do not count, and the client is told where to ask.");
    static final Setting<List<String>> RECURSION_IDENTITIES = TABLE.add(
            "resolver.recursion.identities",
            "",
            ValueType.prefixes(),
            "Prefixes of other nodes whose people may prove here who they are: their public keys (HS_PUBKEY) are fetched"
                    + " from the node that serves the prefix, which must sign them; * = all. Empty = only identities that"
                    + " live here.");
    static final Setting<String> RECURSION_ROOT = TABLE.add(
            "resolver.recursion.root",
            "",
            ValueType.text(4096),
            "File with the site record of the node to ask who serves prefixes of identities that were not delegated here:"
                    + " its siteinfo.json, or what its GET /api/site answers. Empty = they are not known.");

    static final Setting<Duration> STATISTICS_WRITE_EVERY = TABLE.add(
            "resolver.statistics.write-every",
            "10s",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "How often the day's counts of resolutions and registrations are written to disk: what a crash may lose.");
    static final Setting<Integer> STATISTICS_KEEP_DAYS = TABLE.add(
            "resolver.statistics.keep-days", "400", ValueType.integer(1, 36_500), "Days the counts are kept.");
    static final Setting<Integer> STATISTICS_PREFIXES_MAX = TABLE.add(
            "resolver.statistics.prefixes-max",
            "10000",
            ValueType.integer(1, 1_000_000),
            "Prefixes counted by name; those that come later are counted together.");
    static final Setting<ZoneId> STATISTICS_ZONE = TABLE.add(
            "resolver.statistics.zone",
            "Asia/Shanghai",
            ValueType.zone(),
            "Time zone whose midnight ends a day of the counts.");
    static final Setting<Integer> STATISTICS_NETWORKS_MAX = TABLE.add(
            "resolver.statistics.networks-max",
            "100",
            ValueType.integer(0, 1_000),
            "Networks (IPv4 /24, IPv6 /48) kept of each day, those with the most requests; 0 = none are counted.");

    static final Setting<String> ID = TABLE.add(
            "resolver.id",
            "resolver-1",
            ValueType.name(),
            "Names this resolver towards Kafka; two resolvers must never share it.");
    static final Setting<Boolean> FEED_ENABLED = TABLE.add(
            "resolver.feed.enabled",
            "true",
            ValueType.bool(),
            "Publish every change of a record to waymark.identifiers, where there is a Kafka. Switched on again after a"
                    + " time without, it tells every record anew.");
    static final Setting<FeedConfig.Values> FEED_VALUES = TABLE.add(
            "resolver.feed.values",
            "public",
            ValueType.oneOf(FeedConfig.Values.class),
            "What of a record is published: values anybody may read, or all, secret keys too, for replicas. Protect the"
                    + " topic before saying all.");
    static final Setting<Integer> FEED_BACKLOG_MAX = TABLE.add(
            "resolver.feed.backlog-max",
            "10000000",
            ValueType.integer(1_000, Integer.MAX_VALUE),
            "Changes that may wait for Kafka; then changes of records are refused as busy.");
    static final Setting<Duration> FEED_RETENTION = TABLE.add(
            "resolver.feed.retention",
            "1m",
            ValueType.duration(Duration.ZERO, Duration.ofDays(365)),
            "How long a change stays noted after Kafka has committed it: how far Kafka may go back.");
    static final Setting<Integer> FEED_TRANSACTION_ENTRIES_MAX = TABLE.add(
            "resolver.feed.transaction-entries-max",
            "4096",
            ValueType.integer(1, 1_000_000),
            "Most changes in one Kafka transaction.");
    static final Setting<Duration> FEED_LINGER = TABLE.add(
            "resolver.feed.linger",
            "20ms",
            ValueType.duration(Duration.ZERO, Duration.ofSeconds(10)),
            "How long a Kafka transaction waits to fill.");

    private ResolverSettings() {}
}
