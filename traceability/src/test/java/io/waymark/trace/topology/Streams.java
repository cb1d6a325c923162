package io.waymark.trace.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Recognizer;
import io.waymark.trace.capture.ReadPoint;
import io.waymark.trace.capture.ReadPoints;
import io.waymark.trace.event.Action;
import io.waymark.trace.query.TimelineQuery;
import io.waymark.trace.reading.ProfileOptions;
import io.waymark.trace.reading.TopicFilter;
import io.waymark.trace.timeline.ItemTimeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The whole topology without a broker: messages in, topics and timelines out. */
final class Streams implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    static final TopicNames TOPICS =
            new TopicNames("waymark.telemetry", "waymark.observations", "waymark.events", "waymark.rejected");
    static final ReadPoint PACKING = new ReadPoint(
            "https://id.gs1.org/414/6901234500011",
            "https://id.gs1.org/414/6901234500004",
            "packing",
            "in_progress",
            Action.OBSERVE);
    static final ObjectMapper JSON = new ObjectMapper();

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> telemetry;
    private final TestOutputTopic<String, byte[]> observations;
    private final TestOutputTopic<String, byte[]> events;
    private final TestOutputTopic<String, byte[]> rejected;
    private final List<TestRecord<String, byte[]>> eventsSoFar = new ArrayList<>();
    private int sent;

    Streams(Path state) {
        TraceMetrics metrics = new TraceMetrics(meters);
        ReadPoints readPoints =
                new ReadPoints(List.of(new ReadPoints.Rule(new TopicFilter("factory/packing/#"), PACKING)));
        TraceTopology.Rules rules = new TraceTopology.Rules(
                TOPICS, readPoints, t -> ProfileOptions.defaults(), Duration.ofSeconds(5), Recognizer::recognize);
        driver = new TopologyTestDriver(
                TraceTopology.build(rules, metrics),
                StreamSettings.of(Map.of("bootstrap.servers", "unused:1"), "trace-test", state, metrics),
                NOW);
        telemetry = driver.createInputTopic(TOPICS.telemetry(), new ByteArraySerializer(), new ByteArraySerializer());
        observations =
                driver.createOutputTopic(TOPICS.observations(), new StringDeserializer(), new ByteArrayDeserializer());
        events = driver.createOutputTopic(TOPICS.events(), new StringDeserializer(), new ByteArrayDeserializer());
        rejected = driver.createOutputTopic(TOPICS.rejected(), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** A device publishes text; received at {@link #NOW}. */
    void publish(String device, String topic, String payload) {
        publish(device, topic, payload.getBytes(StandardCharsets.UTF_8));
    }

    void publish(String device, String topic, byte[] payload) {
        Headers headers = new RecordHeaders();
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", "gw-1-7-" + sent);
        put(headers, "ce_time", NOW.toString());
        put(headers, "ce_subject", topic);
        put(headers, "wm_seq", Integer.toString(sent++));
        telemetry.pipeInput(
                new TestRecord<>(device.getBytes(StandardCharsets.UTF_8), payload, headers, NOW.toEpochMilli()));
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a record on one of our own topics, as a stranger might. */
    void intrude(String topic, String key, @Nullable String value) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(
                        key.getBytes(StandardCharsets.UTF_8),
                        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    List<TestRecord<String, byte[]>> observations() {
        return observations.readRecordsToList();
    }

    /** All events so far. */
    List<TestRecord<String, byte[]>> events() {
        eventsSoFar.addAll(events.readRecordsToList());
        return eventsSoFar;
    }

    List<JsonNode> eventBodies() throws Exception {
        List<JsonNode> bodies = new ArrayList<>();
        for (TestRecord<String, byte[]> event : events()) {
            bodies.add(JSON.readTree(event.value()));
        }
        return bodies;
    }

    List<TestRecord<String, byte[]>> rejected() {
        return rejected.readRecordsToList();
    }

    static String header(TestRecord<?, ?> record, String name) {
        return WaymarkHeaders.text(record.headers(), name, "(none)");
    }

    ItemTimeline timeline(String code) throws Exception {
        return timeline(code, TimelineQuery.LIMIT_DEFAULT);
    }

    ItemTimeline timeline(String code, int limit) throws Exception {
        KeyValueStore<org.apache.kafka.common.utils.Bytes, byte[]> store = driver.getKeyValueStore(Stores.TIMELINE);
        return new TimelineQuery(() -> store, Recognizer::recognize, meters).timeline(code, limit);
    }

    double count(String name, String tag, String value) {
        return meters.get(name).tag(tag, value).counter().count();
    }

    @Override
    public void close() {
        driver.close();
    }
}
