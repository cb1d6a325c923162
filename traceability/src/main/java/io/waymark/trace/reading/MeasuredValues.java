package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The measured values of a generic message. Three writings are understood:
 *
 * <pre>
 *   {"temperature": 86.5, "temperatureUnit": "°C", "humidity": {"value": 40, "unit": "%"}}      known names, anywhere
 *   {"values": {"temperature": 86.5, "drumSpeed": 32}}                                         any names, in a container
 *   {"readings": [{"type": "Temperature", "value": 86.5, "uom": "CEL"}]}                       any names, listed
 * </pre>
 *
 * At the top level a name must be known, or every sequence number would become a measurement; inside a container an unknown
 * name becomes a measurement type of our own. Words and booleans are no measured values and are passed over.
 */
final class MeasuredValues {
    /** Values in one message. */
    static final int VALUES_MAX = 256;

    private static final String[] CONTAINERS = {
        "readings", "values", "measurements", "sensors", "tags", "metrics", "telemetry", "data"
    };

    private final List<SensorValue> found = new ArrayList<>();

    private MeasuredValues() {}

    static List<SensorValue> of(JsonNode object, Fields fields) throws UndecodableException {
        MeasuredValues values = new MeasuredValues();
        values.topLevel(object, fields);
        for (String container : CONTAINERS) {
            JsonNode node = fields.first(container);
            if (node != null) {
                values.container(node);
            }
        }
        return values.found;
    }

    private void topLevel(JsonNode object, Fields fields) throws UndecodableException {
        int before = found.size();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = Fields.fold(field.getKey());
            String type = name.equals("count") ? null : Quantities.knownType(name);
            if (type != null && (field.getValue().isObject() || Numbers.isNumber(field.getValue()))) {
                value(field.getKey(), field.getValue(), fields.text(name + "unit", name + "uom"));
            }
        }
        shareUnit(before, fields.text("unit", "uom"));
    }

    /** A lone {@code unit} belongs to a lone value. */
    private void shareUnit(int before, @Nullable String unit) throws UndecodableException {
        if (unit != null && found.size() == before + 1) {
            SensorValue only = found.get(before);
            found.set(before, new SensorValue(only.type(), only.value(), Quantities.unit(unit)));
        }
    }

    private void container(JsonNode node) throws UndecodableException {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (field.getValue().isObject() || Numbers.isNumber(field.getValue())) {
                    value(field.getKey(), field.getValue(), null);
                }
            }
        } else if (node.isArray()) {
            for (JsonNode element : node) {
                listed(element);
            }
        }
    }

    private void listed(JsonNode element) throws UndecodableException {
        Fields fields = new Fields(element);
        String name = fields.text("type", "name", "metric");
        if (name == null) {
            throw new UndecodableException(Reason.BAD_VALUE, "listed value has neither type nor name");
        }
        value(name, element, null);
    }

    private void value(String name, JsonNode node, @Nullable String unit) throws UndecodableException {
        if (found.size() == VALUES_MAX) {
            throw new UndecodableException(
                    Reason.TOO_LARGE, "message must have at most " + VALUES_MAX + " measured values");
        }
        String type = Quantities.type(name);
        String written = unit;
        JsonNode number = node;
        if (node.isObject()) {
            Fields fields = new Fields(node);
            JsonNode inner = fields.first("value", "v");
            if (inner == null) {
                throw new UndecodableException(Reason.BAD_VALUE, name + " has no value");
            }
            number = inner;
            written = fields.text("uom", "unit");
        }
        found.add(new SensorValue(
                type,
                Numbers.finite(number, name),
                written == null ? Quantities.usualUnit(type) : Quantities.unit(written)));
    }
}
