package io.waymark.trace;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The traceability branch of the configuration.
 *
 * @param client Kafka client settings, at least {@code bootstrap.servers}
 * @param applicationId Kafka Streams application id
 * @param stateDirectory local state stores
 * @param topics names of the topics read and written
 * @param readPoints what a read at a device or topic means, first match wins
 */
public record TraceConfig(
        Map<String, Object> client,
        String applicationId,
        Path stateDirectory,
        Topics topics,
        List<ReadPointRule> readPoints) {
    /** Topic names. */
    public record Topics(String telemetry, String observations, String events, String rejected) {
        /** The names of the design. */
        public static Topics defaults() {
            return new Topics("waymark.telemetry", "waymark.observations", "waymark.events", "waymark.rejected");
        }
    }

    /**
     * What a read means in business terms.
     *
     * @param match MQTT topic filter ({@code +}, {@code #}) the message's topic must match
     * @param readPoint URI, or a GLN as {@code https://id.gs1.org/414/…}
     * @param bizLocation URI, or empty
     * @param bizStep CBV 2.0 bare word such as {@code packing}
     * @param disposition CBV 2.0 bare word, or empty
     * @param action ADD, OBSERVE or DELETE
     */
    public record ReadPointRule(
            String match, String readPoint, String bizLocation, String bizStep, String disposition, String action) {}

    /** Copies the collections. */
    public TraceConfig {
        client = Map.copyOf(client);
        readPoints = List.copyOf(readPoints);
    }
}
