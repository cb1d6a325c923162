package io.waymark.trace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.trace.timeline.ItemTimeline;
import io.waymark.trace.timeline.TimelineEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTopologyTest {
    /** The TDS example tag: (01)09506000134352(21)6789, filter 3. */
    private static final String TAG = "3066C4409047E14000001A85";

    private static final String ITEM = "https://id.gs1.org/01/09506000134352/21/6789";
    private static final String LOT = "https://id.gs1.org/01/09506000134352/10/TEA7";

    @TempDir
    Path state;

    private Streams streams;

    @BeforeEach
    void open() {
        streams = new Streams(state);
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private static String tagInventory(String epcHex, String time) {
        return """
                {"timestamp":"%s","hostname":"impinj-14-46-36","eventType":"tagInventory",
                 "tagInventoryEvent":{"epcHex":"%s","antennaPort":2,"peakRssiCdbm":-5234}}""".formatted(time, epcHex);
    }

    @Test
    void tagReadBecomesAnObjectEventInTheItemsTimeline() throws Exception {
        streams.publish("rfid-tunnel-1", "factory/packing/tunnel", tagInventory(TAG, "2026-11-22T07:59:58.123456789Z"));

        JsonNode event = streams.eventBodies().get(0);
        assertThat(event.path("type").asText()).isEqualTo("ObjectEvent");
        assertThat(event.path("epcList").get(0).asText()).isEqualTo(ITEM);
        assertThat(event.path("eventTime").asText()).isEqualTo("2026-11-22T07:59:58.123Z");
        assertThat(event.path("bizStep").asText()).isEqualTo("packing");
        assertThat(event.path("disposition").asText()).isEqualTo("in_progress");
        assertThat(event.path("readPoint").path("id").asText()).isEqualTo(Streams.PACKING.id());
        assertThat(streams.events().get(0).key())
                .isEqualTo(event.path("eventID").asText())
                .matches("ni:///sha-256;[0-9a-f]{64}\\?ver=CBV2\\.0");

        ItemTimeline timeline = streams.timeline("(01)09506000134352(21)6789");
        assertThat(timeline.identifier()).isEqualTo(ITEM);
        TimelineEntry entry = timeline.events().get(0);
        assertThat(entry.device()).isEqualTo("rfid-tunnel-1");
        assertThat(entry.topic()).isEqualTo("factory/packing/tunnel");
        assertThat(entry.messageId()).isEqualTo("gw-1-7-0");
        assertThat(entry.bizStep()).isEqualTo("packing");
    }

    @Test
    void observationIsKeyedByCanonicalIdentifier() {
        streams.publish("rfid-tunnel-1", "factory/packing/tunnel", tagInventory(TAG, "2026-11-22T07:59:58Z"));

        TestRecord<String, byte[]> observation = streams.observations().get(0);
        assertThat(observation.key()).isEqualTo(ITEM);
        assertThat(Streams.header(observation, "ce_id")).isEqualTo("gw-1-7-0/0");
    }

    @Test
    void everySpellingOfACodeHasTheSameTimeline() throws Exception {
        streams.publish("rfid-tunnel-1", "t", tagInventory(TAG, "2026-11-22T07:59:58Z"));

        for (String spelling : List.of(
                TAG,
                "(01)09506000134352(21)6789",
                "]C101095060001343522" + "16789",
                "https://example.com/some/stem/01/09506000134352/21/6789?17=271231",
                "urn:epc:id:sgtin:95060001343.05.6789")) {
            assertThat(streams.timeline(spelling).events()).as(spelling).hasSize(1);
        }
    }

    @Test
    void repeatedReadsWithinTheWindowAreOneEvent() throws Exception {
        for (int second = 0; second < 20; second += 4) {
            streams.publish("r", "factory/packing/a", tagInventory(TAG, "2026-11-22T07:00:%02dZ".formatted(second)));
        }
        assertThat(streams.events()).hasSize(1);
        assertThat(streams.count("waymark.trace.smoothed", "kind", "tag_read")).isEqualTo(4);
    }

    @Test
    void readAfterTheWindowIsNews() throws Exception {
        streams.publish("r", "factory/packing/a", tagInventory(TAG, "2026-11-22T07:00:00.000Z"));
        streams.publish("r", "factory/packing/a", tagInventory(TAG, "2026-11-22T07:00:05.000Z"));
        streams.publish("r", "factory/packing/a", tagInventory(TAG, "2026-11-22T07:00:10.001Z"));

        assertThat(streams.timeline(TAG).events()).hasSize(2);
    }

    @Test
    void readsAtAnotherReadPointAreNews() throws Exception {
        streams.publish("r1", "elsewhere", tagInventory(TAG, "2026-11-22T07:00:00Z"));
        streams.publish("r2", "elsewhere", tagInventory(TAG, "2026-11-22T07:00:01Z"));

        assertThat(streams.timeline(TAG).events())
                .extracting(TimelineEntry::readPoint)
                .containsExactly("urn:waymark:device:r1", "urn:waymark:device:r2");
    }

    @Test
    void lateEventsStandInOrderOfEventTime() throws Exception {
        streams.publish("r", "x", tagInventory(TAG, "2026-11-22T07:30:00Z"));
        streams.publish("r", "x", tagInventory(TAG, "2026-11-22T07:10:00Z"));
        streams.publish("r", "x", tagInventory(TAG, "2026-11-22T07:20:00Z"));

        assertThat(streams.timeline(TAG).events())
                .extracting(TimelineEntry::eventTime)
                .containsExactly(
                        Instant.parse("2026-11-22T07:10:00Z"),
                        Instant.parse("2026-11-22T07:20:00Z"),
                        Instant.parse("2026-11-22T07:30:00Z"));
    }

    @Test
    void limitKeepsTheLatestAndSaysTruncated() throws Exception {
        for (int minute = 0; minute < 5; minute++) {
            streams.publish("r", "x", tagInventory(TAG, "2026-11-22T07:0%d:00Z".formatted(minute)));
        }
        ItemTimeline timeline = streams.timeline(TAG, 2);

        assertThat(timeline.truncated()).isTrue();
        assertThat(timeline.events())
                .extracting(TimelineEntry::eventTime)
                .containsExactly(Instant.parse("2026-11-22T07:03:00Z"), Instant.parse("2026-11-22T07:04:00Z"));
        assertThat(streams.timeline(TAG, 5).truncated()).isFalse();
    }

    @Test
    void unknownItemHasAnEmptyTimeline() throws Exception {
        assertThat(streams.timeline("88.118.8/ABC123").events()).isEmpty();
    }

    @Test
    void instanceShowsTheEventsOfTheLotItsScanNamed() throws Exception {
        streams.publish("roaster", "x", """
                {"code":"(01)09506000134352(10)TEA7","time":"2026-11-22T05:00:00Z","temperature":86.5}""");
        streams.publish("scanner", "x", """
                {"code":"(01)09506000134352(10)TEA7(21)6789","time":"2026-11-22T06:00:00Z"}""");

        List<TimelineEntry> events = streams.timeline(TAG).events();
        assertThat(events).hasSize(2);
        assertThat(events.get(0).about()).isEqualTo(LOT);
        assertThat(events.get(0).sensor().get(0).value()).isEqualTo(86.5);
        assertThat(events.get(1).about()).isNull();
        assertThat(streams.timeline(LOT).events()).hasSize(1);
    }

    @Test
    void lotEventStandsInTheTimelineOfItsGtin() throws Exception {
        streams.publish("roaster", "x", """
                {"gtin":"9506000134352","lot":"TEA7","time":"2026-11-22T05:00:00Z","quantity":120,"unit":"kg"}""");

        JsonNode element = streams.eventBodies().get(0).path("quantityList").get(0);
        assertThat(element.path("epcClass").asText()).isEqualTo(LOT);
        assertThat(element.path("quantity").asDouble()).isEqualTo(120);
        assertThat(element.path("uom").asText()).isEqualTo("KGM");
        assertThat(streams.timeline("9506000134352").events())
                .extracting(TimelineEntry::about)
                .containsExactly(LOT);
    }

    @Test
    void posScanIsASale() throws Exception {
        String data = Base64.getEncoder().encodeToString("6901234567892".getBytes(StandardCharsets.UTF_8));
        streams.publish("pos-7", "shop/pos", """
                {"cmd":"scan","sn":"POS0007","data":"%s","amount":"88.00","msgid":"20261122-17","time":"2026-11-22 15:30:00"}""".formatted(data));

        JsonNode event = streams.eventBodies().get(0);
        assertThat(event.path("bizStep").asText()).isEqualTo("retail_selling");
        assertThat(event.path("disposition").asText()).isEqualTo("retail_sold");
        assertThat(event.path("eventTime").asText()).isEqualTo("2026-11-22T07:30:00.000Z");
        assertThat(event.path("eventTimeZoneOffset").asText()).isEqualTo("+08:00");
        assertThat(event.path("bizTransactionList")
                        .get(0)
                        .path("bizTransaction")
                        .asText())
                .isEqualTo("urn:waymark:transaction:pos-7:20261122-17");
        assertThat(streams.timeline("6901234567892").events()).hasSize(1);
    }

    @Test
    void twoSalesOfOneClassInOneSecondAreTwoEvents() throws Exception {
        String sale = """
                {"cmd":"scan","sn":"1","barcode":"6901234567892","time":"2026-11-22 15:30:00"}""";
        streams.publish("pos", "x", sale);
        streams.publish("pos", "x", sale);

        assertThat(streams.timeline("6901234567892").events()).hasSize(2);
    }

    @Test
    void sameScanOfAnInstanceSentTwiceIsOneEvent() throws Exception {
        String scan = """
                {"code":"88.118.8/ABC123","time":"2026-11-22T06:00:00Z"}""";
        streams.publish("scanner", "x", scan);
        streams.publish("scanner", "x", scan);

        assertThat(streams.timeline("88.118.8/abc123").events()).hasSize(1);
    }

    @Test
    void measurementWithoutCodeIsASensorOnlyEvent() throws Exception {
        streams.publish("probe-3", "factory/packing/climate", """
                {"ts":1763798400000,"temperature":21.5,"humidity":{"value":60,"unit":"%"}}""");

        JsonNode event = streams.eventBodies().get(0);
        assertThat(event.has("epcList") || event.has("quantityList")).isFalse();
        assertThat(event.path("bizStep").asText()).isEqualTo("sensor_reporting");
        assertThat(event.path("readPoint").path("id").asText()).isEqualTo(Streams.PACKING.id());
        assertThat(event.at("/sensorElementList/0/sensorReport/0/type").asText())
                .isEqualTo("Temperature");
        assertThat(event.at("/sensorElementList/0/sensorMetadata/deviceID").asText())
                .isEqualTo("urn:waymark:device:probe-3");
        assertThat(streams.timeline("(414)6901234500011").events()).hasSize(1);
    }

    @Test
    void undecodableInputIsRejectedWithItsReasonAndHeaders() {
        streams.publish("d", "some/topic", "{\"broken\":");

        TestRecord<String, byte[]> rejected = streams.rejected().get(0);
        assertThat(rejected.key()).isEqualTo("d");
        assertThat(new String(rejected.value(), StandardCharsets.UTF_8)).isEqualTo("{\"broken\":");
        assertThat(Streams.header(rejected, "wm_reason")).isEqualTo("malformed_json");
        assertThat(Streams.header(rejected, "wm_detail")).contains("octet");
        assertThat(Streams.header(rejected, "ce_subject")).isEqualTo("some/topic");
        assertThat(streams.count("waymark.trace.rejected", "reason", "malformed_json"))
                .isEqualTo(1);
    }

    @Test
    void badElementDoesNotSpoilTheGoodOnes() throws Exception {
        streams.publish(
                "r",
                "x",
                "[" + tagInventory(TAG, "2026-11-22T07:00:00Z") + "," + tagInventory("30XX", "2026-11-22T07:00:00Z")
                        + "]");

        assertThat(streams.events()).hasSize(1);
        TestRecord<String, byte[]> rejected = streams.rejected().get(0);
        assertThat(Streams.header(rejected, "wm_reason")).isEqualTo("bad_encoding");
        assertThat(Streams.header(rejected, "wm_detail")).startsWith("element 1: ");
    }

    @Test
    void otherReaderEventsAreSkippedNotRejected() {
        streams.publish("r", "x", """
                {"timestamp":"2026-11-22T07:00:00Z","eventType":"antennaConnected","antennaConnectedEvent":{"antennaPort":1}}""");
        streams.publish("r", "x", "[]");

        assertThat(streams.rejected()).isEmpty();
        assertThat(streams.events()).isEmpty();
        assertThat(streams.count("waymark.trace.skipped", "what", "antennaConnected"))
                .isEqualTo(1);
        assertThat(streams.count("waymark.trace.skipped", "what", "heartbeat")).isEqualTo(1);
    }

    @Test
    void foreignRecordsOnOurTopicsDoNotStopTheStream() throws Exception {
        streams.intrude("waymark.observations", "k", "not ours");
        streams.intrude("waymark.events", "k", "not ours");
        streams.intrude("waymark.events", "k", "{\"type\":\"AggregationEvent\"}");
        streams.intrude("waymark.observations", "k", null);
        streams.intrude("waymark.events", "k", null);
        streams.publish("r", "x", tagInventory(TAG, "2026-11-22T07:00:00Z"));

        assertThat(streams.timeline(TAG).events()).hasSize(1);
        assertThat(streams.count("waymark.trace.rejected", "reason", "foreign_record"))
                .isEqualTo(5);
        assertThat(streams.rejected())
                .extracting(r -> Streams.header(r, "wm_reason"))
                .containsExactly("foreign_record", "foreign_record");
    }

    @Test
    void eventsOfOthersInUrnSpellingStandInTheTimeline() throws Exception {
        streams.intrude("waymark.events", "theirs", """
                {"type":"ObjectEvent","eventID":"urn:uuid:0b9fbd41-8f3b-4a57-9d9f-6f5c1c1e6c11","action":"OBSERVE",
                 "eventTime":"2026-11-22T09:00:00.000+02:00","eventTimeZoneOffset":"+02:00",
                 "epcList":["urn:epc:id:sgtin:95060001343.05.6789","hdl:88.118.8/abc"],
                 "bizStep":"urn:epcglobal:cbv:bizstep:shipping"}""");

        assertThat(streams.timeline(TAG).events())
                .extracting(TimelineEntry::bizStep)
                .containsExactly("shipping");
        assertThat(streams.timeline("88.118.8/ABC").events()).hasSize(1);
    }

    @Test
    void nameThatIsNoCodeIsCountedAndThePlaceMeasured() throws Exception {
        streams.publish("probe", "x", "{\"lot\":\"Tuesday's tea\",\"temperature\":86.5}");

        assertThat(streams.eventBodies().get(0).path("bizStep").asText()).isEqualTo("sensor_reporting");
        assertThat(streams.count("waymark.trace.skipped", "what", "unidentifiedName"))
                .isEqualTo(1);
    }

    @Test
    void emptyPayloadIsRejected() {
        streams.publish("d", "x", new byte[0]);

        assertThat(Streams.header(streams.rejected().get(0), "wm_reason")).isEqualTo("empty_payload");
    }
}
