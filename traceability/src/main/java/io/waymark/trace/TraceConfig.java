package io.waymark.trace;

import io.waymark.trace.reading.ProfileOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The traceability branch of the configuration.
 *
 * @param client Kafka client settings, at least {@code bootstrap.servers}; also settings of Kafka Streams such as
 *     {@code num.stream.threads}
 * @param applicationId Kafka Streams application id
 * @param stateDirectory local state stores
 * @param topics names of the topics read and written
 * @param readPoints what a read at a device or topic means, first match wins
 * @param profiles what messages of a topic leave unsaid, first match wins
 * @param smoothing reads of one tag at one read point no further apart than this (event time) are one event
 */
public record TraceConfig(
        Map<String, Object> client,
        String applicationId,
        Path stateDirectory,
        Topics topics,
        List<ReadPointRule> readPoints,
        List<ProfileRule> profiles,
        Duration smoothing) {
    /** The smoothing window when nobody says otherwise. */
    public static final Duration SMOOTHING_DEFAULT = Duration.ofSeconds(5);

    private static final Duration SMOOTHING_MAX = Duration.ofHours(1);

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
     * @param bizStep CBV 2.0 bare word such as {@code packing}, or a URI, or empty
     * @param disposition CBV 2.0 bare word, or a URI, or empty
     * @param action ADD, OBSERVE or DELETE
     */
    public record ReadPointRule(
            String match, String readPoint, String bizLocation, String bizStep, String disposition, String action) {}

    /**
     * What messages do not say about themselves.
     *
     * @param match MQTT topic filter ({@code +}, {@code #}) the message's topic must match
     * @param options time zone, character set and the like
     */
    public record ProfileRule(String match, ProfileOptions options) {}

    /** Copies the collections; refuses a smoothing window outside of 0..1 h. */
    public TraceConfig {
        client = Map.copyOf(client);
        readPoints = List.copyOf(readPoints);
        profiles = List.copyOf(profiles);
        if (smoothing.isNegative() || smoothing.compareTo(SMOOTHING_MAX) > 0) {
            throw new IllegalArgumentException("smoothing must be in 0.." + SMOOTHING_MAX + " but was " + smoothing);
        }
    }

    /** With the default profile options and smoothing window. */
    public TraceConfig(
            Map<String, Object> client,
            String applicationId,
            Path stateDirectory,
            Topics topics,
            List<ReadPointRule> readPoints) {
        this(client, applicationId, stateDirectory, topics, readPoints, List.of(), SMOOTHING_DEFAULT);
    }
}
