package io.waymark.trace.topology;

import io.waymark.trace.capture.Identification;
import io.waymark.trace.capture.ReadPoints;
import io.waymark.trace.capture.Recognise;
import io.waymark.trace.reading.ProfileOptions;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * The streams.
 *
 * <pre>
 *   telemetry ──decode──► observations ──capture (presence)──► events ──index──► timeline-by-item ──► timeline store
 *       └──────────────► rejected ◄────────┘
 * </pre>
 *
 * Every arrow through a topic is part of the same transaction as its cause (exactly once). Observations are keyed by item, so
 * smoothing sees an item's reads on one thread; timelines are sorted by their keys, so nothing depends on arrival order.
 */
public final class TraceTopology {
    private static final Consumed<byte[], byte[]> BYTES = Consumed.with(Serdes.ByteArray(), Serdes.ByteArray());

    private TraceTopology() {}

    /**
     * What the streams are told from outside.
     *
     * @param topics topics read and written
     * @param readPoints what a read means where
     * @param optionsByTopic profile options by MQTT topic
     * @param smoothing window within which repeated reads of a tag are one
     * @param recognise says what a code is
     */
    public record Rules(
            TopicNames topics,
            ReadPoints readPoints,
            Function<String, ProfileOptions> optionsByTopic,
            Duration smoothing,
            Recognise recognise) {}

    /** Builds the topology. */
    public static Topology build(Rules rules, TraceMetrics metrics) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(Stores.presence());
        builder.addStateStore(Stores.timeline());
        decode(builder, rules, metrics);
        capture(builder, rules, metrics);
        index(builder, rules, metrics);
        return builder.build();
    }

    private static void decode(StreamsBuilder builder, Rules rules, TraceMetrics metrics) {
        Identification identification = new Identification(rules.recognise());
        send(builder.stream(rules.topics().telemetry(), BYTES)
                .process(
                        () -> new DecodeProcessor(identification, rules.optionsByTopic(), rules.topics(), metrics),
                        Named.as("decode")));
    }

    private static void capture(StreamsBuilder builder, Rules rules, TraceMetrics metrics) {
        send(builder.stream(rules.topics().observations(), BYTES)
                .process(
                        () -> new CaptureProcessor(rules.readPoints(), rules.smoothing(), rules.topics(), metrics),
                        Named.as("capture"),
                        Stores.PRESENCE));
    }

    private static void index(StreamsBuilder builder, Rules rules, TraceMetrics metrics) {
        CanonicalUri canonical = new CanonicalUri(rules.recognise());
        builder.stream(rules.topics().events(), BYTES)
                .process(() -> new IndexProcessor(canonical, metrics), Named.as("index"))
                .repartition(Repartitioned.with(Serdes.ByteArray(), Serdes.ByteArray())
                        .withName("timeline-by-item"))
                .process(() -> new TimelineProcessor(metrics), Named.as("timeline-writer"), Stores.TIMELINE);
    }

    private static void send(KStream<byte[], Outgoing> stream) {
        Serde<Outgoing> serde = Serdes.serdeFrom((topic, outgoing) -> outgoing.value(), (topic, octets) -> {
            throw new IllegalStateException("outgoing records are never read");
        });
        stream.to((key, outgoing, context) -> outgoing.topic(), Produced.with(Serdes.ByteArray(), serde));
    }
}
