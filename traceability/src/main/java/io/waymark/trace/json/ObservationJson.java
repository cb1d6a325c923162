package io.waymark.trace.json;

import static io.waymark.trace.json.JsonWriting.field;
import static io.waymark.trace.json.JsonWriting.number;
import static io.waymark.trace.json.JsonWriting.required;
import static io.waymark.trace.json.JsonWriting.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.trace.capture.Observation;
import io.waymark.trace.capture.Provenance;
import io.waymark.trace.event.EventHash;
import io.waymark.trace.event.Subject;
import io.waymark.trace.reading.Profile;
import io.waymark.trace.reading.Quantity;
import io.waymark.trace.reading.Reading;
import io.waymark.trace.reading.SensorValue;
import io.waymark.trace.reading.When;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Observations as compact JSON: the values of the observations topic. Any language can read them. */
public final class ObservationJson {
    private ObservationJson() {}

    /** Writes an observation. */
    public static byte[] write(Observation observation) {
        Reading reading = observation.reading();
        return JsonWriting.object(out -> {
            out.writeStringField("kind", reading.kind().name());
            out.writeStringField("profile", observation.profile().word());
            subject(out, observation.subject());
            when(out, reading.when());
            field(out, "bizStep", reading.bizStep());
            switch (reading.kind()) {
                case TAG_READ -> tagRead(out, (Reading.TagRead) reading);
                case SCAN -> scan(out, (Reading.Scan) reading);
                case MEASUREMENT -> measurement(out, (Reading.Measurement) reading);
            }
            out.writeStringField("device", observation.provenance().device());
            out.writeStringField("topic", observation.provenance().topic());
            out.writeStringField("message", observation.provenance().messageId());
        });
    }

    private static void subject(JsonGenerator out, @Nullable Subject subject) throws IOException {
        if (subject != null) {
            out.writeStringField("identifier", subject.canonical());
            out.writeStringField("uri", subject.uri());
            out.writeStringField("level", subject.level().name());
            field(out, "parent", subject.parent());
        }
    }

    private static void when(JsonGenerator out, When when) throws IOException {
        out.writeStringField("time", EventHash.time(when.time()));
        out.writeStringField("offset", EventHash.offset(when.offset()));
        out.writeStringField("clock", when.clock().name());
    }

    private static void tagRead(JsonGenerator out, Reading.TagRead read) throws IOException {
        out.writeStringField("code", read.code());
        Integer antenna = read.antenna();
        if (antenna != null) {
            out.writeNumberField("antenna", antenna);
        }
        Double rssi = read.rssiDbm();
        if (rssi != null) {
            field(out, "rssiDbm", rssi.doubleValue());
        }
    }

    private static void scan(JsonGenerator out, Reading.Scan scan) throws IOException {
        out.writeStringField("code", scan.text());
        BigDecimal amount = scan.amount();
        field(out, "amount", amount == null ? null : amount.toPlainString());
        field(out, "transaction", scan.transaction());
        Quantity quantity = scan.quantity();
        if (quantity != null) {
            field(out, "quantity", quantity.amount());
            field(out, "uom", quantity.uom());
        }
    }

    private static void measurement(JsonGenerator out, Reading.Measurement measurement) throws IOException {
        field(out, "code", measurement.code());
        out.writeBooleanField("codeRequired", measurement.codeRequired());
        out.writeArrayFieldStart("values");
        for (SensorValue value : measurement.values()) {
            out.writeStartObject();
            out.writeStringField("type", value.type());
            field(out, "value", value.value());
            field(out, "uom", value.uom());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /**
     * Reads an observation.
     *
     * @throws MalformedRecordException if it is none
     */
    public static Observation read(byte @Nullable [] json) throws MalformedRecordException {
        JsonNode node = JsonWriting.parse(json);
        try {
            return new Observation(
                    subject(node),
                    Profile.of(required(node, "profile")),
                    reading(node),
                    new Provenance(required(node, "device"), required(node, "topic"), required(node, "message")));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw MalformedRecordException.of("no observation", e);
        }
    }

    private static @Nullable Subject subject(JsonNode node) throws MalformedRecordException {
        return node.has("identifier")
                ? new Subject(
                        required(node, "identifier"),
                        required(node, "uri"),
                        Subject.Level.valueOf(required(node, "level")),
                        text(node, "parent"))
                : null;
    }

    private static Reading reading(JsonNode node) throws MalformedRecordException {
        When when = new When(
                Instant.parse(required(node, "time")),
                ZoneOffset.of(required(node, "offset")),
                When.Clock.valueOf(required(node, "clock")));
        String bizStep = text(node, "bizStep");
        return switch (Reading.Kind.valueOf(required(node, "kind"))) {
            case TAG_READ ->
                new Reading.TagRead(
                        required(node, "code"),
                        when,
                        node.has("antenna") ? (int) number(node, "antenna") : null,
                        node.has("rssiDbm") ? number(node, "rssiDbm") : null,
                        bizStep);
            case SCAN -> scan(node, when, bizStep);
            case MEASUREMENT ->
                new Reading.Measurement(
                        text(node, "code"), node.path("codeRequired").asBoolean(), when, values(node), bizStep);
        };
    }

    private static Reading scan(JsonNode node, When when, @Nullable String bizStep) throws MalformedRecordException {
        String amount = text(node, "amount");
        return new Reading.Scan(
                required(node, "code"),
                when,
                amount == null ? null : new BigDecimal(amount),
                text(node, "transaction"),
                node.has("quantity") ? new Quantity(number(node, "quantity"), text(node, "uom")) : null,
                bizStep);
    }

    private static List<SensorValue> values(JsonNode node) throws MalformedRecordException {
        List<SensorValue> values = new ArrayList<>();
        for (JsonNode value : node.path("values")) {
            values.add(new SensorValue(required(value, "type"), number(value, "value"), text(value, "uom")));
        }
        return values;
    }
}
