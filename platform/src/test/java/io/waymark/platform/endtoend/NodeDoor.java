package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.platform.ServeProcess;
import io.waymark.testing.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The platform's HTTP door of a node, entered with the operator's token. Thread-safe. */
final class NodeDoor {
    private static final HttpClient HTTP = Http.client();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI root;
    private final String token;

    NodeDoor(ServeProcess serve) {
        this.root = serve.uri("platform.http");
        this.token = serve.token();
    }

    HttpResponse<String> send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    JsonNode get(String path) {
        HttpResponse<String> answer = send("GET", path, "");
        assertThat(answer.statusCode()).as("GET %s: %s", path, answer.body()).isEqualTo(200);
        return json(answer);
    }

    /** Registers a device and returns its generated password. */
    String createDevice(String id) {
        HttpResponse<String> answer = send("POST", "/api/v1/devices", "{\"id\":\"" + id + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).path("password").asText();
    }

    void homePrefix(String prefix) {
        HttpResponse<String> answer = send("POST", "/api/v1/prefixes", "{\"prefix\":\"" + prefix + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /**
     * Registers a record.
     *
     * @param values JSON objects, comma-separated
     */
    void putRecord(String handle, String values) {
        HttpResponse<String> answer = send("PUT", "/api/v1/handles/" + handle, "[" + values + "]");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /**
     * Sum of the samples of a Prometheus family whose labels include these.
     *
     * @param labels each as in the exposition: {@code reason="malformed_packet"}
     */
    double metric(String family, String... labels) {
        return send("GET", "/metrics", "")
                .body()
                .lines()
                .filter(line -> line.startsWith(family + "{") || line.startsWith(family + " "))
                .filter(line -> java.util.Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(answer.body(), e);
        }
    }
}
