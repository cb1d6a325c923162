package io.waymark.resolver.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;

/** Reads the JSON a stranger sends. */
final class JsonBody {
    private static final int MAX_NESTING = 32;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /**
     * The body.
     *
     * @throws WebFault 415 if it says it is something else; 400 with line and column if it is no JSON
     */
    static JsonNode of(WebRequest request) throws WebFault {
        String type = request.header("content-type").toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.startsWith("application/json")) {
            throw new WebFault(415, "not_json", "Content-Type must be application/json but was " + type);
        }
        try {
            JsonNode json = JSON.readTree(request.body());
            if (!json.isMissingNode()) {
                return json;
            }
        } catch (JacksonException e) {
            throw new WebFault(400, "bad_json", "body is not JSON" + place(e) + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new WebFault(400, "bad_json", "body is not JSON: " + e.getMessage());
        }
        throw new WebFault(400, "bad_json", "body is empty");
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
