package io.waymark.trace.json;

import static io.waymark.trace.json.JsonWriting.field;
import static io.waymark.trace.json.JsonWriting.required;
import static io.waymark.trace.json.JsonWriting.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.identifier.Recognition;
import io.waymark.trace.event.Action;
import io.waymark.trace.event.EventHash;
import io.waymark.trace.event.QuantityElement;
import io.waymark.trace.timeline.ItemTimeline;
import io.waymark.trace.timeline.TimelineEntry;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** Timelines as JSON: the answer of {@code GET /trace/…}, whose event objects are also the stored form of an entry. */
public final class TimelineJson {
    private TimelineJson() {}

    /** Writes one entry: the value of the timeline store. */
    public static byte[] write(TimelineEntry entry) {
        return JsonWriting.object(out -> entry(out, entry));
    }

    /** Writes an answer. */
    public static byte[] write(ItemTimeline timeline) {
        return JsonWriting.object(out -> {
            out.writeStringField("code", timeline.code());
            out.writeStringField("identifier", timeline.identifier());
            out.writeStringField("scheme", timeline.scheme().name());
            fields(out, timeline);
            out.writeArrayFieldStart("events");
            for (TimelineEntry entry : timeline.events()) {
                out.writeStartObject();
                entry(out, entry);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeNumberField("count", timeline.events().size());
            out.writeBooleanField("truncated", timeline.truncated());
        });
    }

    private static void fields(JsonGenerator out, ItemTimeline timeline) throws IOException {
        out.writeArrayFieldStart("fields");
        for (Recognition.Field field : timeline.fields()) {
            out.writeStartObject();
            out.writeStringField("name", field.name());
            out.writeStringField("value", field.value());
            out.writeStringField("note", field.note());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void entry(JsonGenerator out, TimelineEntry entry) throws IOException {
        out.writeStringField("eventID", entry.eventId());
        out.writeStringField("type", entry.type());
        out.writeStringField("eventTime", EventHash.time(entry.eventTime()));
        out.writeStringField("action", entry.action().name());
        field(out, "bizStep", entry.bizStep());
        field(out, "disposition", entry.disposition());
        field(out, "readPoint", entry.readPoint());
        field(out, "bizLocation", entry.bizLocation());
        out.writeStringField("device", entry.device());
        QuantityElement quantity = entry.quantity();
        if (quantity != null) {
            out.writeFieldName("quantity");
            EventJson.quantity(out, quantity);
        }
        EventJson.reports(out, "sensor", entry.sensor());
        out.writeObjectFieldStart("source");
        out.writeStringField("topic", entry.topic());
        out.writeStringField("ce_id", entry.messageId());
        out.writeEndObject();
        field(out, "about", entry.about());
    }

    /**
     * Reads a stored entry.
     *
     * @throws MalformedRecordException if it is none
     */
    public static TimelineEntry read(byte[] json) throws MalformedRecordException {
        JsonNode node = JsonWriting.parse(json);
        try {
            return new TimelineEntry(
                    required(node, "eventID"),
                    required(node, "type"),
                    Instant.parse(required(node, "eventTime")),
                    Action.valueOf(required(node, "action")),
                    text(node, "bizStep"),
                    text(node, "disposition"),
                    text(node, "readPoint"),
                    text(node, "bizLocation"),
                    node.has("quantity") ? EventJson.quantity(node.path("quantity")) : null,
                    EventJson.reports(node.path("sensor")),
                    required(node, "device"),
                    required(node.path("source"), "topic"),
                    required(node.path("source"), "ce_id"),
                    text(node, "about"));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw MalformedRecordException.of("no timeline entry", e);
        }
    }
}
