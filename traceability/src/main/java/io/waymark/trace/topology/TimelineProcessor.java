package io.waymark.trace.topology;

import io.waymark.trace.json.MalformedRecordException;
import io.waymark.trace.json.TimelineJson;
import io.waymark.trace.timeline.TimelineEntry;
import io.waymark.trace.timeline.TimelineKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Puts entries into the timeline store. Putting one twice is the same as once. */
final class TimelineProcessor implements Processor<byte[], byte[], Void, Void> {
    private final TraceMetrics metrics;

    @SuppressWarnings("NullAway.Init") // Streams calls init before process
    private KeyValueStore<Bytes, byte[]> timeline;

    TimelineProcessor(TraceMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.timeline = context.getStateStore(Stores.TIMELINE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String canonical = new String(record.key(), StandardCharsets.UTF_8);
        TimelineEntry entry = entry(record.value());
        Bytes key = Bytes.wrap(TimelineKey.of(canonical, entry.eventTime(), entry.eventId()));
        timeline.put(key, record.value());
        metrics.timelineEntry();
        rememberLot(canonical, WaymarkHeaders.value(record.headers(), WaymarkHeaders.LOT));
    }

    private static TimelineEntry entry(byte[] value) {
        try {
            return TimelineJson.read(value);
        } catch (MalformedRecordException e) {
            throw new IllegalStateException("only we write the repartition topic", e);
        }
    }

    private void rememberLot(String instance, @Nullable String lot) {
        if (lot == null) {
            return;
        }
        byte[] now = lot.getBytes(StandardCharsets.UTF_8);
        Bytes key = Stores.lotKey(instance);
        if (!Arrays.equals(now, timeline.get(key))) {
            timeline.put(key, now);
        }
    }
}
