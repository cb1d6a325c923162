package io.waymark.platform.config;

import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.feed.FeedConfig;
import io.waymark.resolver.rate.Network;
import io.waymark.resolver.upstream.SignaturePolicy;
import io.waymark.resolver.upstream.Targets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Every key of the configuration, once. The shipped {@code conf/waymark.yaml}, {@code waymark serve --help-config} and
 * the reader all come from here.
 */
final class Settings {
    private static final List<Setting<?>> TABLE = new ArrayList<>();
    private static final String LOOPBACK = "127.0.0.1, ::1";
    private static final String HOSTS_NOTE =
            " Loopback only by default; another address opens it to the network. IPv6 is skipped where there is none.";

    static final Setting<Set<Service>> SERVICES = add(
            "services",
            "kafka, resolver, gateway, trace, http",
            ValueType.someOf(Service.class),
            "What this process runs. Without kafka, gateway and trace need kafka.bootstrap.servers.");
    static final Setting<Path> DATA = add(
            "data.directory",
            "data",
            ValueType.path(),
            "Where everything durable lives; one process at a time. --data sets it.");
    static final Setting<LogFormat> LOG_FORMAT = add(
            "log.format", "text", ValueType.oneOf(LogFormat.class), "Log lines for people, or one JSON object each.");

    static final Setting<List<String>> RESOLVER_HANDLE_HOSTS = add(
            "resolver.handle.hosts",
            LOOPBACK,
            ValueType.hosts(),
            "Addresses of the Handle protocol over UDP and TCP." + HOSTS_NOTE);
    static final Setting<Integer> RESOLVER_HANDLE_PORT = add(
            "resolver.handle.port",
            "2641",
            ValueType.port(),
            "Port of the Handle protocol, the same for UDP and TCP. 0 = chosen by the system.");
    static final Setting<List<String>> RESOLVER_HTTP_HOSTS = add(
            "resolver.http.hosts",
            LOOPBACK,
            ValueType.hosts(),
            "Addresses of resolution over HTTP: Handle JSON, tunnel, Digital Link, redirects." + HOSTS_NOTE);
    static final Setting<Integer> RESOLVER_HTTP_PORT =
            add("resolver.http.port", "8000", ValueType.port(), "Port of resolution over HTTP.");
    static final Setting<String> RESOLVER_ADVERTISED_HOST = add(
            "resolver.advertised-host",
            "",
            ValueType.text(253),
            "Address written into site records, where clients will reach this node. Empty = the first bound address.");
    static final Setting<Integer> RESOLVER_IO_THREADS =
            add("resolver.io-threads", "2", ValueType.integer(1, 256), "Event loops of the resolver.");
    static final Setting<Duration> RESOLVER_TCP_IDLE = add(
            "resolver.tcp-idle",
            "2m",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "A Handle connection without traffic is closed after this.");
    static final Setting<Integer> RESOLVER_UDP_ANSWER_BYTES_MAX = add(
            "resolver.udp-answer-bytes-max",
            "1968",
            ValueType.integer(492, 65_000),
            "Larger answers are not sent over UDP: the client must ask over TCP.");
    static final Setting<List<ValueReference>> RESOLVER_SERVER_ADMINS = add(
            "resolver.server-admins",
            "",
            ValueType.references(),
            "Who may home and unhome prefixes with Handle tools: keys or HS_VLIST groups, as 300:88.118.8/ADMIN.");
    static final Setting<Boolean> RESOLVER_SERVER_ADMINS_FULL_ACCESS = add(
            "resolver.server-admins-full-access",
            "false",
            ValueType.bool(),
            "Whether they may also change every record, whatever its HS_ADMIN values say.");
    static final Setting<Integer> RESOLVER_UDP_RATE_PER_SECOND = add(
            "resolver.udp-rate.per-second",
            "1000",
            ValueType.integer(0, 1_000_000_000),
            "Datagrams to one source per second, since addresses can be forged. 0 = no limit. Over TCP there is none.");
    static final Setting<Integer> RESOLVER_UDP_RATE_BURST = add(
            "resolver.udp-rate.burst",
            "2000",
            ValueType.integer(1, 1_000_000_000),
            "Datagrams at once to a source that was silent.");
    static final Setting<Integer> RESOLVER_UDP_RATE_SLIP = add(
            "resolver.udp-rate.slip",
            "2",
            ValueType.integer(0, 1_000_000),
            "Every n-th request over the rate is told that the server is too busy, in no more octets than it came in; the"
                    + " others get nothing. 0 = none.");
    static final Setting<Integer> RESOLVER_UDP_RATE_IPV4_BITS = add(
            "resolver.udp-rate.ipv4-bits",
            "24",
            ValueType.integer(1, 32),
            "Bits of an IPv4 address that make a source: its network.");
    static final Setting<Integer> RESOLVER_UDP_RATE_IPV6_BITS =
            add("resolver.udp-rate.ipv6-bits", "56", ValueType.integer(1, 56), "The same of an IPv6 address.");
    static final Setting<Integer> RESOLVER_UDP_RATE_SOURCES_MAX = add(
            "resolver.udp-rate.sources-max",
            "65536",
            ValueType.integer(4, 1 << 24),
            "Sources remembered, 16 bytes each; the least active make room for others.");
    static final Setting<List<Network>> RESOLVER_UDP_RATE_EXEMPT = add(
            "resolver.udp-rate.exempt",
            "",
            ValueType.networks(),
            "Networks without a limit: resolvers you trust, or 127.0.0.0/8, ::1 to measure on this machine.");
    static final Setting<Integer> RESOLVER_COLD_READS_THREADS = add(
            "resolver.cold-reads.threads",
            "8",
            ValueType.integer(1, 256),
            "Threads that read from the disk what memory does not hold, so that event loops never wait for it.");
    static final Setting<Integer> RESOLVER_COLD_READS_QUEUE_MAX = add(
            "resolver.cold-reads.queue-max",
            "4096",
            ValueType.integer(1, 1_000_000),
            "Requests waiting for them; more are answered that the server is too busy.");

    static final Setting<Integer> RESOLVER_CONNECTIONS_MAX = add(
            "resolver.connections.max",
            "10000",
            ValueType.integer(1, 1_000_000),
            "Connections of Handle over TCP at once, and as many of HTTP; more are closed.");
    static final Setting<Integer> RESOLVER_CONNECTIONS_PER_SOURCE_MAX = add(
            "resolver.connections.per-source-max",
            "1000",
            ValueType.integer(1, 1_000_000),
            "Of these, from one IPv4 address or IPv6 network of 64 bits. A proxy in front is one source.");
    static final Setting<Duration> RESOLVER_CONNECTIONS_REQUEST_TIME = add(
            "resolver.connections.request-time",
            "20s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "A request that has begun must be whole within this time, or its connection is closed.");

    static final Setting<Boolean> RESOLVER_TLS_ENABLED = add(
            "resolver.tls.enabled",
            "true",
            ValueType.bool(),
            "HTTPS beside HTTP on the port of resolver.http. Handle clients are shown the node's own key.");
    static final Setting<String> RESOLVER_TLS_CERTIFICATE = add(
            "resolver.tls.certificate",
            "",
            ValueType.text(4096),
            "PEM file with a certificate chain, own first, for clients that name a host. Empty = the node's own.");
    static final Setting<String> RESOLVER_TLS_KEY =
            add("resolver.tls.key", "", ValueType.text(4096), "PEM file with its private key, unencrypted.");
    static final Setting<Boolean> RESOLVER_TLS_CLIENT_CERTIFICATES = add(
            "resolver.tls.client-certificates",
            "true",
            ValueType.bool(),
            "Ask clients for a certificate: administrators may prove with it who they are. None need have one.");
    static final Setting<Duration> RESOLVER_TLS_RELOAD_CHECK = add(
            "resolver.tls.reload-check",
            "10s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "How often both files are looked at; new ones are taken without a restart.");

    static final Setting<List<String>> RESOLVER_RECURSION_PREFIXES = add(
            "resolver.recursion.prefixes",
            "",
            ValueType.prefixes(),
            "Delegated prefixes under which this node asks the enterprise's node for clients that wish it, and remembers"
                    + " the answers; * = all. Empty = clients are only told where to ask.");
    static final Setting<Targets> RESOLVER_RECURSION_TARGETS = add(
            "resolver.recursion.targets",
            "public",
            ValueType.oneOf(Targets.class),
            "Addresses that may be asked: those of the Internet, private networks too, or any, this machine included."
                    + " They stand in records others write.");
    static final Setting<Duration> RESOLVER_RECURSION_ATTEMPT = add(
            "resolver.recursion.attempt",
            "500ms",
            ValueType.duration(Duration.ofMillis(10), Duration.ofSeconds(10)),
            "How long an answer to the first datagram is waited for; to the second twice as long, then TCP.");
    static final Setting<Duration> RESOLVER_RECURSION_DEADLINE = add(
            "resolver.recursion.deadline",
            "3s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofSeconds(30)),
            "After this the client is told where to ask himself.");
    static final Setting<Integer> RESOLVER_RECURSION_IN_FLIGHT_MAX = add(
            "resolver.recursion.in-flight-max",
            "2048",
            ValueType.integer(1, 1_000_000),
            "Questions on their way at once; for more, clients are told where to ask.");
    static final Setting<Integer> RESOLVER_RECURSION_IN_FLIGHT_PER_SERVER_MAX = add(
            "resolver.recursion.in-flight-per-server-max",
            "256",
            ValueType.integer(1, 1_000_000),
            "Of these, to one server.");
    static final Setting<Long> RESOLVER_RECURSION_CACHE_BYTES = add(
            "resolver.recursion.cache-bytes",
            "32MiB",
            ValueType.bytes(0, 1L << 40),
            "Memory for answers of other nodes.");
    static final Setting<Duration> RESOLVER_RECURSION_NEGATIVE_TTL = add(
            "resolver.recursion.negative-ttl",
            "1m",
            ValueType.duration(Duration.ZERO, Duration.ofDays(2)),
            "How long it is remembered that a handle does not exist there.");
    static final Setting<Integer> RESOLVER_RECURSION_COUNT_MAX = add(
            "resolver.recursion.count-max",
            "10",
            ValueType.integer(1, 40),
            "A question passed on as often as this goes no further.");
    static final Setting<SignaturePolicy> RESOLVER_RECURSION_SIGNATURES = add(
            "resolver.recursion.signatures",
            "keyed",
            ValueType.oneOf(SignaturePolicy.class),
            "Whether answers must be signed with the key in the enterprise's site record: always, if it has one (keyed), or"
                    + " never. Others do not count, and the client is told where to ask.");
    static final Setting<List<String>> RESOLVER_RECURSION_IDENTITIES = add(
            "resolver.recursion.identities",
            "",
            ValueType.prefixes(),
            "Delegated prefixes whose people may prove here who they are: their public keys (HS_PUBKEY) are fetched from"
                    + " the enterprise's node, which must sign them; * = all. Empty = only identities that live here.");

    static final Setting<Duration> RESOLVER_STATISTICS_WRITE_EVERY = add(
            "resolver.statistics.write-every",
            "10s",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "How often the day's counts of resolutions and registrations are written to disk: what a crash may lose.");
    static final Setting<Integer> RESOLVER_STATISTICS_KEEP_DAYS =
            add("resolver.statistics.keep-days", "400", ValueType.integer(1, 36_500), "Days the counts are kept.");
    static final Setting<Integer> RESOLVER_STATISTICS_PREFIXES_MAX = add(
            "resolver.statistics.prefixes-max",
            "10000",
            ValueType.integer(1, 1_000_000),
            "Prefixes counted by name; those that come later are counted together.");
    static final Setting<ZoneId> RESOLVER_STATISTICS_ZONE = add(
            "resolver.statistics.zone",
            "Asia/Shanghai",
            ValueType.zone(),
            "Time zone whose midnight ends a day of the counts.");

    static final Setting<String> RESOLVER_ID = add(
            "resolver.id",
            "resolver-1",
            ValueType.name(),
            "Names this resolver towards Kafka; two resolvers must never share it.");
    static final Setting<Boolean> RESOLVER_FEED_ENABLED = add(
            "resolver.feed.enabled",
            "true",
            ValueType.bool(),
            "Publish every change of a record to waymark.identifiers, where there is a Kafka. Switched on again after a"
                    + " time without, it tells every record anew.");
    static final Setting<FeedConfig.Values> RESOLVER_FEED_VALUES = add(
            "resolver.feed.values",
            "public",
            ValueType.oneOf(FeedConfig.Values.class),
            "What of a record is published: values anybody may read, or all, secret keys too, for replicas. Protect the"
                    + " topic before saying all.");
    static final Setting<Integer> RESOLVER_FEED_BACKLOG_MAX = add(
            "resolver.feed.backlog-max",
            "10000000",
            ValueType.integer(1_000, Integer.MAX_VALUE),
            "Changes that may wait for Kafka; then changes of records are refused as busy.");
    static final Setting<Duration> RESOLVER_FEED_RETENTION = add(
            "resolver.feed.retention",
            "1m",
            ValueType.duration(Duration.ZERO, Duration.ofDays(365)),
            "How long a change stays noted after Kafka has committed it: how far Kafka may go back.");
    static final Setting<Integer> RESOLVER_FEED_TRANSACTION_ENTRIES_MAX = add(
            "resolver.feed.transaction-entries-max",
            "4096",
            ValueType.integer(1, 1_000_000),
            "Most changes in one Kafka transaction.");
    static final Setting<Duration> RESOLVER_FEED_LINGER = add(
            "resolver.feed.linger",
            "20ms",
            ValueType.duration(Duration.ZERO, Duration.ofSeconds(10)),
            "How long a Kafka transaction waits to fill.");

    static final Setting<String> GATEWAY_ID = add(
            "gateway.id",
            "gateway-1",
            ValueType.name(),
            "Names this gateway towards Kafka; two gateways must never share it.");
    static final Setting<List<String>> GATEWAY_MQTT_HOSTS =
            add("gateway.mqtt.hosts", LOOPBACK, ValueType.hosts(), "Addresses of MQTT without TLS." + HOSTS_NOTE);
    static final Setting<Integer> GATEWAY_MQTT_PORT =
            add("gateway.mqtt.port", "1883", ValueType.port(), "Port of MQTT without TLS.");
    static final Setting<AckLevel> GATEWAY_MQTT_ACK = add(
            "gateway.mqtt.ack-level",
            "spool",
            ValueType.oneOf(AckLevel.class),
            "When messages of MQTT without TLS are acknowledged: once read (memory; a crash loses them), on disk here (spool)"
                    + ", or committed in Kafka (kafka). gateway.ack decides by topic.");
    static final Setting<List<String>> GATEWAY_MQTTS_HOSTS =
            add("gateway.mqtts.hosts", LOOPBACK, ValueType.hosts(), "Addresses of MQTT over TLS." + HOSTS_NOTE);
    static final Setting<Integer> GATEWAY_MQTTS_PORT = add(
            "gateway.mqtts.port", "8883", ValueType.port(), "Port of MQTT over TLS; open when a certificate is set.");
    static final Setting<String> GATEWAY_MQTTS_CERTIFICATE = add(
            "gateway.mqtts.certificate", "", ValueType.text(4096), "PEM file with the certificate chain, own first.");
    static final Setting<String> GATEWAY_MQTTS_KEY =
            add("gateway.mqtts.key", "", ValueType.text(4096), "PEM file with the private key (PKCS#8).");
    static final Setting<ClientCertificates.Mode> GATEWAY_MQTTS_CLIENTS = add(
            "gateway.mqtts.client-certificates",
            "none",
            ValueType.oneOf(ClientCertificates.Mode.class),
            "Whether clients are asked for a certificate, which then is the device's proof instead of a password.");
    static final Setting<String> GATEWAY_MQTTS_AUTHORITIES = add(
            "gateway.mqtts.client-authorities",
            "",
            ValueType.text(4096),
            "PEM file with the certificates of those who issue them.");
    static final Setting<String> GATEWAY_MQTTS_REVOCATIONS = add(
            "gateway.mqtts.client-revocations",
            "",
            ValueType.text(4096),
            "PEM file with revocation lists, one of each authority. Empty = nothing is revoked.");
    static final Setting<Boolean> GATEWAY_MQTTS_COMMON_NAME = add(
            "gateway.mqtts.client-common-name",
            "true",
            ValueType.bool(),
            "Whether the subject's common name is the device id. gateway.certificates maps others by fingerprint.");
    static final Setting<Duration> GATEWAY_MQTTS_RELOAD = add(
            "gateway.mqtts.reload-check",
            "10s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "How often all these files are looked at; new ones are taken without a restart.");
    static final Setting<AckLevel> GATEWAY_MQTTS_ACK =
            add("gateway.mqtts.ack-level", "spool", ValueType.oneOf(AckLevel.class), "The same for MQTT over TLS.");
    static final Setting<Boolean> GATEWAY_WS_ENABLED =
            add("gateway.ws.enabled", "false", ValueType.bool(), "MQTT over WebSocket without TLS.");
    static final Setting<List<String>> GATEWAY_WS_HOSTS =
            add("gateway.ws.hosts", LOOPBACK, ValueType.hosts(), "Addresses of MQTT over WebSocket." + HOSTS_NOTE);
    static final Setting<Integer> GATEWAY_WS_PORT =
            add("gateway.ws.port", "8083", ValueType.port(), "Port of MQTT over WebSocket.");
    static final Setting<String> GATEWAY_WS_PATH =
            add("gateway.ws.path", "/mqtt", ValueType.text(256), "Path of both WebSocket listeners.");
    static final Setting<String> GATEWAY_WS_ORIGINS = add(
            "gateway.ws.origins",
            "",
            ValueType.text(4096),
            "Pages that may connect from a browser beside those of the same host, as https://host:port, comma-separated;"
                    + " * = all.");
    static final Setting<AckLevel> GATEWAY_WS_ACK =
            add("gateway.ws.ack-level", "spool", ValueType.oneOf(AckLevel.class), "The same for MQTT over WebSocket.");
    static final Setting<Boolean> GATEWAY_WSS_ENABLED = add(
            "gateway.wss.enabled",
            "false",
            ValueType.bool(),
            "MQTT over WebSocket with TLS, with the certificate of gateway.mqtts.");
    static final Setting<List<String>> GATEWAY_WSS_HOSTS = add(
            "gateway.wss.hosts",
            LOOPBACK,
            ValueType.hosts(),
            "Addresses of MQTT over WebSocket with TLS." + HOSTS_NOTE);
    static final Setting<Integer> GATEWAY_WSS_PORT =
            add("gateway.wss.port", "8084", ValueType.port(), "Port of MQTT over WebSocket with TLS.");
    static final Setting<AckLevel> GATEWAY_WSS_ACK = add(
            "gateway.wss.ack-level",
            "spool",
            ValueType.oneOf(AckLevel.class),
            "The same for MQTT over WebSocket with TLS.");
    static final Setting<Boolean> GATEWAY_AUTH_ANONYMOUS = add(
            "gateway.auth.anonymous",
            "false",
            ValueType.bool(),
            "Accept devices without password. Refused unless every MQTT listener is on loopback.");
    static final Setting<Long> GATEWAY_PACKET_BYTES_MAX =
            add("gateway.packet-bytes-max", "1MiB", ValueType.bytes(1024, 16L << 20), "Largest MQTT packet accepted.");
    static final Setting<Duration> GATEWAY_KEEP_ALIVE_MAX = add(
            "gateway.keep-alive-max",
            "1h",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofSeconds(65_535)),
            "Longest keep-alive granted to a client.");
    static final Setting<Integer> GATEWAY_RECEIVE_MAXIMUM = add(
            "gateway.receive-maximum",
            "1024",
            ValueType.integer(1, 65_535),
            "QoS 1 and 2 messages taken from one client before the first is acknowledged.");
    static final Setting<Integer> GATEWAY_TOPIC_ALIAS_MAXIMUM = add(
            "gateway.topic-alias-maximum",
            "32",
            ValueType.integer(0, 65_535),
            "Highest topic alias of a connection, in either direction; 0 = none.");
    static final Setting<Integer> GATEWAY_QOS_MAX = add(
            "gateway.qos-max", "2", ValueType.integer(0, 2), "Highest QoS a client may publish with or be granted.");
    static final Setting<Boolean> GATEWAY_RETAIN =
            add("gateway.retain", "true", ValueType.bool(), "Whether clients may have messages retained.");
    static final Setting<Boolean> GATEWAY_WILDCARDS = add(
            "gateway.wildcard-subscriptions", "true", ValueType.bool(), "Whether topic filters may hold wildcards.");
    static final Setting<Boolean> GATEWAY_SHARED = add(
            "gateway.shared-subscriptions",
            "true",
            ValueType.bool(),
            "Whether subscriptions may be shared ($share/…).");
    static final Setting<Boolean> GATEWAY_SUBSCRIPTION_IDS = add(
            "gateway.subscription-identifiers",
            "true",
            ValueType.bool(),
            "Whether subscriptions may carry an identifier that comes back with their messages.");
    static final Setting<String> GATEWAY_RESPONSE_INFORMATION = add(
            "gateway.response-information",
            "",
            ValueType.text(1024),
            "Told to MQTT 5 clients that ask where to have answers sent; %c and %u stand for client identifier and"
                    + " device id.");
    static final Setting<Integer> GATEWAY_SESSIONS_MAX = add(
            "gateway.session.count-max",
            "200000",
            ValueType.integer(1, 10_000_000),
            "Clients connected or remembered; more are refused.");
    static final Setting<Duration> GATEWAY_SESSION_EXPIRY_MAX = add(
            "gateway.session.expiry-max",
            "7d",
            ValueType.duration(Duration.ZERO, Duration.ofDays(3650)),
            "Longest a session outlives its connection.");
    static final Setting<Integer> GATEWAY_SUBSCRIPTIONS_MAX = add(
            "gateway.session.subscriptions-max", "256", ValueType.integer(1, 65_535), "Subscriptions of one session.");
    static final Setting<Integer> GATEWAY_SUBSCRIPTIONS_TOTAL_MAX = add(
            "gateway.session.subscriptions-total-max",
            "1000000",
            ValueType.integer(1, 100_000_000),
            "Subscriptions of all sessions.");
    static final Setting<Integer> GATEWAY_QUEUE_COUNT_MAX = add(
            "gateway.session.queue-count-max",
            "10000",
            ValueType.integer(1, 100_000_000),
            "Messages that wait for one session; more are dropped and counted.");
    static final Setting<Long> GATEWAY_QUEUE_BYTES_MAX = add(
            "gateway.session.queue-bytes-max",
            "4MiB",
            ValueType.bytes(1024, 1L << 40),
            "Bytes of messages that wait for one session.");
    static final Setting<Long> GATEWAY_QUEUE_BYTES_TOTAL_MAX = add(
            "gateway.session.queue-bytes-total-max",
            "2GiB",
            ValueType.bytes(1 << 20, 1L << 50),
            "Bytes of messages that wait for all sessions, on disk.");
    static final Setting<Duration> GATEWAY_QUEUE_AGE_MAX = add(
            "gateway.session.queue-age-max",
            "7d",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(3650)),
            "Longest a message waits for a client that is away.");
    static final Setting<Integer> GATEWAY_RETAINED_COUNT_MAX = add(
            "gateway.retained.count-max",
            "100000",
            ValueType.integer(0, 100_000_000),
            "Topics with a retained message; more are not retained and counted.");
    static final Setting<Long> GATEWAY_RETAINED_BYTES_MAX =
            add("gateway.retained.bytes-max", "64MiB", ValueType.bytes(0, 1L << 40), "Bytes of retained messages.");
    static final Setting<Long> GATEWAY_WILL_BYTES_MAX =
            add("gateway.will-bytes-max", "64MiB", ValueType.bytes(0, 1L << 40), "Bytes of the wills of all clients.");
    static final Setting<Integer> GATEWAY_CONNECTIONS_MAX = add(
            "gateway.connections-max",
            "200000",
            ValueType.integer(1, 10_000_000),
            "Open MQTT connections; more are closed at once.");
    static final Setting<Integer> GATEWAY_CONNECTS_PER_SECOND = add(
            "gateway.connects-per-second",
            "1000",
            ValueType.integer(0, 1_000_000),
            "Connections one address may open in a second, with bursts of twenty seconds' worth; 0 = any number.");
    static final Setting<Duration> GATEWAY_CONNECT_TIMEOUT = add(
            "gateway.connect-timeout",
            "10s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            "A connection that has not sent CONNECT by then is closed.");
    static final Setting<Integer> GATEWAY_IO_THREADS =
            add("gateway.io-threads", "2", ValueType.integer(1, 256), "Event loops of the gateway.");
    static final Setting<Boolean> GATEWAY_EVENTS = add(
            "gateway.events",
            "true",
            ValueType.bool(),
            "Whether Kafka is told which devices there are (waymark.devices) and who connects, goes and is refused"
                    + " (waymark.presence).");
    static final Setting<String> GATEWAY_COMMANDS_TOPIC = add(
            "gateway.commands.topic",
            "devices/%u/commands",
            ValueType.text(256),
            "Where a device gets its commands; %u is its id. A command's name is added behind a slash.");
    static final Setting<Duration> GATEWAY_COMMANDS_EXPIRY_MAX = add(
            "gateway.commands.expiry-max",
            "7d",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            "The longest a command waits for its device.");
    static final Setting<Integer> GATEWAY_COMMANDS_DEVICE_MAX = add(
            "gateway.commands.device-max",
            "100",
            ValueType.integer(1, 100_000),
            "Commands that wait for one device; more are refused.");
    static final Setting<Integer> GATEWAY_COMMANDS_COUNT_MAX = add(
            "gateway.commands.count-max",
            "100000",
            ValueType.integer(1, 10_000_000),
            "Commands that wait in all, and at most as many that are over and remembered.");
    static final Setting<Long> GATEWAY_COMMANDS_BYTES_MAX = add(
            "gateway.commands.bytes-max",
            "64MiB",
            ValueType.bytes(1 << 20, 1L << 40),
            "Payload bytes of all commands that wait, kept in memory.");
    static final Setting<Duration> GATEWAY_COMMANDS_REMEMBERED = add(
            "gateway.commands.remembered",
            "1d",
            ValueType.duration(Duration.ofMinutes(1), Duration.ofDays(365)),
            "For how long a command that is over is remembered: so long the same id is the same command.");
    static final Setting<Boolean> GATEWAY_COMMANDS_UNKNOWN_DEVICES = add(
            "gateway.commands.refuse-unknown",
            "true",
            ValueType.bool(),
            "Commands on Kafka for unknown devices are told refused. Not where several gateways read the topic.");
    static final Setting<Integer> GATEWAY_HTTP_KEYS_MAX = add(
            "gateway.http.keys-max",
            "100000",
            ValueType.integer(1, 10_000_000),
            "Idempotency keys remembered; beyond it the oldest go before their time.");
    static final Setting<Integer> GATEWAY_HTTP_KEYS_DEVICE_MAX = add(
            "gateway.http.keys-device-max",
            "10000",
            ValueType.integer(1, 10_000_000),
            "Idempotency keys remembered of one device.");
    static final Setting<Duration> GATEWAY_HTTP_KEY_AGE_MAX = add(
            "gateway.http.key-age-max",
            "1d",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            "How long an idempotency key is remembered: so long the same request counts once.");
    static final Setting<Integer> GATEWAY_HTTP_KAFKA_WAITS_MAX = add(
            "gateway.http.kafka-waits-max",
            "1000",
            ValueType.integer(1, 1_000_000),
            "Requests that wait for Kafka at once, for topics of gateway.ack level kafka; more are answered 503.");
    static final Setting<Duration> GATEWAY_HTTP_KAFKA_WAIT_MAX = add(
            "gateway.http.kafka-wait-max",
            "5s",
            ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(10)),
            "The longest such a request waits; then it is answered 503, and its messages are on disk.");
    static final Setting<Integer> GATEWAY_FORWARD_TRANSACTION_ENTRIES_MAX = add(
            "gateway.forward.transaction-entries-max",
            "16384",
            ValueType.integer(1, 1_000_000),
            "Most messages in one Kafka transaction.");
    static final Setting<Duration> GATEWAY_FORWARD_LINGER = add(
            "gateway.forward.linger",
            "20ms",
            ValueType.duration(Duration.ZERO, Duration.ofSeconds(10)),
            "How long a Kafka transaction waits to fill.");

    static final Setting<Boolean> GATEWAY_FORWARD_REJECTS_OVERSIZE = add(
            "gateway.forward.rejects-oversize",
            "false",
            ValueType.bool(),
            "Whether a message larger than its topic takes goes to waymark.rejected, instead of holding up all behind it"
                    + " until the topic takes it.");
    static final Setting<RejectionLimits.Whose> GATEWAY_REJECTED_WHOSE = add(
            "gateway.rejected.whose",
            "authenticated",
            ValueType.oneOf(RejectionLimits.Whose.class),
            "Whose refused messages go to waymark.rejected with their content: none, authenticated (devices that proved who"
                    + " they are, bridges, the operator) or all (anonymous clients too).");
    static final Setting<Integer> GATEWAY_REJECTED_MESSAGES = add(
            "gateway.rejected.messages-per-second",
            "20",
            ValueType.integer(1, 1_000_000),
            "Refused messages kept in a second, of each device group; more are only counted.");
    static final Setting<Long> GATEWAY_REJECTED_BYTES = add(
            "gateway.rejected.bytes-per-second",
            "128KiB",
            ValueType.bytes(1024, 1L << 40),
            "Bytes of refused messages kept in a second, of each device group.");
    static final Setting<Long> GATEWAY_REJECTED_PAYLOAD_BYTES_MAX = add(
            "gateway.rejected.payload-bytes-max",
            "64KiB",
            ValueType.bytes(0, 512 << 10),
            "How much of a refused payload is kept.");
    static final Setting<Long> GATEWAY_REJECTED_WAITING_BYTES_MAX = add(
            "gateway.rejected.waiting-bytes-max",
            "64MiB",
            ValueType.bytes(1 << 20, 1L << 40),
            "Bytes of refused messages the spool holds while Kafka is away; more are only counted.");

    static final Setting<Long> SPOOL_BYTES_MAX = add(
            "spool.bytes-max",
            "8GiB",
            ValueType.bytes(1 << 20, 1L << 50),
            "Payload bytes the spool may hold while Kafka is away; then devices are slowed and refused.");
    static final Setting<Integer> SPOOL_QUEUE_MAX =
            add("spool.queue-max", "65536", ValueType.integer(16, 1 << 24), "Writes waiting for the spool's writer.");
    static final Setting<Integer> SPOOL_BATCH_MAX =
            add("spool.batch-max", "4096", ValueType.integer(1, 1 << 20), "Most writes made durable by one fsync.");
    static final Setting<Duration> SPOOL_RETENTION = add(
            "spool.retention",
            "1m",
            ValueType.duration(Duration.ZERO, Duration.ofDays(365)),
            "How long a message stays in the spool after Kafka has committed it.");

    static final Setting<Long> RECORDS_BLOCK_CACHE_BYTES = add(
            "records.block-cache-bytes",
            "256MiB",
            ValueType.bytes(1 << 20, 1L << 40),
            "Memory for identifier records read from disk.");
    static final Setting<Long> RECORDS_MEMORY_TIER_BYTES = add(
            "records.memory-tier-bytes",
            "64MiB",
            ValueType.bytes(1 << 16, 1L << 40),
            "Memory in front of it for hot records, answered without a call into RocksDB. Counts against the JVM's"
                    + " -XX:MaxDirectMemorySize, which WAYMARK_JAVA_OPTS may raise.");
    static final Setting<Integer> RECORDS_WRITE_QUEUE_MAX = add(
            "records.write-queue-max",
            "65536",
            ValueType.integer(16, 1 << 24),
            "Changes waiting for the record writer; more are refused.");
    static final Setting<Integer> RECORDS_HISTORY_VERSIONS_MAX = add(
            "records.history.versions-max",
            "100",
            ValueType.integer(0, 1_000_000),
            "Former versions kept of each record. 0 = none.");
    static final Setting<Duration> RECORDS_HISTORY_AGE_MAX = add(
            "records.history.age-max",
            "3653d",
            ValueType.duration(Duration.ofHours(1), Duration.ofDays(36_525)),
            "A former version goes when it has been out of force for this long, and a record deleted so long ago is forgotten.");

    static final Setting<String> TRACE_APPLICATION_ID = add(
            "trace.application-id",
            "waymark-trace",
            ValueType.name(),
            "Kafka Streams application id: consumer group and names of internal topics.");

    static final Setting<String> KAFKA_BOOTSTRAP_SERVERS = add(
            "kafka.bootstrap.servers",
            "",
            ValueType.text(4096),
            "host:port, comma-separated, of a Kafka cluster. Set = no embedded broker.");
    static final Setting<Integer> KAFKA_EMBEDDED_PORT = add(
            "kafka.embedded.port",
            "9092",
            ValueType.port(),
            "Port of the embedded broker on 127.0.0.1. 0 = chosen once, then kept while it is free.");

    static final Setting<List<String>> PLATFORM_HTTP_HOSTS = add(
            "platform.http.hosts",
            LOOPBACK,
            ValueType.hosts(),
            "Addresses of the registry API, console and metrics." + HOSTS_NOTE);
    static final Setting<Integer> PLATFORM_HTTP_PORT =
            add("platform.http.port", "8080", ValueType.port(), "Port of the registry API, console and metrics.");
    static final Setting<Long> PLATFORM_HTTP_REQUEST_BYTES_MAX = add(
            "platform.http.request-bytes-max",
            "10MiB",
            ValueType.bytes(1024, 1L << 30),
            "Largest request body; imports have their own bound.");
    static final Setting<Long> PLATFORM_HTTP_IMPORT_BYTES_MAX = add(
            "platform.http.import-bytes-max",
            "4GiB",
            ValueType.bytes(1024, 1L << 40),
            "Largest import of records in one request; it is streamed.");
    static final Setting<Duration> PLATFORM_HTTP_REQUEST_TIMEOUT = add(
            "platform.http.request-timeout",
            "30s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "A request not answered by then gets 503; imports and exports are not bounded. A connection without a whole request two seconds later is closed.");
    static final Setting<Integer> PLATFORM_HTTP_CONNECTIONS_MAX =
            add("platform.http.connections-max", "2000", ValueType.integer(1, 1_000_000), "Open HTTP connections.");

    /** Keys {@code kafka.client.NAME} pass NAME to every Kafka client, for TLS and SASL. */
    static final String KAFKA_CLIENT_PREFIX = "kafka.client.";

    /** The list of rules {@code trace.read-points[N].FIELD}. */
    static final String READ_POINTS = "trace.read-points";

    /** The list of rules {@code gateway.access[N].FIELD}. */
    static final String ACCESS = "gateway.access";

    /** The list of rules {@code gateway.ack[N].FIELD}. */
    static final String ACKS = "gateway.ack";

    /** The list of mappings {@code gateway.certificates[N].FIELD}. */
    static final String CERTIFICATES = "gateway.certificates";

    /** The list of upstream brokers {@code gateway.bridge[N].FIELD}. */
    static final String BRIDGES = "gateway.bridge";

    private Settings() {}

    /** The table, in the order of the documentation. */
    static List<Setting<?>> all() {
        return Collections.unmodifiableList(TABLE);
    }

    private static <T> Setting<T> add(String key, String defaultText, ValueType<T> type, String meaning) {
        Setting<T> setting = new Setting<>(key, defaultText, type, meaning);
        TABLE.add(setting);
        return setting;
    }
}
