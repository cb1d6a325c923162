package io.waymark.resolver.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.resolver.NodeHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every scenario under {@code conformance/handle}, over every transport it names, against a real node. README.md beside the
 * scenarios says what their words mean.
 */
class HandleConformanceIT {
    private static final Path SCENARIOS = Path.of("src/test/resources/conformance/handle");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Set<String> SCENARIO_WORDS = Set.of("rule", "about", "given", "over", "steps");
    private static final Set<String> STEP_WORDS = Set.of("name", "send", "expect", "silence", "closed", "pipeline");

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private static PublicKey nodeKey;

    @BeforeAll
    static void start() throws Exception {
        harness = new NodeHarness(directory).withRecords();
        try (Wire wire = wire("tcp")) {
            Client client = new Client();
            JsonNode ask = YAML.readTree("{op: GET_SITE_INFO}");
            Message answer = wire.exchange(client.pieces(ask), false).messages().get(0);
            nodeKey = Keys.rsa(SiteBody.read(answer.content()).key());
        }
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            List<Path> sorted =
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
            assertThat(sorted).as("scenarios").isNotEmpty();
            return sorted.stream().flatMap(HandleConformanceIT::tests);
        }
    }

    private static Stream<DynamicTest> tests(Path file) {
        try {
            JsonNode scenario = YAML.readTree(file.toFile());
            knows(SCENARIO_WORDS, scenario);
            List<String> ways = new ArrayList<>();
            scenario.path("over").forEach(way -> ways.add(way.asText()));
            String name = file.getFileName().toString().replace(".yaml", "");
            return (ways.isEmpty() ? List.of("udp", "tcp", "http") : ways)
                    .stream().map(way -> DynamicTest.dynamicTest(name + " over " + way, () -> run(scenario, way)));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static void knows(Set<String> words, JsonNode node) {
        node.fieldNames()
                .forEachRemaining(
                        word -> assertThat(words).as("words of a scenario").contains(word));
    }

    private static Wire wire(String way) throws IOException {
        return Wire.open(way, harness.node.handleTcpAddress(), harness.node.httpAddress());
    }

    private static void run(JsonNode scenario, String way) throws Exception {
        for (JsonNode record : scenario.path("given")) {
            give(record);
        }
        Client client = new Client();
        Map<String, Wire> wires = new HashMap<>();
        try {
            int n = 1;
            for (JsonNode step : scenario.path("steps")) {
                knows(STEP_WORDS, step);
                try {
                    step(step, client, wires, way);
                } catch (AssertionError e) {
                    throw new AssertionError(
                            "step " + n + ' ' + step.path("name").asText() + ": " + e.getMessage(), e);
                }
                n++;
            }
        } finally {
            for (Wire wire : wires.values()) {
                wire.close();
            }
        }
    }

    private static void give(JsonNode record) throws Exception {
        Octets values = new Octets().i4(record.path("values").size());
        record.path("values").forEach(values::value);
        List<HandleValue> decoded = HandleValueCodec.decodeList(ByteBuffer.wrap(values.all()));
        // past the registrar, which would let a prefix handle be written only once it is homed
        Handle handle = new Handle(record.path("handle").asText());
        harness.records
                .apply(List.of(new RecordChange.Put(handle, stamped(decoded), List.of())))
                .join();
    }

    private static List<HandleValue> stamped(List<HandleValue> values) {
        int now = (int) (System.currentTimeMillis() / 1000);
        return values.stream()
                .map(v -> new HandleValue(v.index(), v.type(), v.data(), v.ttl(), now, v.permissions(), v.references()))
                .toList();
    }

    private static void step(JsonNode step, Client client, Map<String, Wire> wires, String way) throws Exception {
        if (step.has("pipeline")) {
            pipeline(step.path("pipeline"), client, way);
            return;
        }
        String connection = step.path("send").path("connection").asText("one");
        if (!wires.containsKey(connection)) {
            wires.put(connection, wire(way));
        }
        boolean silence = step.path("silence").asBoolean();
        boolean closed = step.path("closed").asBoolean();
        Wire.Reply reply = wires.get(connection).exchange(client.pieces(step.path("send")), silence);
        if (silence || closed) {
            assertThat(reply.messages()).as("answers").isEmpty();
            assertThat(reply.closed() || !closed).as("connection is closed").isTrue();
            return;
        }
        assertThat(reply.messages()).as("answers").isNotEmpty();
        Message first = reply.messages().get(0);
        Message answer = first.encrypted()
                ? first.opened(client.session()
                        .orElseThrow()
                        .open(java.util.Arrays.copyOfRange(first.octets(), Message.ENVELOPE, first.octets().length)))
                : first;
        Judge judge = new Judge(client.last(), client.session(), nodeKey);
        if (!first.encrypted()) {
            reply.messages().forEach(judge::always);
        }
        judge.expect(step.path("expect"), answer, reply);
        client.learn(answer);
    }

    /** Requests written at once on one connection; their answers may come in any order. */
    private static void pipeline(JsonNode exchanges, Client client, String way) throws Exception {
        Octets all = new Octets();
        Map<Integer, Message> requests = new HashMap<>();
        Map<Integer, JsonNode> expected = new HashMap<>();
        for (JsonNode exchange : exchanges) {
            client.pieces(exchange.path("send")).forEach(all::raw);
            requests.put(client.last().requestId(), client.last());
            expected.put(client.last().requestId(), exchange.path("expect"));
        }
        try (Wire.Tcp wire = (Wire.Tcp) wire(way)) {
            Wire.Reply reply = wire.exchange(List.of(all.all()), false);
            List<Message> answers = new ArrayList<>(reply.messages());
            while (answers.size() < requests.size()) {
                answers.add(wire.message());
            }
            for (Message answer : answers) {
                Message request = requests.remove(answer.requestId());
                assertThat(request)
                        .as("request %d was answered twice or never sent", answer.requestId())
                        .isNotNull();
                Judge judge = new Judge(request, client.session(), nodeKey);
                judge.always(answer);
                judge.expect(expected.get(answer.requestId()), answer, reply);
            }
        }
    }
}
