package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/**
 * The description of the API for programs, from {@code openapi.json} beside this class.
 *
 * @see "OpenAPI Specification 3.0.3"
 */
final class OpenApi {
    private static final JsonNode DOCUMENT = read();

    private OpenApi() {}

    static JsonNode document() {
        return DOCUMENT;
    }

    private static JsonNode read() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is not in the jar");
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("openapi.json is no JSON", e);
        }
    }
}
