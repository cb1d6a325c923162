package io.waymark.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.IngestGateway;
import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.identifier.Recognizer;
import io.waymark.storage.device.DeviceGroup;
import io.waymark.storage.device.DeviceGroup.Quota;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolEntry;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.testing.Http;
import io.waymark.testing.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Device messages over HTTP into a real spool; nobody forwards them. */
class IngestIT {
    private static final String TOKEN = "right-token-right-token";
    private static final String PASSWORD = "pass word:ü-12345";
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON_TYPE = "application/json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = Http.client();

    @TempDir
    Path dir;

    private long spoolBytesMax = 1L << 30;
    private PrometheusMeterRegistry metrics;
    private Spool spool;
    private DeviceStore devices;
    private IngestGateway gateway;
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        Clock clock = Clock.systemUTC();
        metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        SpoolConfig d = SpoolConfig.defaults(dir.resolve("spool"));
        spool = Spool.open(
                new SpoolConfig(d.directory(), spoolBytesMax, d.queueMax(), d.batchMax(), d.retention()), metrics);
        devices = DeviceStore.open(dir.resolve("devices"), metrics);
        GatewayConfig defaults = GatewayConfig.defaults("127.0.0.1:1");
        GatewayConfig config = defaults.withServer(
                        server -> server.withMqtt(new ServerSettings.Listener(List.of("127.0.0.1"), 0)))
                .withAccess(List.of(
                        new AccessRule("packing", AccessRule.Effect.ALLOW, AccessRule.Scope.PUBLISH, "line/%u/#")));
        gateway = IngestGateway.start(config, spool, devices, metrics, clock);
        ApiParts parts = new ApiParts(
                Recognizer::recognize,
                Optional.empty(),
                Optional.of(new ApiParts.Devices(
                        new ApiParts.Fleet(gateway.devices(), gateway.groups(), gateway.live(), gateway.sightings()),
                        gateway.ingest(),
                        gateway.commands())),
                Optional.empty(),
                clock);
        HttpConfig http = new HttpConfig(List.of("127.0.0.1"), 0, 4 << 20, 1 << 20, Duration.ofSeconds(20), 100);
        server = HttpServer.start(http, new DeviceNode.NoHealth(), TOKEN::equals, parts, metrics);
    }

    @AfterEach
    void close() {
        server.close();
        gateway.close();
        spool.close();
        devices.close();
    }

    // ---- requests

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private HttpRequest request(String path, byte[] body, String... headers) {
        return HttpRequest.newBuilder(uri(path))
                .POST(BodyPublishers.ofByteArray(body))
                .headers(headers)
                .build();
    }

    private static String[] operator(String type, String... more) {
        List<String> headers = new ArrayList<>(List.of("Authorization", "Bearer " + TOKEN, "Content-Type", type));
        headers.addAll(List.of(more));
        return headers.toArray(String[]::new);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    private HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        return CLIENT.send(request(path, body, headers), BodyHandlers.ofString());
    }

    private JsonNode accepted(String path, String body, String... headers) throws Exception {
        HttpResponse<String> answer = post(path, body.getBytes(UTF_8), headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return JSON.readTree(answer.body());
    }

    private static void refused(HttpResponse<String> answer, int status, String word) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).isEqualTo(word);
    }

    private List<SpoolMessage> spooled() {
        return entries().filter(m -> !m.topic().startsWith("$kafka/")).toList();
    }

    private List<SpoolMessage> rejected() {
        return entries()
                .filter(m -> m.topic().equals("$kafka/waymark.rejected"))
                .toList();
    }

    private Stream<SpoolMessage> entries() {
        return spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE).stream().map(SpoolEntry::message);
    }

    private List<String> payloads() {
        return spooled().stream().map(m -> new String(m.payload(), UTF_8)).toList();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    // ---- bodies

    @Test
    void bodiesAreKeptOctetForOctet() throws Exception {
        byte[] binary = {0, 1, (byte) 0xff, '\n', 2};

        JsonNode json = accepted("/api/v1/ingest/a%2Fb?topic=shop%2F1", "{ \"x\" : 1.50 }", operator(JSON_TYPE));
        post("/ingest/raw", binary, operator("application/octet-stream", "Waymark-Topic", "from/header"));
        accepted("/api/v1/ingest/plain", "", "Authorization", "Bearer " + TOKEN);

        assertThat(json.toString()).isEqualTo("{\"position\":1,\"lastPosition\":1,\"accepted\":1}");
        List<SpoolMessage> found = spooled();
        assertThat(found).extracting(SpoolMessage::deviceId).containsExactly("a/b", "raw", "plain");
        assertThat(found).extracting(SpoolMessage::topic).containsExactly("shop/1", "from/header", "ingest/plain");
        assertThat(found)
                .extracting(SpoolMessage::contentType)
                .containsExactly(JSON_TYPE, "application/octet-stream", "");
        assertThat(found.get(0).payload()).asString(UTF_8).isEqualTo("{ \"x\" : 1.50 }");
        assertThat(found.get(1).payload()).isEqualTo(binary);
    }

    @Test
    void linesAreMessagesAllOrNone() throws Exception {
        JsonNode three = accepted("/api/v1/ingest/d", "{\"n\":1}\r\n\n 2 \n[3]", operator(NDJSON));
        HttpResponse<String> bad = post(
                "/api/v1/ingest/d",
                "{\"n\":4}\n{\"n\":5\n6 6\n\n\"7\"\nnope".getBytes(UTF_8),
                operator("application/jsonl"));

        assertThat(three.toString()).isEqualTo("{\"position\":1,\"lastPosition\":3,\"accepted\":3}");
        refused(bad, 400, "bad_lines");
        JsonNode told = JSON.readTree(bad.body());
        assertThat(told.path("lines").findValuesAsText("line")).containsExactly("2", "3", "6");
        assertThat(told.path("lines").get(0).path("message").asText()).startsWith("line 2 is no JSON");
        assertThat(told.path("accepted").asInt(-1)).isZero();
        assertThat(payloads()).containsExactly("{\"n\":1}", " 2 ", "[3]");
        assertThat(spooled()).extracting(SpoolMessage::contentType).containsOnly(JSON_TYPE);
    }

    @Test
    void whatIsNoJsonOrTooMuchIsRefused() throws Exception {
        String path = "/api/v1/ingest/d";
        for (String bad : new String[] {"", "{", "[1,2", "{} {}", "{\"a\":tru}", "nul", "\"x"}) {
            refused(post(path, bad.getBytes(UTF_8), operator(JSON_TYPE)), 400, "bad_json");
        }
        refused(post(path, "\n \n".getBytes(UTF_8), operator(NDJSON)), 400, "bad_json");
        refused(post(path, "1\n".repeat(10_001).getBytes(UTF_8), operator(NDJSON)), 413, "body_too_large");
        refused(post(path, new byte[(1 << 20) + 1], operator("text/plain")), 413, "body_too_large");
        refused(post(path, new byte[(4 << 20) + 1], operator(NDJSON)), 413, "body_too_large");
        refused(post(path + "?topic=a/%23", new byte[1], operator("text/plain")), 400, "bad_request");
        refused(post(path + "?topic=$SYS/x", new byte[1], operator("text/plain")), 400, "bad_request");
        refused(
                post(path, new byte[1], operator("text/plain", "Idempotency-Key", "k".repeat(257))),
                400,
                "bad_request");
        assertThat(spooled()).isEmpty();
    }

    @Test
    void compressedBodiesAreBoundedByWhatTheyHold() throws Exception {
        String path = "/api/v1/ingest/d";
        byte[] bomb = gzip(new byte[64 << 20]);
        assertThat(bomb.length).isLessThan(100_000);

        assertThat(post(path, gzip("1\n2\n".getBytes(UTF_8)), operator(NDJSON, "Content-Encoding", "gzip"))
                        .statusCode())
                .isEqualTo(202);
        refused(post(path, bomb, operator("text/plain", "Content-Encoding", "gzip")), 413, "body_too_large");
        refused(
                post(path, "no gzip".getBytes(UTF_8), operator("text/plain", "Content-Encoding", "gzip")),
                400,
                "bad_encoding");
        refused(post(path, bomb, operator("text/plain", "Content-Encoding", "br")), 415, "unsupported_encoding");
        assertThat(payloads()).containsExactly("1", "2");
    }

    @Test
    void readersPostArraysOfEvents() throws Exception {
        String event = "{\"timestamp\":\"2026-11-22T08:00:00Z\",\"eventType\":\"tagInventory\","
                + "\"tagInventoryEvent\":{\"epcHex\":\"30340000\",\"antennaPort\":1}}";
        String zebra = "{\"type\":\"SIMPLE\", \"data\":{\"idHex\":\"é\",\"reads\":[1,{}]}}";
        String path = "/api/v1/webhooks/gate-1";

        HttpResponse<String> heartbeat = post(path, "[]".getBytes(UTF_8), operator(JSON_TYPE));
        JsonNode two = accepted(path, " [ " + event + " ,\n" + zebra + "]\n", operator(JSON_TYPE));
        JsonNode one = accepted(path + "?topic=rfid/gate", event, operator("text/plain"));

        assertThat(heartbeat.statusCode()).isEqualTo(200);
        assertThat(two.path("accepted").asInt()).isEqualTo(2);
        assertThat(one.path("position").asInt()).isEqualTo(3);
        assertThat(payloads()).containsExactly(event, zebra, event);
        assertThat(spooled())
                .extracting(SpoolMessage::topic)
                .containsExactly("ingest/gate-1", "ingest/gate-1", "rfid/gate");
        for (String bad : new String[] {"", "[", "[{}", "[1]", "[{},]", "{}{}", "\"x\"", "[{\"a\":[}]", "[{\"a\":"}) {
            refused(post(path, bad.getBytes(UTF_8), operator(JSON_TYPE)), 400, "bad_json");
        }
        assertThat(spooled()).hasSize(3);
    }

    // ---- once

    @Test
    void aRequestWithAKeyCountsOnceAlsoAfterARestart() throws Exception {
        String[] named = operator(NDJSON, "Idempotency-Key", "shift-7");
        JsonNode first = accepted("/api/v1/ingest/d", "1\n2\n3", named);
        JsonNode again = accepted("/api/v1/ingest/d", "1\n2\n3", named);
        JsonNode other = accepted("/api/v1/ingest/e", "1\n2\n3", named);
        refused(post("/api/v1/ingest/d", "1\n2".getBytes(UTF_8), named), 422, "key_conflict");
        refused(post("/api/v1/ingest/d?topic=t", "1\n2\n3".getBytes(UTF_8), named), 422, "key_conflict");
        close();
        open();
        HttpResponse<String> restarted = post("/api/v1/ingest/d", "1\n2\n3".getBytes(UTF_8), named);
        refused(post("/api/v1/ingest/d", "4".getBytes(UTF_8), named), 422, "key_conflict");

        assertThat(again).isEqualTo(first);
        assertThat(JSON.readTree(restarted.body())).isEqualTo(first);
        assertThat(restarted.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(other.path("position").asInt()).isEqualTo(4);
        assertThat(spooled()).hasSize(6);
    }

    @Test
    void theSameRequestManyTimesAtOnceCountsOnce() throws Exception {
        HttpRequest request = request("/api/v1/ingest/d", new byte[100], operator("a/b", "Idempotency-Key", "k"));
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            all.add(CLIENT.sendAsync(request, BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        }
        assertThat(spooled()).hasSize(1);
        assertThat(metrics.get("waymark.gateway.http.publish")
                        .tag("outcome", "repeated")
                        .counter()
                        .count())
                .isEqualTo(15);
    }

    // ---- who

    @Test
    void aDeviceSendsForItselfWhereItMayPublish() throws Exception {
        gateway.devices().create("scale-1", "packing", Optional.of(PASSWORD));
        gateway.devices().create("scale-2", "packing", Optional.of(PASSWORD));
        String[] own = {"Authorization", basic("scale-1", PASSWORD)};
        byte[] body = "7.5".getBytes(UTF_8);

        assertThat(post("/api/v1/ingest/scale-1?topic=line/scale-1/kg", body, own)
                        .statusCode())
                .isEqualTo(202);
        refused(post("/api/v1/ingest/scale-1?topic=line/scale-2/kg", body, own), 403, "not_authorized");
        refused(post("/api/v1/ingest/scale-2?topic=line/scale-2/kg", body, own), 403, "not_authorized");
        refused(post("/api/v1/webhooks/scale-2", body, own), 403, "not_authorized");
        refused(post("/api/v1/ingest/scale-1", body, "Authorization", basic("scale-1", "wrong")), 401, "unauthorized");
        refused(post("/api/v1/ingest/nobody", body, "Authorization", basic("nobody", "x")), 401, "unauthorized");
        refused(post("/api/v1/ingest/scale-1", body, "Authorization", "Basic %%%"), 401, "unauthorized");
        assertThat(post("/api/v1/devices", body, own).statusCode()).isEqualTo(401);
        gateway.devices().setEnabled("scale-1", false);
        refused(post("/api/v1/ingest/scale-1?topic=line/scale-1/kg", body, own), 403, "device_disabled");
        assertThat(spooled()).hasSize(1);
    }

    @Test
    void whatIsRefusedForGoodIsKeptWithItsReasonAndWhatMayComeLaterIsNot() throws Exception {
        gateway.devices().create("scale-1", "packing", Optional.of(PASSWORD));
        String[] own = {"Authorization", basic("scale-1", PASSWORD), "Content-Type", JSON_TYPE};
        String path = "/api/v1/ingest/scale-1?topic=line/scale-1/kg";
        refused(post(path, "{\"kg\":".getBytes(UTF_8), own), 400, "bad_json");
        refused(
                post("/api/v1/ingest/scale-1?topic=line/scale-2/kg", "7.5".getBytes(UTF_8), own),
                403,
                "not_authorized");
        refused(post("/api/v1/ingest/scale-2", "8.5".getBytes(UTF_8), own), 403, "not_authorized");
        String[] named = operator("text/plain", "Idempotency-Key", "k");
        accepted("/api/v1/ingest/d", "one", named);
        refused(post("/api/v1/ingest/d", "other".getBytes(UTF_8), named), 422, "key_conflict");
        refused(
                post("/api/v1/ingest/d?topic=$SYS/x", "sys".getBytes(UTF_8), operator("text/plain")),
                400,
                "bad_request");
        refused(post(path, new byte[0], own), 400, "bad_json");
        refused(post(path, "x".getBytes(UTF_8), "Authorization", basic("scale-1", "wrong")), 401, "unauthorized");

        await().until(() -> rejected().size() == 5);
        assertThat(rejected())
                .extracting(m -> new String(m.payload(), UTF_8))
                .containsExactly("{\"kg\":", "7.5", "8.5", "other", "sys");
        assertThat(rejected())
                .extracting(SpoolMessage::deviceId)
                .containsExactly("scale-1", "scale-1", "scale-1", "d", "d");
        assertThat(rejected().get(1).properties())
                .containsSubsequence("ce_subject", "line/scale-2/kg")
                .containsSubsequence("wm_reason", "not_authorized");
        assertThat(rejected().get(0).group()).isEqualTo("packing");
        assertThat(rejected()).extracting(SpoolMessage::qos).containsOnly(0);
    }

    @Test
    void curlSpeaksWithIt() throws Exception {
        gateway.devices().create("pos-1", "packing", Optional.of(PASSWORD));
        Tool.Result answer = Tool.onPath("curl", "curl")
                .run(
                        "-sS",
                        "-u",
                        "pos-1:" + PASSWORD,
                        "-H",
                        "Content-Type: application/x-ndjson",
                        "--data-binary",
                        "{\"sold\":1}\n{\"sold\":2}\n",
                        uri("/api/v1/ingest/pos-1?topic=line/pos-1/sales").toString())
                .succeeded();
        assertThat(answer.output()).contains("\"accepted\":2");
        assertThat(payloads()).containsExactly("{\"sold\":1}", "{\"sold\":2}");
    }

    // ---- commands

    @Test
    void aCommandIsAcceptedFoundAndListed() throws Exception {
        gateway.devices().create("line/1", "packing", Optional.of(PASSWORD));
        String path = "/api/v1/devices/line%2F1/commands";
        JsonNode sent =
                accepted(path, "{\"id\":\"k1\",\"name\":\"speed\",\"payload\":\"42\",\"qos\":2}", operator(JSON_TYPE));
        JsonNode again = accepted(
                path, "{\"id\":\"k1\",\"name\":\"speed\",\"payloadBase64\":\"NDI=\",\"qos\":2}", operator(JSON_TYPE));
        assertThat(sent.path("state").asText()).isEqualTo("queued");
        assertThat(again).isEqualTo(sent);
        assertThat(get(path + "/k1").body()).contains("\"state\":\"queued\"", "\"device\":\"line/1\"");
        assertThat(get(path).body()).contains("\"id\":\"k1\"");
        refused(get(path + "/k2"), 404, "not_found");

        refused(
                post(path, "{\"id\":\"k1\",\"payload\":\"x\"}".getBytes(UTF_8), operator(JSON_TYPE)),
                409,
                "command_exists");
        refused(post(path, "{}".getBytes(UTF_8), operator(JSON_TYPE)), 400, "bad_field");
        refused(post(path, "{\"payload\":\"x\",\"qos\":3}".getBytes(UTF_8), operator(JSON_TYPE)), 400, "bad_request");
        refused(
                post("/api/v1/devices/nobody/commands", "{\"payload\":\"x\"}".getBytes(UTF_8), operator(JSON_TYPE)),
                404,
                "unknown_device");
        gateway.devices().setEnabled("line/1", false);
        refused(post(path, "{\"payload\":\"x\"}".getBytes(UTF_8), operator(JSON_TYPE)), 409, "device_disabled");
        assertThat(post("/api/v1/devices/line%2F1/rotate", new byte[0], operator(JSON_TYPE))
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    // ---- room

    @Test
    void whatIsBeyondTheQuotaIsToComeLater() throws Exception {
        Quota five = new Quota(0, 0, 0, 0, 5, 0);
        gateway.groups().create("slow", Optional.of(List.of(new DeviceGroup.Rule(true, true, false, "slow/%u"))), five);
        gateway.devices().create("s1", "slow", Optional.of(PASSWORD));
        gateway.devices().create("s2", "slow", Optional.of(PASSWORD));
        String path = "/api/v1/ingest/s1?topic=slow/s1";
        byte[] sixty = "1\n".repeat(60).getBytes(UTF_8);
        String[] own = {"Authorization", basic("s1", PASSWORD), "Content-Type", NDJSON};

        assertThat(post(path, sixty, own).statusCode()).isEqualTo(202);
        HttpResponse<String> over = post(path, sixty, own);

        refused(over, 429, "over_quota");
        assertThat(Integer.parseInt(over.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(5, 12);
        assertThat(post("/api/v1/ingest/s2?topic=slow/s2", "1".getBytes(UTF_8), "Authorization", basic("s2", PASSWORD))
                        .statusCode())
                .isEqualTo(202);
        assertThat(spooled()).hasSize(61);
    }

    @Test
    void aFullSpoolIsToldAndTheKeyIsStillFree() throws Exception {
        close();
        spoolBytesMax = 300_000;
        open();
        byte[] large = new byte[200_000];
        String[] named = operator("a/b", "Idempotency-Key", "later");
        assertThat(post("/api/v1/ingest/d", large, operator("a/b")).statusCode())
                .isEqualTo(202);

        HttpResponse<String> full = post("/api/v1/ingest/d", large, named);

        refused(full, 503, "spool_full");
        assertThat(full.headers().firstValue("Retry-After")).contains("5");
        assertThat(post("/api/v1/ingest/d", new byte[10], named).statusCode())
                .as("the key of what was not taken is free")
                .isEqualTo(202);
        assertThat(spooled()).hasSize(2);
    }
}
