package io.waymark.platform.config;

import io.waymark.gateway.reject.RejectionLimits;
import java.time.Duration;

/** What is not MQTT itself: presence, commands, messages over HTTP, the way to Kafka, what was refused. */
final class GatewayFlowSettings {
    static final SettingTable TABLE = new SettingTable();

    static final Setting<Boolean> EVENTS = TABLE.add(
            "gateway.events",
            "true",
            ValueType.bool(),
            "Whether Kafka is told which devices there are (waymark.devices) and who connects, goes and is refused"
                    + " (waymark.presence).");
    static final Setting<String> COMMANDS_TOPIC = TABLE.add(
            "gateway.commands.topic",
            "devices/%u/commands",
            ValueType.text(256),
            "Where a device gets its commands; %u is its id. A command's name is added behind a slash.");
    static final Setting<Duration> COMMANDS_EXPIRY_MAX = TABLE.add(
            "gateway.commands.expiry-max",
            "7d",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            "The longest a command waits for its device.");
    static final Setting<Integer> COMMANDS_DEVICE_MAX = TABLE.add(
            "gateway.commands.device-max",
            "100",
            ValueType.integer(1, 100_000),
            "Commands that wait for one device; more are refused.");
    static final Setting<Integer> COMMANDS_COUNT_MAX = TABLE.add(
            "gateway.commands.count-max",
            "100000",
            ValueType.integer(1, 10_000_000),
            "Commands that wait in all, and at most as many that are over and remembered.");
    static final Setting<Long> COMMANDS_BYTES_MAX = TABLE.add(
            "gateway.commands.bytes-max",
            "64MiB",
            ValueType.bytes(1 << 20, 1L << 40),
            "Payload bytes of all commands that wait, kept in memory.");
    static final Setting<Duration> COMMANDS_REMEMBERED = TABLE.add(
            "gateway.commands.remembered",
            "1d",
            ValueType.duration(Duration.ofMinutes(1), Duration.ofDays(365)),
            "For how long a command that is over is remembered: so long the same id is the same command.");
    static final Setting<Boolean> COMMANDS_UNKNOWN_DEVICES = TABLE.add(
            "gateway.commands.refuse-unknown",
            "true",
            ValueType.bool(),
            "Commands on Kafka for unknown devices are told refused. Not where several gateways read the topic.");
    static final Setting<Integer> HTTP_KEYS_MAX = TABLE.add(
            "gateway.http.keys-max",
            "100000",
            ValueType.integer(1, 10_000_000),
            "Idempotency keys remembered; beyond it the oldest go before their time.");
    static final Setting<Integer> HTTP_KEYS_DEVICE_MAX = TABLE.add(
            "gateway.http.keys-device-max",
            "10000",
            ValueType.integer(1, 10_000_000),
            "Idempotency keys remembered of one device.");
    static final Setting<Duration> HTTP_KEY_AGE_MAX = TABLE.add(
            "gateway.http.key-age-max",
            "1d",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
            "How long an idempotency key is remembered: so long the same request counts once.");
    static final Setting<Integer> HTTP_KAFKA_WAITS_MAX = TABLE.add(
            "gateway.http.kafka-waits-max",
            "1000",
            ValueType.integer(1, 1_000_000),
            "Requests that wait for Kafka at once, for topics of gateway.ack level kafka; more are answered 503.");
    static final Setting<Duration> HTTP_KAFKA_WAIT_MAX = TABLE.add(
            "gateway.http.kafka-wait-max",
            "5s",
            ValueType.duration(Duration.ofMillis(10), Duration.ofMinutes(10)),
            "The longest such a request waits; then it is answered 503, and its messages are on disk.");
    static final Setting<Integer> FORWARD_TRANSACTION_ENTRIES_MAX = TABLE.add(
            "gateway.forward.transaction-entries-max",
            "16384",
            ValueType.integer(1, 1_000_000),
            "Most messages in one Kafka transaction.");
    static final Setting<Duration> FORWARD_LINGER = TABLE.add(
            "gateway.forward.linger",
            "20ms",
            ValueType.duration(Duration.ZERO, Duration.ofSeconds(10)),
            "How long a Kafka transaction waits to fill.");

    static final Setting<Boolean> FORWARD_REJECTS_OVERSIZE = TABLE.add(
            "gateway.forward.rejects-oversize",
            "false",
            ValueType.bool(),
            "Whether a message larger than its topic takes goes to waymark.rejected, instead of holding up all behind it"
                    + " until the topic takes it.");
    static final Setting<RejectionLimits.Whose> REJECTED_WHOSE = TABLE.add(
            "gateway.rejected.whose",
            "authenticated",
            ValueType.oneOf(RejectionLimits.Whose.class),
            "Whose refused messages go to waymark.rejected with their content: none, authenticated (devices that proved who"
                    + " they are, bridges, the operator) or all (anonymous clients too).");
    static final Setting<Integer> REJECTED_MESSAGES = TABLE.add(
            "gateway.rejected.messages-per-second",
            "20",
            ValueType.integer(1, 1_000_000),
            "Refused messages kept in a second, of each device group; more are only counted.");
    static final Setting<Long> REJECTED_BYTES = TABLE.add(
            "gateway.rejected.bytes-per-second",
            "128KiB",
            ValueType.bytes(1024, 1L << 40),
            "Bytes of refused messages kept in a second, of each device group.");
    static final Setting<Long> REJECTED_PAYLOAD_BYTES_MAX = TABLE.add(
            "gateway.rejected.payload-bytes-max",
            "64KiB",
            ValueType.bytes(0, 512 << 10),
            "How much of a refused payload is kept.");
    static final Setting<Long> REJECTED_WAITING_BYTES_MAX = TABLE.add(
            "gateway.rejected.waiting-bytes-max",
            "64MiB",
            ValueType.bytes(1 << 20, 1L << 40),
            "Bytes of refused messages the spool holds while Kafka is away; more are only counted.");

    private GatewayFlowSettings() {}
}
