package io.waymark.trace.topology;

import io.waymark.trace.capture.Identification;
import io.waymark.trace.capture.Observation;
import io.waymark.trace.capture.Provenance;
import io.waymark.trace.json.ObservationJson;
import io.waymark.trace.reading.Decoding;
import io.waymark.trace.reading.Message;
import io.waymark.trace.reading.ProfileOptions;
import io.waymark.trace.reading.Reading;
import io.waymark.trace.reading.ReadingDecoder;
import io.waymark.trace.reading.Reason;
import io.waymark.trace.reading.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Telemetry → observations; what cannot be understood goes to the rejected topic with its reason. */
final class DecodeProcessor implements Processor<byte[], byte[], byte[], Outgoing> {
    private static final Logger LOG = LoggerFactory.getLogger(DecodeProcessor.class);
    private static final String TYPE = "io.waymark.observation";

    private final Identification identification;
    private final Function<String, ProfileOptions> optionsByTopic;
    private final TopicNames topics;
    private final TraceMetrics metrics;

    private long faults;

    // valid from init on
    @SuppressWarnings("NullAway.Init") // Streams calls init before process
    private ProcessorContext<byte[], Outgoing> context;

    DecodeProcessor(
            Identification identification,
            Function<String, ProfileOptions> optionsByTopic,
            TopicNames topics,
            TraceMetrics metrics) {
        this.identification = identification;
        this.optionsByTopic = optionsByTopic;
        this.topics = topics;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Outcome outcome = outcome(record);
        // forwarded outside of any catch: a failing broker is no bad input
        outcome.observations.forEach(o -> forward(o, record.timestamp()));
        if (!outcome.problems.isEmpty()) {
            reject(record, outcome.problems);
        }
    }

    /** What one record came to. */
    private static final class Outcome {
        private final List<Record<byte[], byte[]>> observations = new ArrayList<>();
        private final List<Decoding.Problem> problems = new ArrayList<>();
    }

    @SuppressWarnings("IllegalCatch") // whatever a message makes us trip over must not stop the stream
    private Outcome outcome(Record<byte[], byte[]> record) {
        Outcome outcome = new Outcome();
        try {
            understand(WaymarkHeaders.message(record), record.timestamp(), outcome);
        } catch (RuntimeException e) {
            if (Long.bitCount(++faults) == 1) {
                LOG.error("{} messages tripped us so far and went to {}; the last:", faults, topics.rejected(), e);
            }
            outcome.problems.add(new Decoding.Problem(Reason.INTERNAL_ERROR, e.toString()));
        }
        return outcome;
    }

    private void understand(Message message, long timestamp, Outcome outcome) {
        Decoding decoding = ReadingDecoder.decode(message, optionsByTopic.apply(message.topic()));
        decoding.skipped().forEach(metrics::skipped);
        outcome.problems.addAll(decoding.problems());
        Provenance provenance = new Provenance(message.device(), message.topic(), message.id());
        int index = 0;
        for (Decoding.Item item : decoding.items()) {
            try {
                Observation observation = identification.identify(item.profile(), item.reading(), provenance);
                count(item, observation);
                outcome.observations.add(record(observation, index++, timestamp));
            } catch (UndecodableException e) {
                outcome.problems.add(new Decoding.Problem(e.reason(), e.detail()));
            }
        }
    }

    private void count(Decoding.Item item, Observation observation) {
        metrics.reading(item.profile(), item.reading().when().clock());
        boolean named = item.reading() instanceof Reading.Measurement measurement && measurement.code() != null;
        if (named && observation.subject() == null) {
            // measured "id": "probe-3" or a lot without its GTIN: kept as a measurement of the place
            metrics.skipped("unidentifiedName");
        }
    }

    private static Record<byte[], byte[]> record(Observation observation, int index, long timestamp) {
        String id = observation.provenance().messageId() + '/' + index;
        Headers headers =
                WaymarkHeaders.cloudEvent(TYPE, id, observation.reading().when().time(), observation.key());
        return new Record<>(
                observation.key().getBytes(StandardCharsets.UTF_8),
                ObservationJson.write(observation),
                timestamp,
                headers);
    }

    private void forward(Record<byte[], byte[]> observation, long timestamp) {
        // the record's time stays that of receipt: a device's clock must not decide what Kafka keeps
        context.forward(observation
                .withValue(new Outgoing(topics.observations(), observation.value()))
                .withTimestamp(timestamp));
    }

    private void reject(Record<byte[], byte[]> record, List<Decoding.Problem> problems) {
        problems.forEach(p -> metrics.rejected(p.reason()));
        context.forward(Rejections.of(record, problems, topics.rejected()));
    }
}
