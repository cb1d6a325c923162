package io.waymark.platform.config;

import java.time.Duration;

/** What the gateway offers MQTT clients and where it ends: packets, sessions, retained messages, connections. */
final class GatewayMqttSettings {
    static final SettingTable TABLE = new SettingTable();

    static final Setting<Boolean> DENIALS_TOLD = TABLE.add(
            "gateway.denials-told",
            "true",
            ValueType.bool(),
            "Tell MQTT 5.0 clients that their rules refuse a subscription or message (0x87); false = only that it is refused,"
                    + " and not why (0x80).");
    static final Setting<Long> PACKET_BYTES_MAX = TABLE.add(
            "gateway.packet-bytes-max", "1MiB", ValueType.bytes(1024, 16L << 20), "Largest MQTT packet accepted.");
    static final Setting<Duration> KEEP_ALIVE_MAX = TABLE.add(
            "gateway.keep-alive-max",
            "1h",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofSeconds(65_535)),
            "Longest keep-alive granted to a client.");
    static final Setting<Integer> RECEIVE_MAXIMUM = TABLE.add(
            "gateway.receive-maximum",
            "1024",
            ValueType.integer(1, 65_535),
            "QoS 1 and 2 messages taken from one client before the first is acknowledged.");
    static final Setting<Integer> TOPIC_ALIAS_MAXIMUM = TABLE.add(
            "gateway.topic-alias-maximum",
            "32",
            ValueType.integer(0, 65_535),
            "Highest topic alias of a connection, in either direction; 0 = none.");
    static final Setting<Integer> QOS_MAX = TABLE.add(
            "gateway.qos-max", "2", ValueType.integer(0, 2), "Highest QoS a client may publish with or be granted.");
    static final Setting<Boolean> RETAIN =
            TABLE.add("gateway.retain", "true", ValueType.bool(), "Whether clients may have messages retained.");
    static final Setting<Boolean> WILDCARDS = TABLE.add(
            "gateway.wildcard-subscriptions", "true", ValueType.bool(), "Whether topic filters may hold wildcards.");
    static final Setting<Boolean> SHARED = TABLE.add(
            "gateway.shared-subscriptions",
            "true",
            ValueType.bool(),
            "Whether subscriptions may be shared ($share/…).");
    static final Setting<Boolean> SUBSCRIPTION_IDS = TABLE.add(
            "gateway.subscription-identifiers",
            "true",
            ValueType.bool(),
            "Whether subscriptions may carry an identifier that comes back with their messages.");
    static final Setting<String> RESPONSE_INFORMATION = TABLE.add(
            "gateway.response-information",
            "",
            ValueType.text(1024),
            "Told to MQTT 5 clients that ask where to have answers sent; %c and %u stand for client identifier and"
                    + " device id.");
    static final Setting<Integer> SESSIONS_MAX = TABLE.add(
            "gateway.session.count-max",
            "200000",
            ValueType.integer(1, 10_000_000),
            "Clients connected or remembered; more are refused.");
    static final Setting<Duration> SESSION_EXPIRY_MAX = TABLE.add(
            "gateway.session.expiry-max",
            "7d",
            ValueType.duration(Duration.ZERO, Duration.ofDays(3650)),
            "Longest a session outlives its connection.");
    static final Setting<Integer> SUBSCRIPTIONS_MAX = TABLE.add(
            "gateway.session.subscriptions-max", "256", ValueType.integer(1, 65_535), "Subscriptions of one session.");
    static final Setting<Integer> SUBSCRIPTIONS_TOTAL_MAX = TABLE.add(
            "gateway.session.subscriptions-total-max",
            "1000000",
            ValueType.integer(1, 100_000_000),
            "Subscriptions of all sessions.");
    static final Setting<Integer> QUEUE_COUNT_MAX = TABLE.add(
            "gateway.session.queue-count-max",
            "10000",
            ValueType.integer(1, 100_000_000),
            "Messages that wait for one session; more are dropped and counted.");
    static final Setting<Long> QUEUE_BYTES_MAX = TABLE.add(
            "gateway.session.queue-bytes-max",
            "4MiB",
            ValueType.bytes(1024, 1L << 40),
            "Bytes of messages that wait for one session.");
    static final Setting<Long> QUEUE_BYTES_TOTAL_MAX = TABLE.add(
            "gateway.session.queue-bytes-total-max",
            "2GiB",
            ValueType.bytes(1 << 20, 1L << 50),
            "Bytes of messages that wait for all sessions, on disk.");
    static final Setting<Duration> QUEUE_AGE_MAX = TABLE.add(
            "gateway.session.queue-age-max",
            "7d",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(3650)),
            "Longest a message waits for a client that is away.");
    static final Setting<Integer> RETAINED_COUNT_MAX = TABLE.add(
            "gateway.retained.count-max",
            "100000",
            ValueType.integer(0, 100_000_000),
            "Topics with a retained message; more are not retained and counted.");
    static final Setting<Long> RETAINED_BYTES_MAX = TABLE.add(
            "gateway.retained.bytes-max", "64MiB", ValueType.bytes(0, 1L << 40), "Bytes of retained messages.");
    static final Setting<Long> WILL_BYTES_MAX = TABLE.add(
            "gateway.will-bytes-max", "64MiB", ValueType.bytes(0, 1L << 40), "Bytes of the wills of all clients.");
    static final Setting<Integer> CONNECTIONS_MAX = TABLE.add(
            "gateway.connections-max",
            "200000",
            ValueType.integer(1, 10_000_000),
            "Open MQTT connections; more are closed at once.");
    static final Setting<Integer> CONNECTS_PER_SECOND = TABLE.add(
            "gateway.connects-per-second",
            "1000",
            ValueType.integer(0, 1_000_000),
            "Connections one address may open in a second, with bursts of twenty seconds' worth; 0 = any number.");
    static final Setting<Duration> CONNECT_TIMEOUT = TABLE.add(
            "gateway.connect-timeout",
            "10s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            "A connection that has not sent CONNECT by then is closed.");
    static final Setting<Integer> IO_THREADS =
            TABLE.add("gateway.io-threads", "2", ValueType.integer(1, 256), "Event loops of the gateway.");

    private GatewayMqttSettings() {}
}
