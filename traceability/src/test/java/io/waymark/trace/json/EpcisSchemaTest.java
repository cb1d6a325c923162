package io.waymark.trace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.waymark.identifier.Recognizer;
import io.waymark.trace.capture.Capture;
import io.waymark.trace.capture.Identification;
import io.waymark.trace.capture.Observation;
import io.waymark.trace.capture.Provenance;
import io.waymark.trace.capture.ReadPoints;
import io.waymark.trace.event.ObjectEvent;
import io.waymark.trace.reading.Decoding;
import io.waymark.trace.reading.Message;
import io.waymark.trace.reading.ProfileOptions;
import io.waymark.trace.reading.ReadingDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What we write is EPCIS, says GS1's own schema. GS1 does not let us pass the schema on: put
 * {@code EPCIS-JSON-Schema.json} of github.com/gs1/EPCIS into {@code gs1-epcis} under the folder that
 * {@code WAYMARK_REFERENCE_DATA} names (by default {@code ../../shared/data}), or these tests are skipped.
 */
class EpcisSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static Optional<JsonSchema> schema = Optional.empty();

    @BeforeAll
    static void load() throws Exception {
        Path data = Path.of(
                Optional.ofNullable(System.getenv("WAYMARK_REFERENCE_DATA")).orElse("../../shared/data"));
        Path file = data.resolve("gs1-epcis/EPCIS-JSON-Schema.json");
        if (Files.isReadable(file)) {
            SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                    .formatAssertionsEnabled(true)
                    .build();
            schema = Optional.of(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                    .getSchema(JSON.readTree(file.toFile()), config));
        }
    }

    private static Set<ValidationMessage> violations(JsonNode document) {
        assumeTrue(schema.isPresent(), "EPCIS-JSON-Schema.json is not there");
        return schema.orElseThrow().validate(document);
    }

    private static ObjectEvent capture(String payload) throws Exception {
        Message message = new Message(
                "gate 7/茶",
                "t",
                "gw-1-1-1",
                Instant.parse("2026-11-22T08:00:00Z"),
                payload.getBytes(StandardCharsets.UTF_8));
        Decoding decoding = ReadingDecoder.decode(message, ProfileOptions.defaults());
        assertThat(decoding.problems()).isEmpty();
        Decoding.Item item = decoding.items().get(0);
        Provenance from = new Provenance(message.device(), message.topic(), message.id());
        Observation observation =
                new Identification(Recognizer::recognize).identify(item.profile(), item.reading(), from);
        return Capture.event(observation, new ReadPoints(List.of()).of(from));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"epc\":\"3066C4409047E14000001A85\",\"bizStep\":\"packing\"}",
                "{\"epc\":\"E2801160600002054A1B2C3D\"}",
                "{\"code\":\"88.118.8/茶 叶%#<>\"}",
                "{\"code\":\"1.2.156.3088\"}",
                "{\"code\":\"LSVAM4187C2184847\"}",
                "{\"code\":\"https://www.example.com/p?id=7\"}",
                "{\"gtin\":\"9506000134352\",\"lot\":\"TEA'7\",\"quantity\":120.5,\"unit\":\"kg\"}",
                "{\"gtin\":\"9506000134352\",\"temperature\":86.5,\"bizStep\":\"https://example.com/steps/roasting\"}",
                "{\"temperature\":-0.5,\"values\":{\"drum speed\":32}}",
                "{\"cmd\":\"scan\",\"sn\":\"1\",\"barcode\":\"6901234567892\",\"amount\":\"88.00\",\"msgid\":\"7 / 8\"}",
                "6901234567892"
            })
    void everyEventWeWriteIsValid(String payload) throws Exception {
        ObjectEvent event = capture(payload);
        JsonNode written = JSON.readTree(EventJson.write(event, event.eventId()));

        assertThat(violations(written)).as(written.toPrettyString()).isEmpty();
    }

    /** The oracle can tell: what breaks the standard is seen. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"eventTimeZoneOffset\":\"Z\"}",
                "{\"action\":\"SEEN\"}",
                "{\"bizStep\":\"roasting\"}",
                "{\"unknownMember\":1}",
                "{\"epcList\":[\"no uri\"]}",
                "{\"readPoint\":{}}"
            })
    void theSchemaRefusesWhatIsNotEpcis(String change) throws Exception {
        ObjectEvent event = capture("{\"code\":\"88.118.8/ABC\"}");
        JsonNode written = JSON.readerForUpdating(JSON.readTree(EventJson.write(event, event.eventId())))
                .readValue(change, JsonNode.class);

        assertThat(violations(written)).isNotEmpty();
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        ObjectEvent event = capture(
                "{\"gtin\":\"9506000134352\",\"lot\":\"7\",\"time\":\"2026-11-22T15:00:00+08:00\",\"temperature\":86.5}");

        assertThat(EventJson.read(EventJson.write(event, event.eventId())))
                .isEqualTo(new EventJson.Read(event.eventId(), event));
    }
}
