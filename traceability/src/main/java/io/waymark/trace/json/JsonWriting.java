package io.waymark.trace.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The small tools the writers and readers here share. */
final class JsonWriting {
    static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private JsonWriting() {}

    /** Writes one object. */
    interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    static byte[] object(Body body) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(512);
        try (JsonGenerator out = MAPPER.createGenerator(octets)) {
            out.writeStartObject();
            body.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return octets.toByteArray();
    }

    static void field(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    /** Whole numbers without a fraction, so that 26.0 is written 26. */
    static void field(JsonGenerator out, String name, double value) throws IOException {
        out.writeFieldName(name);
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
    }

    static JsonNode parse(byte @Nullable [] json) throws MalformedRecordException {
        if (json == null) {
            throw new MalformedRecordException("record has no value");
        }
        try {
            JsonNode node = MAPPER.readTree(json);
            if (!node.isObject()) {
                throw new MalformedRecordException("expected a JSON object but found " + node.getNodeType());
            }
            return node;
        } catch (IOException e) {
            throw new MalformedRecordException("not JSON: " + e.getMessage());
        }
    }

    static @Nullable String text(JsonNode object, String name) {
        JsonNode node = object.get(name);
        return node == null || !node.isTextual() ? null : node.textValue();
    }

    static String required(JsonNode object, String name) throws MalformedRecordException {
        String text = text(object, name);
        if (text == null) {
            throw new MalformedRecordException("field " + name + " is missing or no text");
        }
        return text;
    }

    static double number(JsonNode object, String name) throws MalformedRecordException {
        JsonNode node = object.path(name);
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw new MalformedRecordException("field " + name + " is missing or no number");
        }
        return node.doubleValue();
    }
}
