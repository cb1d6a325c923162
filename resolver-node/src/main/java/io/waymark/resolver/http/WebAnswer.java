package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP answer as the mapping code makes it.
 *
 * @param status for example 200
 * @param contentType empty if there is no body
 * @param body owned by the answer, never written
 * @param headers besides those of the connection and the body
 */
public record WebAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {
    static final String JSON = "application/json;charset=UTF-8";
    static final String LINKSET = "application/linkset+json";
    private static final String HTML = "text/html;charset=UTF-8";

    /** Copies the headers. */
    public WebAnswer {
        headers = Map.copyOf(headers);
    }

    static WebAnswer json(int status, JsonNode json, boolean pretty) {
        String text = pretty ? json.toPrettyString() + '\n' : json.toString();
        return new WebAnswer(status, JSON, utf8(text), Map.of());
    }

    static WebAnswer page(int status, String html) {
        return new WebAnswer(
                status,
                HTML,
                utf8(html),
                Map.of("content-security-policy", Page.POLICY, "referrer-policy", "no-referrer"));
    }

    static WebAnswer redirect(int status, String location) {
        return new WebAnswer(status, "", new byte[0], Map.of("location", location));
    }

    static WebAnswer empty(int status) {
        return new WebAnswer(status, "", new byte[0], Map.of());
    }

    WebAnswer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new WebAnswer(status, contentType, body, more);
    }

    WebAnswer withContentType(String type) {
        return new WebAnswer(status, type, body, headers);
    }

    /** Any page may read the answer: it shows nothing that depends on who asks from where. */
    WebAnswer forAnyOrigin() {
        return withHeader("access-control-allow-origin", "*");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
