package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.Recognizer;
import io.waymark.trace.capture.Capture;
import io.waymark.trace.capture.Identification;
import io.waymark.trace.capture.Observation;
import io.waymark.trace.capture.Provenance;
import io.waymark.trace.capture.ReadPoints;
import io.waymark.trace.event.ObjectEvent;
import io.waymark.trace.event.Vocabulary;
import io.waymark.trace.json.EventJson;
import io.waymark.trace.json.ObservationJson;
import java.time.Instant;
import java.util.List;

/** Follows a message all the way: whatever is decoded can be captured, written and read. */
final class Follow {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T08:00:00Z");
    private static final ReadPoints NOWHERE = new ReadPoints(List.of());

    private Follow() {}

    /** The number of events that came of it. */
    static int message(byte[] payload, ProfileOptions options) throws Exception {
        int events = 0;
        Message message = new Message("d", "t", "m", RECEIVED, payload);
        for (Decoding.Item item : ReadingDecoder.decode(message, options).items()) {
            Observation observation;
            try {
                observation = new Identification(Recognizer::recognize)
                        .identify(item.profile(), item.reading(), new Provenance("d", "t", "m"));
            } catch (UndecodableException expected) {
                continue;
            }
            assertThat(ObservationJson.read(ObservationJson.write(observation))).isEqualTo(observation);
            ObjectEvent event = Capture.event(observation, NOWHERE.of(observation.provenance()));
            assertThat(event.epcs()).allMatch(Vocabulary::isUri);
            assertThat(event.quantities()).allMatch(q -> Vocabulary.isUri(q.epcClass()));
            assertThat(EventJson.read(EventJson.write(event, event.eventId())).event())
                    .isEqualTo(event);
            events++;
        }
        return events;
    }
}
