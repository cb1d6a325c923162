package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.TimeToLive;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The rules of the JSON REST API, one file each in {@code conformance/rest}, over real sockets.
 *
 * <pre>
 * rule: a sentence
 * steps:
 *   - request: PUT /api/handles/88.118.8/x     method and address
 *     tls: true                                over HTTPS
 *     as: operator                             a caller, see {@link #credentials}
 *     prove: {session, nonce, id, alg, …}      an Authorization header with a proof, see {@link WebProofs}
 *     headers: {Accept: text/html}
 *     body: text
 *     status: 201
 *     answer: {content-type: "application/json*"}   headers; * stands for anything, "" for absent
 *     json: {responseCode: 1}                  is in the answer's JSON; arrays must be as long
 *     lacks: [text]                            is not in the body
 *     remember: {id: /sessionId}               for ${id} in later steps
 * </pre>
 */
class RestConformanceIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static NodeHarness harness;

    @BeforeAll
    static void start() {
        harness = new NodeHarness(directory).withRecords();
        for (String name : List.of("stranger", "guessed", "changing")) {
            harness.put("88.118.8/" + name, secretKey(name + "-secret"));
        }
        harness.put(
                "88.118.8/locked",
                HandleValue.text(1, "URL", NodeHarness.URL, 0),
                value(2, "FIXED", "for ever", Permissions.PUBLIC_READ | Permissions.ADMIN_READ));
        NodeHarness.done(harness.node.registrar().homePrefix("88.118.9", "x".getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 25; i++) {
            harness.put("88.118.9/item" + (char) ('a' + i), HandleValue.text(1, "N", Integer.toString(i), 0));
        }
    }

    private static HandleValue secretKey(String secret) {
        return value(300, "HS_SECKEY", secret, Permissions.ADMIN_ONLY);
    }

    private static HandleValue value(int index, String type, String data, int permissions) {
        return new HandleValue(
                index, type, data.getBytes(StandardCharsets.UTF_8), TimeToLive.DAY, 0, permissions, List.of());
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @TestFactory
    Stream<DynamicTest> rules() throws Exception {
        URI folder = RestConformanceIT.class.getResource("/conformance/rest").toURI();
        List<Path> files;
        try (Stream<Path> found = Files.list(Path.of(folder))) {
            files = found.sorted().toList();
        }
        assertThat(files).as("rules in %s", folder).hasSizeGreaterThan(60);
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(file.getFileName().toString().replace(".yaml", ""), () -> play(file)));
    }

    private static void play(Path file) throws Exception {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        JsonNode scenario = JSON.valueToTree(yaml.load(Files.readString(file)));
        assertThat(scenario.path("rule").asText()).as("the rule").isNotEmpty();
        Map<String, String> remembered = new HashMap<>();
        int number = 0;
        for (JsonNode step : scenario.path("steps")) {
            number++;
            String where = scenario.path("rule").asText() + ": step " + number;
            step(where, step, remembered);
        }
        assertThat(number).as("steps").isPositive();
    }

    private static void step(String where, JsonNode step, Map<String, String> remembered) throws Exception {
        Answer answer = exchange(request(step, remembered), step.path("tls").asBoolean());
        assertThat(answer.status)
                .as("%s: status of %s", where, answer.body)
                .isEqualTo(step.path("status").asInt());
        step.path("answer").properties().forEach(header -> {
            String pattern = header.getValue().asText();
            assertThat(answer.headers.getOrDefault(header.getKey().toLowerCase(Locale.ROOT), ""))
                    .as("%s: header %s", where, header.getKey())
                    .matches(java.util.Arrays.stream(pattern.split("\\*", -1))
                            .map(java.util.regex.Pattern::quote)
                            .collect(java.util.stream.Collectors.joining(".*")));
        });
        if (step.has("json")) {
            contains(where, fill(step.path("json"), remembered), JSON.readTree(answer.body), "");
        }
        step.path("lacks").forEach(text -> assertThat(answer.body).as(where).doesNotContain(text.asText()));
        step.path("has").forEach(text -> assertThat(answer.body).as(where).contains(text.asText()));
        step.path("remember").properties().forEach(entry -> {
            try {
                String found =
                        JSON.readTree(answer.body).at(entry.getValue().asText()).asText();
                assertThat(found).as("%s: %s", where, entry.getValue()).isNotEmpty();
                remembered.put(entry.getKey(), found);
            } catch (IOException e) {
                throw new AssertionError(where + ": no JSON: " + answer.body, e);
            }
        });
    }

    private static JsonNode fill(JsonNode node, Map<String, String> remembered) throws IOException {
        return JSON.readTree(filled(node.toString(), remembered));
    }

    private static void contains(String where, JsonNode expected, JsonNode actual, String path) {
        if (expected.isObject()) {
            expected.properties()
                    .forEach(e -> contains(where, e.getValue(), actual.path(e.getKey()), path + '/' + e.getKey()));
        } else if (expected.isArray()) {
            assertThat(actual.size())
                    .as("%s: length of %s in %s", where, path, actual)
                    .isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                contains(where, expected.get(i), actual.get(i), path + '/' + i);
            }
        } else {
            assertThat(actual.toString()).as("%s: %s", where, path).isEqualTo(expected.toString());
        }
    }

    // --- requests

    private static byte[] request(JsonNode step, Map<String, String> remembered) throws Exception {
        byte[] body = filled(step.path("body").asText(""), remembered).getBytes(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        lines.add(filled(step.path("request").asText(), remembered) + " HTTP/1.1");
        lines.add("Host: node.example");
        lines.add("Connection: close");
        if (body.length > 0 || !step.path("request").asText().startsWith("GET")) {
            lines.add("Content-Length: " + body.length);
        }
        if (step.has("as")) {
            lines.add("Authorization: " + credentials(step.path("as").asText()));
        }
        if (step.has("prove")) {
            lines.add("Authorization: " + WebProofs.header(fill(step.path("prove"), remembered)));
        }
        step.path("headers")
                .properties()
                .forEach(h -> lines.add(h.getKey() + ": " + filled(h.getValue().asText(), remembered)));
        byte[] head = (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    private static String filled(String text, Map<String, String> remembered) {
        String filled = text;
        for (Map.Entry<String, String> e : remembered.entrySet()) {
            filled = filled.replace("${" + e.getKey() + '}', e.getValue());
        }
        return filled;
    }

    private static String credentials(String who) {
        return switch (who) {
            case "operator" -> "Bearer " + NodeHarness.TOKEN;
            case "administrator" -> basic("300%3A88.118.8%2FADMIN", NodeHarness.SECRET);
            case "stranger" -> basic("300%3A88.118.8%2Fstranger", "stranger-secret");
            case "changing" -> basic("300%3A88.118.8%2Fchanging", "changing-secret");
            case "wrong" -> basic("300%3A88.118.8%2FADMIN", "wrong");
            case "unknown" -> basic("300%3A88.118.8%2Fnobody", "wrong");
            case "guesser" -> basic("300%3A88.118.8%2Fguessed", "wrong");
            case "guessed" -> basic("300%3A88.118.8%2Fguessed", "guessed-secret");
            case "unencoded" -> basic("300:88.118.8/ADMIN", NodeHarness.SECRET);
            default -> throw new AssertionError("no caller " + who);
        };
    }

    private static String basic(String user, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + secret).getBytes(StandardCharsets.UTF_8));
    }

    // --- sockets

    private record Answer(int status, Map<String, String> headers, String body) {}

    private static Answer exchange(byte[] request, boolean tls) throws Exception {
        try (Socket socket = tls ? secure() : new Socket()) {
            socket.setSoTimeout(20_000);
            socket.connect(harness.node.httpAddress());
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Socket secure() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context.getSocketFactory().createSocket();
    }

    private static Answer parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        assertThat(end).as("an HTTP answer: %s", text).isPositive();
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.merge(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4));
    }
}
