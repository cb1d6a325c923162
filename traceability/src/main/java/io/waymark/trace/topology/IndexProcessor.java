package io.waymark.trace.topology;

import io.waymark.trace.capture.Provenance;
import io.waymark.trace.json.EventJson;
import io.waymark.trace.json.MalformedRecordException;
import io.waymark.trace.json.TimelineJson;
import io.waymark.trace.reading.Reason;
import io.waymark.trace.timeline.Indexing;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events → one timeline entry for every identity an event names, keyed by that identity. */
final class IndexProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(IndexProcessor.class);

    private final UnaryOperator<String> canonical;
    private final TraceMetrics metrics;

    private long leftOut;

    // valid from init on
    @SuppressWarnings("NullAway.Init") // Streams calls init before process
    private ProcessorContext<byte[], byte[]> context;

    IndexProcessor(UnaryOperator<String> canonical, TraceMetrics metrics) {
        this.canonical = canonical;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
    }

    /** At the 1st, 2nd, 4th, 8th …: a stranger writing to our topic must not write our log full. */
    private void warn(MalformedRecordException e) {
        if (Long.bitCount(++leftOut) == 1) {
            LOG.warn("{} events left out of the timelines so far, the last because: {}", leftOut, e.getMessage());
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        EventJson.Read read;
        try {
            read = EventJson.read(record.value());
        } catch (MalformedRecordException e) {
            // the event stays on its topic: only our view of it is missing
            metrics.rejected(Reason.FOREIGN_RECORD);
            warn(e);
            return;
        }
        Provenance from = WaymarkHeaders.provenance(record.headers());
        for (Indexing.Indexed indexed : Indexing.of(read.eventId(), read.event(), from, canonical)) {
            context.forward(record.withKey(indexed.canonical().getBytes(StandardCharsets.UTF_8))
                    .withValue(TimelineJson.write(indexed.entry())));
        }
    }
}
