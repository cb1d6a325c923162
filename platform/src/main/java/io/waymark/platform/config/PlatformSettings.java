package io.waymark.platform.config;

import java.time.Duration;
import java.util.List;

/** What holds the services together: {@code trace.*}, {@code kafka.*} and {@code platform.http.*}. */
final class PlatformSettings {
    static final SettingTable TABLE = new SettingTable();

    static final Setting<String> TRACE_APPLICATION_ID = TABLE.add(
            "trace.application-id",
            "waymark-trace",
            ValueType.name(),
            "Kafka Streams application id: consumer group and names of internal topics.");

    static final Setting<String> KAFKA_BOOTSTRAP_SERVERS = TABLE.add(
            "kafka.bootstrap.servers",
            "",
            ValueType.text(4096),
            "host:port, comma-separated, of a Kafka cluster. Set = no embedded broker.");
    static final Setting<Integer> KAFKA_EMBEDDED_PORT = TABLE.add(
            "kafka.embedded.port",
            "9092",
            ValueType.port(),
            "Port of the embedded broker on 127.0.0.1. 0 = chosen once, then kept while it is free.");

    static final Setting<List<String>> PLATFORM_HTTP_HOSTS = TABLE.add(
            "platform.http.hosts",
            SettingTable.LOOPBACK,
            ValueType.hosts(),
            "Addresses of the registry API, console and metrics." + SettingTable.HOSTS_NOTE);
    static final Setting<Integer> PLATFORM_HTTP_PORT =
            TABLE.add("platform.http.port", "8080", ValueType.port(), "Port of the registry API, console and metrics.");
    static final Setting<Long> PLATFORM_HTTP_REQUEST_BYTES_MAX = TABLE.add(
            "platform.http.request-bytes-max",
            "10MiB",
            ValueType.bytes(1024, 1L << 30),
            "Largest request body; imports have their own bound.");
    static final Setting<Long> PLATFORM_HTTP_IMPORT_BYTES_MAX = TABLE.add(
            "platform.http.import-bytes-max",
            "4GiB",
            ValueType.bytes(1024, 1L << 40),
            "Largest import of records in one request; it is streamed.");
    static final Setting<Duration> PLATFORM_HTTP_REQUEST_TIMEOUT = TABLE.add(
            "platform.http.request-timeout",
            "30s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "A request not answered by then gets 503; imports and exports are not bounded. A connection without a whole request two seconds later is closed.");
    static final Setting<Integer> PLATFORM_HTTP_CONNECTIONS_MAX = TABLE.add(
            "platform.http.connections-max", "2000", ValueType.integer(1, 1_000_000), "Open HTTP connections.");

    private PlatformSettings() {}
}
