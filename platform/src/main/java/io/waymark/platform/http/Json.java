package io.waymark.platform.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.waymark.platform.bulk.StrictJson;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** JSON in and out, strict about what comes in: no duplicate keys, nothing behind the end, no unknown field. */
final class Json {
    private static final JsonFactory OTHERS = new JsonFactory();
    private static final JsonMapper MAPPER = StrictJson.mapper(20_000_000);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static HttpResponse answer(HttpStatus status, JsonNode body) {
        return HttpResponse.of(status, MediaType.JSON_UTF_8, bytes(body));
    }

    static HttpResponse ok(JsonNode body) {
        return answer(HttpStatus.OK, body);
    }

    /** The one form of every error. */
    static ObjectNode error(String word, String message) {
        return object().put("error", word).put("message", message);
    }

    static byte[] bytes(JsonNode body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /**
     * Reads any JSON.
     *
     * @param subject what it is, for the message: {@code the body}
     */
    static JsonNode parse(String subject, byte[] text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw ApiException.badRequest("bad_json", subject + " must be JSON but is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw malformed(subject, e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    /** For reading what a device says, which is passed on and not understood here: only its grammar counts. */
    static JsonParser parser(byte[] text) throws IOException {
        return OTHERS.createParser(text);
    }

    /** Refuses octets that are not exactly one JSON value. */
    static void check(String subject, byte[] text, int from, int length) {
        try (JsonParser parser = OTHERS.createParser(text, from, length)) {
            if (parser.nextToken() == null) {
                throw ApiException.badRequest("bad_json", subject + " must be JSON but is empty");
            }
            parser.skipChildren();
            if (parser.currentToken() == JsonToken.START_ARRAY || parser.currentToken() == JsonToken.START_OBJECT) {
                throw ApiException.badRequest("bad_json", subject + " is no JSON: it ends too early");
            }
            parser.finishToken();
            if (parser.nextToken() != null) {
                throw ApiException.badRequest("bad_json", subject + " is no JSON: something stands behind its end");
            }
        } catch (JsonProcessingException e) {
            throw malformed(subject, e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    /** What is told of text that is no JSON. */
    static ApiException malformed(String subject, JsonProcessingException e) {
        return ApiException.badRequest(
                "bad_json",
                subject + " is no JSON: " + e.getOriginalMessage() + " (line "
                        + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")");
    }

    /** Reads a JSON object with no other fields than these. */
    static ObjectNode parseObject(AggregatedHttpRequest request, Set<String> fields) {
        JsonNode node = parse("the body", request.content().array());
        if (!(node instanceof ObjectNode object)) {
            throw ApiException.badRequest("bad_json", "the body must be a JSON object");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw ApiException.badRequest(
                        "unknown_field",
                        "unknown field \"" + name + "\"; known: " + String.join(", ", new TreeSet<>(fields)));
            }
        });
        return object;
    }

    /** A field that must be text. */
    static String text(ObjectNode object, String field) {
        return optionalText(object, field)
                .orElseThrow(() -> ApiException.badRequest("missing_field", "\"" + field + "\" is missing"));
    }

    /** A field that may be absent but must be text. */
    static Optional<String> optionalText(ObjectNode object, String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw ApiException.badRequest("bad_field", "\"" + field + "\" must be text but was " + value.getNodeType());
        }
        return Optional.of(value.textValue());
    }
}
