package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.admin.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a GS1-conformant resolver owes, one file per statement in {@code conformance/digitallink}: records given, requests
 * sent over real sockets, as HTTP and again as HTTPS, answers expected. {@code {origin}} stands for the node's address.
 */
class DigitalLinkConformanceIT {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        harness = new NodeHarness(directory).withRecords();
        client = HttpClient.newBuilder().sslContext(TrustingEverybody.context()).build();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @TestFactory
    Stream<DynamicContainer> statements() throws Exception {
        Path folder =
                Path.of(Objects.requireNonNull(DigitalLinkConformanceIT.class.getResource("/conformance/digitallink"))
                        .toURI());
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(17);
        return files.stream().map(this::statement);
    }

    private DynamicContainer statement(Path file) {
        try {
            JsonNode scenario = YAML.readTree(file.toFile());
            List<DynamicTest> checks = new ArrayList<>();
            for (JsonNode given : scenario.path("given")) {
                String handle = "88.118.8/" + given.path("handle").asText();
                checks.add(DynamicTest.dynamicTest("given " + handle, () -> register(handle, given)));
            }
            for (JsonNode check : scenario.path("checks")) {
                String name = check.path("name").asText();
                checks.add(DynamicTest.dynamicTest(name, () -> check("http", check)));
                checks.add(DynamicTest.dynamicTest(name + ", HTTPS", () -> check("https", check)));
            }
            assertThat(scenario.path("statement").asText()).as(file.toString()).isNotBlank();
            assertThat(scenario.path("checks")).as(file.toString()).isNotEmpty();
            return DynamicContainer.dynamicContainer(file.getFileName().toString(), checks);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }

    private static void register(String handle, JsonNode given) {
        List<HandleValue> values = new ArrayList<>();
        for (JsonNode v : given.path("values")) {
            JsonNode data = v.path("data");
            values.add(HandleValue.text(
                    v.path("index").asInt(),
                    v.path("type").asText(),
                    data.isTextual() ? data.textValue() : data.toString(),
                    0));
        }
        Outcome outcome =
                harness.node.registrar().put(new Handle(handle), values, true).join();
        boolean refused = given.path("refused").asBoolean(false);
        assertThat(outcome.kind() == Outcome.Kind.REFUSED).as("%s", outcome).isEqualTo(refused);
    }

    private static void check(String scheme, JsonNode check) throws Exception {
        JsonNode request = check.path("request");
        String origin = scheme + "://127.0.0.1:" + harness.node.httpAddress().getPort();
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                        URI.create(origin + request.path("path").asText()))
                .method(request.path("method").asText("GET"), BodyPublishers.noBody());
        request.path("headers")
                .properties()
                .forEach(h -> builder.header(h.getKey(), h.getValue().asText()));
        HttpResponse<String> response = client.send(builder.build(), BodyHandlers.ofString());
        JsonNode expect = check.path("expect");
        assertThat(response.statusCode())
                .as(response.body())
                .isEqualTo(expect.path("status").asInt());
        filled(expect.path("headers"), origin).properties().forEach(h -> header(response, h.getKey(), h.getValue()));
        if (expect.has("body")) {
            body(response.body(), filled(expect.path("body"), origin));
        }
    }

    private static void header(HttpResponse<?> response, String name, JsonNode expected) {
        String value = String.join(", ", response.headers().allValues(name));
        if (expected.isTextual()) {
            assertThat(value).as(name).isEqualTo(expected.textValue());
        }
        expected.path("contains").forEach(part -> assertThat(value).as(name).contains(part.asText()));
        expected.path("lacks").forEach(part -> assertThat(value).as(name).doesNotContain(part.asText()));
    }

    private static void body(String body, JsonNode expected) throws IOException {
        expected.path("contains").forEach(part -> assertThat(body).contains(part.asText()));
        expected.path("lacks").forEach(part -> assertThat(body).doesNotContain(part.asText()));
        if (expected.path("empty").asBoolean(false)) {
            assertThat(body).isEmpty();
        }
        if (expected.has("schema")) {
            assertThat(schema(expected.path("schema").asText()).validate(JSON.readTree(body)))
                    .as(body)
                    .isEmpty();
        }
        if (expected.has("json")) {
            JsonNode json = JSON.readTree(body);
            expected.path("json")
                    .properties()
                    .forEach(e -> assertThat(json.at(e.getKey()))
                            .as("%s of %s", e.getKey(), body)
                            .isEqualTo(e.getValue()));
        }
    }

    private static JsonSchema schema(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                DigitalLinkConformanceIT.class.getResourceAsStream("/conformance/schema/" + name + ".json"), name)) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(in);
        }
    }

    private static JsonNode filled(JsonNode expected, String origin) throws IOException {
        return JSON.readTree(expected.toString().replace("{origin}", origin));
    }
}
