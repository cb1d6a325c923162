package io.waymark.trace.topology;

import io.waymark.trace.capture.Capture;
import io.waymark.trace.capture.Observation;
import io.waymark.trace.capture.Presence;
import io.waymark.trace.capture.Provenance;
import io.waymark.trace.capture.ReadPoint;
import io.waymark.trace.capture.ReadPoints;
import io.waymark.trace.event.ObjectEvent;
import io.waymark.trace.event.Subject;
import io.waymark.trace.json.EventJson;
import io.waymark.trace.json.MalformedRecordException;
import io.waymark.trace.json.ObservationJson;
import io.waymark.trace.reading.Reading;
import io.waymark.trace.reading.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Observations → EPCIS events, repeated tag reads smoothed. */
final class CaptureProcessor implements Processor<byte[], byte[], byte[], Outgoing> {
    private static final String TYPE = "io.waymark.epcis.ObjectEvent";

    private final ReadPoints readPoints;
    private final long windowMillis;
    private final TopicNames topics;
    private final TraceMetrics metrics;

    // valid from init on
    @SuppressWarnings("NullAway.Init") // Streams calls init before process
    private ProcessorContext<byte[], Outgoing> context;

    @SuppressWarnings("NullAway.Init") // likewise
    private KeyValueStore<Bytes, byte[]> presence;

    CaptureProcessor(ReadPoints readPoints, Duration window, TopicNames topics, TraceMetrics metrics) {
        this.readPoints = readPoints;
        this.windowMillis = window.toMillis();
        this.topics = topics;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> context) {
        this.context = context;
        this.presence = context.getStateStore(Stores.PRESENCE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Observation observation;
        try {
            observation = ObservationJson.read(record.value());
        } catch (MalformedRecordException e) {
            metrics.rejected(Reason.FOREIGN_RECORD);
            context.forward(Rejections.foreign(record, String.valueOf(e.getMessage()), topics.rejected()));
            return;
        }
        ReadPoint at = readPoints.of(observation.provenance());
        if (isNews(observation, at)) {
            capture(observation, at, record.timestamp());
        } else {
            metrics.smoothed();
        }
    }

    /** Radio repeats itself, people do not: only tag reads are smoothed. */
    private boolean isNews(Observation observation, ReadPoint at) {
        if (observation.reading().kind() != Reading.Kind.TAG_READ) {
            return true;
        }
        Bytes key = Stores.presenceKey(observation.key(), at.id());
        Presence.Sighting sighting = Presence.fromBytes(presence.get(key))
                .seen(observation.reading().when().time().toEpochMilli(), windowMillis);
        presence.put(key, sighting.presence().toBytes());
        return sighting.news();
    }

    private void capture(Observation observation, ReadPoint at, long timestamp) {
        ObjectEvent event = Capture.event(observation, at);
        String id = event.eventId();
        metrics.event(observation.reading().kind());
        context.forward(new Record<>(
                id.getBytes(StandardCharsets.UTF_8),
                new Outgoing(topics.events(), EventJson.write(event, id)),
                timestamp,
                headers(observation, event, id)));
    }

    /** Where an event came from stands beside it, not in it: its content, and so its id, is the same for everyone. */
    private static Headers headers(Observation observation, ObjectEvent event, String id) {
        Headers headers = WaymarkHeaders.cloudEvent(TYPE, id, event.eventTime(), observation.key());
        Provenance from = observation.provenance();
        WaymarkHeaders.put(headers, WaymarkHeaders.DEVICE, from.device());
        WaymarkHeaders.put(headers, WaymarkHeaders.SOURCE_TOPIC, from.topic());
        WaymarkHeaders.put(headers, WaymarkHeaders.SOURCE_ID, from.messageId());
        Subject subject = observation.subject();
        if (subject != null && subject.level() == Subject.Level.INSTANCE && subject.parent() != null) {
            WaymarkHeaders.put(headers, WaymarkHeaders.LOT, subject.parent());
        }
        return headers;
    }
}
