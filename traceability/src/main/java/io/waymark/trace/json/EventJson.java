package io.waymark.trace.json;

import static io.waymark.trace.json.JsonWriting.field;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.trace.event.Action;
import io.waymark.trace.event.BizTransaction;
import io.waymark.trace.event.EventHash;
import io.waymark.trace.event.ObjectEvent;
import io.waymark.trace.event.QuantityElement;
import io.waymark.trace.event.SensorElement;
import io.waymark.trace.event.SensorReport;
import io.waymark.trace.event.Vocabulary;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ObjectEvents as EPCIS 2.0 JSON-LD, one event with its own {@code @context}.
 *
 * @see "EPCIS 2.0 §10 JSON/JSON-LD binding"
 */
public final class EventJson {
    /** The standard context; never fetched. */
    public static final String CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

    private EventJson() {}

    /** Writes an event under its event id. */
    public static byte[] write(ObjectEvent event, String eventId) {
        return JsonWriting.object(out -> {
            out.writeArrayFieldStart("@context");
            out.writeString(CONTEXT);
            out.writeEndArray();
            out.writeStringField("eventID", eventId);
            out.writeStringField("type", "ObjectEvent");
            out.writeStringField("eventTime", EventHash.time(event.eventTime()));
            out.writeStringField("eventTimeZoneOffset", EventHash.offset(event.offset()));
            things(out, event);
            out.writeStringField("action", event.action().name());
            field(out, "bizStep", event.bizStep());
            field(out, "disposition", event.disposition());
            place(out, "readPoint", event.readPoint());
            place(out, "bizLocation", event.bizLocation());
            transactions(out, event.transactions());
            sensors(out, event.sensors());
        });
    }

    private static void things(JsonGenerator out, ObjectEvent event) throws IOException {
        if (!event.epcs().isEmpty()) {
            out.writeArrayFieldStart("epcList");
            for (String epc : event.epcs()) {
                out.writeString(epc);
            }
            out.writeEndArray();
        }
        if (!event.quantities().isEmpty()) {
            out.writeArrayFieldStart("quantityList");
            for (QuantityElement quantity : event.quantities()) {
                quantity(out, quantity);
            }
            out.writeEndArray();
        }
    }

    static void quantity(JsonGenerator out, QuantityElement quantity) throws IOException {
        out.writeStartObject();
        out.writeStringField("epcClass", quantity.epcClass());
        Double amount = quantity.quantity();
        if (amount != null) {
            field(out, "quantity", amount.doubleValue());
        }
        field(out, "uom", quantity.uom());
        out.writeEndObject();
    }

    private static void place(JsonGenerator out, String name, @Nullable String id) throws IOException {
        if (id != null) {
            out.writeObjectFieldStart(name);
            out.writeStringField("id", id);
            out.writeEndObject();
        }
    }

    private static void transactions(JsonGenerator out, List<BizTransaction> transactions) throws IOException {
        if (transactions.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("bizTransactionList");
        for (BizTransaction transaction : transactions) {
            out.writeStartObject();
            field(out, "type", transaction.type());
            out.writeStringField("bizTransaction", transaction.id());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void sensors(JsonGenerator out, List<SensorElement> sensors) throws IOException {
        if (sensors.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("sensorElementList");
        for (SensorElement element : sensors) {
            out.writeStartObject();
            metadata(out, element);
            reports(out, "sensorReport", element.reports());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void metadata(JsonGenerator out, SensorElement element) throws IOException {
        Instant time = element.time();
        if (time == null && element.deviceId() == null) {
            return;
        }
        out.writeObjectFieldStart("sensorMetadata");
        field(out, "time", time == null ? null : EventHash.time(time));
        field(out, "deviceID", element.deviceId());
        out.writeEndObject();
    }

    static void reports(JsonGenerator out, String name, List<SensorReport> reports) throws IOException {
        out.writeArrayFieldStart(name);
        for (SensorReport report : reports) {
            out.writeStartObject();
            out.writeStringField("type", report.type());
            field(out, "value", report.value());
            field(out, "uom", report.uom());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /**
     * An event read back, with the id it was written under.
     *
     * @param eventId the id; computed when the writer left it out
     * @param event the event
     */
    public record Read(String eventId, ObjectEvent event) {}

    /**
     * Reads an ObjectEvent. Fields Waymark does not emit are passed over.
     *
     * @throws MalformedRecordException if it is none
     */
    public static Read read(byte @Nullable [] json) throws MalformedRecordException {
        JsonNode node = JsonWriting.parse(json);
        ObjectEvent event = event(node);
        String id = JsonWriting.text(node, "eventID");
        return new Read(id == null ? event.eventId() : id, event);
    }

    static ObjectEvent event(JsonNode node) throws MalformedRecordException {
        String type = JsonWriting.required(node, "type");
        if (!type.equals("ObjectEvent")) {
            throw new MalformedRecordException("event type \"" + type + "\" is not read yet, only ObjectEvent");
        }
        try {
            return new ObjectEvent(
                    OffsetDateTime.parse(JsonWriting.required(node, "eventTime"))
                            .toInstant(),
                    ZoneOffset.of(JsonWriting.required(node, "eventTimeZoneOffset")),
                    texts(node.path("epcList")),
                    quantities(node.path("quantityList")),
                    Action.valueOf(JsonWriting.required(node, "action")),
                    bare(Vocabulary.BIZ_STEP, JsonWriting.text(node, "bizStep")),
                    bare(Vocabulary.DISPOSITION, JsonWriting.text(node, "disposition")),
                    JsonWriting.text(node.path("readPoint"), "id"),
                    JsonWriting.text(node.path("bizLocation"), "id"),
                    transactions(node.path("bizTransactionList")),
                    sensors(node.path("sensorElementList")));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw MalformedRecordException.of("no ObjectEvent", e);
        }
    }

    private static @Nullable String bare(Vocabulary vocabulary, @Nullable String value) {
        return value == null ? null : vocabulary.bare(value);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(e -> texts.add(e.asText()));
        return texts;
    }

    private static List<QuantityElement> quantities(JsonNode array) throws MalformedRecordException {
        List<QuantityElement> quantities = new ArrayList<>();
        for (JsonNode element : array) {
            quantities.add(quantity(element));
        }
        return quantities;
    }

    static QuantityElement quantity(JsonNode node) throws MalformedRecordException {
        return new QuantityElement(
                JsonWriting.required(node, "epcClass"),
                node.has("quantity") ? JsonWriting.number(node, "quantity") : null,
                JsonWriting.text(node, "uom"));
    }

    private static List<BizTransaction> transactions(JsonNode array) throws MalformedRecordException {
        List<BizTransaction> transactions = new ArrayList<>();
        for (JsonNode element : array) {
            transactions.add(new BizTransaction(
                    JsonWriting.text(element, "type"), JsonWriting.required(element, "bizTransaction")));
        }
        return transactions;
    }

    private static List<SensorElement> sensors(JsonNode array) throws MalformedRecordException {
        List<SensorElement> sensors = new ArrayList<>();
        for (JsonNode element : array) {
            JsonNode metadata = element.path("sensorMetadata");
            String time = JsonWriting.text(metadata, "time");
            sensors.add(new SensorElement(
                    time == null ? null : OffsetDateTime.parse(time).toInstant(),
                    JsonWriting.text(metadata, "deviceID"),
                    reports(element.path("sensorReport"))));
        }
        return sensors;
    }

    static List<SensorReport> reports(JsonNode array) throws MalformedRecordException {
        List<SensorReport> reports = new ArrayList<>();
        for (JsonNode report : array) {
            reports.add(new SensorReport(
                    JsonWriting.required(report, "type"),
                    JsonWriting.number(report, "value"),
                    JsonWriting.text(report, "uom")));
        }
        return reports;
    }
}
