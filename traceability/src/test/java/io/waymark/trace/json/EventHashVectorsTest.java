package io.waymark.trace.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognizer;
import io.waymark.trace.event.BizTransaction;
import io.waymark.trace.event.EventHashText;
import io.waymark.trace.event.ObjectEvent;
import io.waymark.trace.event.QuantityElement;
import io.waymark.trace.event.SensorElement;
import io.waymark.trace.event.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of the reference implementation (MIT licence, beside them), as far as their fields are ours. */
class EventHashVectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"epcisDocWithSingleEvent,0", "epcisDocWithDefaultSchemaInContext,0"})
    void reproducesTheReferenceHash(String document, int index) throws Exception {
        ObjectEvent event = canonical(EventJson.event(eventOf(document, index)));

        assertThat(EventHashText.of(event))
                .isEqualTo(lines(document + ".prehashes").get(index));
        assertThat(event.eventId()).isEqualTo(lines(document + ".hashes").get(index));
    }

    /** The text of the first two is garbled as published, and a comment is no part of what happened; the hashes are sound. */
    @ParameterizedTest
    @CsvSource({"epcisDocWithAllGS1Keys,0", "epcisDocWithDefaultSchemaInContext,1", "epcisDocHavingEventWithComment,0"})
    void reproducesTheReferenceHashAlone(String document, int index) throws Exception {
        ObjectEvent event = canonical(EventJson.event(eventOf(document, index)));

        assertThat(event.eventId()).isEqualTo(lines(document + ".hashes").get(index));
    }

    /** Two of its links use words for AIs ({@code /gtin/…}), which Digital Link gave up; without them the rest must be equal. */
    @Test
    void reproducesTheReferenceTextOfEveryKindOfEpc() throws Exception {
        String document = "epclist_normalisation";
        ObjectNode body = (ObjectNode) eventOf(document, 0);
        ArrayNode epcs = (ArrayNode) body.path("epcList");
        for (int i = epcs.size() - 1; i >= 0; i--) {
            if (epcs.get(i).asText().contains("/gtin/")) {
                epcs.remove(i);
            }
        }
        String reference = lines(document + ".prehashes")
                .get(0)
                .replaceAll("epc=https://id.gs1.org/01/09780345418913(/21/765tz)?", "");

        assertThat(EventHashText.of(canonical(EventJson.event(body)))).isEqualTo(reference);
    }

    /** The vector names two members of sensorMetadata that Waymark never writes; without them the rest must be equal. */
    @Test
    void reproducesTheReferenceTextOfSensorElements() throws Exception {
        String document = "epcisDocWithSensorDataObjectEvent";
        ObjectEvent event = canonical(EventJson.event(eventOf(document, 0)));
        String reference = lines(document + ".prehashes")
                .get(0)
                .replaceAll("deviceMetadata=https://id.gs1.org/8004/4000001111", "")
                .replaceAll("rawData=https://id.gs1.org/8004/401234599999", "");

        assertThat(EventHashText.of(event)).isEqualTo(reference);
    }

    private static ObjectEvent canonical(ObjectEvent e) throws MalformedIdentifierException {
        List<String> epcs = new ArrayList<>();
        for (String epc : e.epcs()) {
            epcs.add(canonical(epc));
        }
        List<QuantityElement> quantities = new ArrayList<>();
        for (QuantityElement q : e.quantities()) {
            quantities.add(new QuantityElement(canonical(q.epcClass()), q.quantity(), q.uom()));
        }
        List<SensorElement> sensors = new ArrayList<>();
        for (SensorElement s : e.sensors()) {
            String device = s.deviceId();
            sensors.add(new SensorElement(s.time(), device == null ? null : canonical(device), s.reports()));
        }
        List<BizTransaction> transactions = e.transactions();
        return new ObjectEvent(
                e.eventTime(),
                e.offset(),
                epcs,
                quantities,
                e.action(),
                e.bizStep(),
                e.disposition(),
                place(e.readPoint()),
                place(e.bizLocation()),
                transactions,
                sensors);
    }

    private static @Nullable String place(@Nullable String uri) throws MalformedIdentifierException {
        return uri == null ? null : canonical(uri);
    }

    private static String canonical(String uri) throws MalformedIdentifierException {
        return Subject.of(Recognizer.recognize(uri).identifier()).canonical();
    }

    private static JsonNode eventOf(String document, int index) throws IOException {
        try (InputStream in = resource(document + ".jsonld")) {
            return JSON.readTree(in).path("epcisBody").path("eventList").get(index);
        }
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream in = resource(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank())
                    .toList();
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(EventHashVectorsTest.class.getResourceAsStream("/event-hash/" + name), name);
    }
}
