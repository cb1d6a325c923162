package io.waymark.platform.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every key of the configuration, once: those of the whole process here, the others in the table of their room. The shipped
 * {@code conf/waymark.yaml}, {@code waymark serve --help-config} and the reader all come from here.
 */
final class Settings {
    private static final SettingTable TABLE = new SettingTable();

    static final Setting<Set<Service>> SERVICES = TABLE.add(
            "services",
            "kafka, resolver, gateway, trace, http",
            ValueType.someOf(Service.class),
            "What this process runs. Without kafka, gateway and trace need kafka.bootstrap.servers.");
    static final Setting<Path> DATA = TABLE.add(
            "data.directory",
            "data",
            ValueType.path(),
            "Where everything durable lives; one process at a time. --data sets it.");
    static final Setting<LogFormat> LOG_FORMAT = TABLE.add(
            "log.format", "text", ValueType.oneOf(LogFormat.class), "Log lines for people, or one JSON object each.");

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

    /** All tables, in the order of the documentation. */
    static List<Setting<?>> all() {
        return Stream.of(
                        TABLE,
                        ResolverSettings.TABLE,
                        GatewayListenerSettings.TABLE,
                        GatewayMqttSettings.TABLE,
                        GatewayFlowSettings.TABLE,
                        StorageSettings.TABLE,
                        PlatformSettings.TABLE)
                .flatMap(table -> table.settings().stream())
                .toList();
    }
}
