package io.waymark.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.annotation.Get;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.access.GroupRegistry;
import io.waymark.gateway.access.Verdict;
import io.waymark.gateway.command.Command;
import io.waymark.gateway.command.CommandDoor;
import io.waymark.gateway.command.CommandStatus;
import io.waymark.gateway.ingest.IngestDoor;
import io.waymark.gateway.ingest.IngestLimits;
import io.waymark.gateway.ingest.IngestRequest;
import io.waymark.gateway.ingest.Receipt;
import io.waymark.gateway.ingest.RefusedRequest;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.live.Sightings;
import io.waymark.identifier.Handle;
import io.waymark.identifier.Recognizer;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.spool.DiskRoom;
import io.waymark.testing.Http;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP door over real stores. */
class HttpServerIT {
    private static final String TOKEN = "right-token-right-token";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Health.State> STATES = new LinkedHashMap<>();
    private static final List<String> PUBLISHED = new ArrayList<>();

    @TempDir
    static Path dir;

    // set by open()
    @SuppressWarnings("NullAway.Init")
    private static PrometheusMeterRegistry metrics;

    private static Statistics statistics;
    private static RecordStore records;
    private static DeviceStore credentials;
    // set by open()
    @SuppressWarnings("NullAway.Init")
    private static Sightings sightings;

    private static ApiParts parts;
    private static HttpServer server;
    private static boolean spoolFull;

    @BeforeAll
    static void open() throws Exception {
        metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.config().meterFilter(HttpServer.meterFilter());
        Clock clock = Clock.systemUTC();
        records = RecordStore.open(RecordStoreConfig.defaults(dir.resolve("records")), metrics);
        credentials = DeviceStore.open(dir.resolve("devices"), metrics);
        statistics = Statistics.open(StatisticsConfig.defaults(dir.resolve("statistics")), metrics, clock);
        Registrar registrar =
                new Registrar(records, code -> Recognizer.recognize(code).identifier(), clock);
        parts = new ApiParts(
                Recognizer::recognize,
                Optional.of(new ApiParts.Registry(registrar, records, Optional.of(statistics))),
                Optional.of(new ApiParts.Devices(fleet(clock), new FixedDoor(), new NoCommands())),
                Optional.empty(),
                clock);
        HttpConfig config =
                new HttpConfig(List.of("127.0.0.1", "::1"), 0, 100_000, 10_000_000, Duration.ofSeconds(20), 1000);
        server = HttpServer.start(config, new FixedHealth(), TOKEN::equals, parts, metrics);
        assertThat(send("POST", "/api/v1/prefixes", "{\"prefix\":\"88.1\",\"secret\":\"s3cret\"}").status)
                .isEqualTo(201);
    }

    private static ApiParts.Fleet fleet(Clock clock) {
        LiveDevices live = new LiveDevices(new AccessRules(List.of()), metrics, clock);
        sightings = new Sightings(live, credentials, metrics, clock);
        return new ApiParts.Fleet(
                new DeviceRegistry(credentials, clock), new GroupRegistry(credentials, clock), live, sightings);
    }

    @AfterAll
    static void close() {
        server.close();
        statistics.close();
        records.close();
        sightings.close();
        credentials.close();
    }

    @BeforeEach
    void allIsWell() {
        STATES.clear();
        STATES.put("kafka", Health.State.UP);
        spoolFull = false;
        PUBLISHED.clear();
    }

    private static final class FixedHealth implements Health {
        @Override
        public Map<String, String> listeners() {
            return Map.of("mqtt", "127.0.0.1:1883");
        }

        @Override
        public Map<String, State> services() {
            return STATES;
        }

        @Override
        public Optional<DiskRoom> spoolDisk() {
            return Optional.of(DiskRoom.LOW);
        }
    }

    private static final class NoCommands implements CommandDoor {
        @Override
        public CompletableFuture<CommandStatus> send(Command command) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("nobody takes commands here"));
        }

        @Override
        public Optional<CommandStatus> find(String deviceId, String id) {
            return Optional.empty();
        }

        @Override
        public List<CommandStatus> openOf(String deviceId) {
            return List.of();
        }
    }

    private static final class FixedDoor implements IngestDoor {
        @Override
        public void refused(RefusedRequest request, String reason, String detail) {}

        @Override
        public IngestLimits limits() {
            return IngestLimits.defaults(1000);
        }

        @Override
        public CompletableFuture<Receipt> take(IngestRequest request) {
            if (spoolFull) {
                return CompletableFuture.failedFuture(new RejectedExecutionException("the spool is full"));
            }
            PUBLISHED.add(request.deviceId() + "|" + request.topic() + "|" + request.contentType() + "|"
                    + new String(request.payloads().get(0), StandardCharsets.UTF_8));
            return CompletableFuture.completedFuture(new Receipt(PUBLISHED.size(), 1, false));
        }

        @Override
        public CompletableFuture<Verdict> authenticate(String deviceId, byte[] password) {
            return CompletableFuture.completedFuture(Verdict.WRONG);
        }

        @Override
        public boolean mayPublish(String group, String deviceId, String topic) {
            return false;
        }
    }

    // ---- registry

    @Test
    void aRecordLivesFromPutToDelete() throws Exception {
        String path = "/api/v1/handles/88.1/Life";
        String values = "{\"values\":[{\"index\":1,\"type\":\"URL\",\"data\":\"https://x.example\"}]}";

        assertThat(send("PUT", path, values).status).isEqualTo(201);
        assertThat(send("PUT", path, values).status).isEqualTo(200);
        assertThat(send("PUT", path + "?overwrite=false", values).error(409)).isEqualTo("handle_already_exists");
        assertThat(send("GET", "/api/v1/handles/88.1/LIFE", "")
                        .json()
                        .at("/values/0/data/value")
                        .asText())
                .isEqualTo("https://x.example");
        assertThat(send("DELETE", path, "").status).isEqualTo(200);
        assertThat(send("DELETE", path, "").error(404)).isEqualTo("handle_not_found");
        assertThat(send("GET", path, "").error(404)).isEqualTo("not_found");
    }

    @Test
    void namesWithSlashesSemicolonsAndPercentSignsArriveAsSent() throws Exception {
        String values = "[{\"index\":1,\"type\":\"URL\",\"data\":\"u\"}]";

        Answer put = send("PUT", "/api/v1/handles/88.1/a%2Fb//c;d=%25+e", values);

        assertThat(put.json().path("handle").asText()).isEqualTo("88.1/a/b//c;d=%+e");
    }

    @Test
    void secretsAreForTheOperatorOnly() throws Exception {
        Answer everybody = anonymous("GET", "/api/v1/handles/88.1/ADMIN", "");
        Answer operator = send("GET", "/api/v1/handles/88.1/ADMIN", "");

        assertThat(everybody.status).isEqualTo(200);
        assertThat(everybody.body).contains("HS_ADMIN").doesNotContain("s3cret");
        assertThat(operator.body).contains("s3cret");
    }

    @Test
    void requestsAreToldByNetworkAndDayTheMostFirst() throws Exception {
        statistics.sources().add(InetAddress.getByName("192.0.2.7"), 3);
        statistics.sources().add(InetAddress.getByName("198.51.100.7"), 7);
        String today = statistics.today().toString();

        assertThat(send("GET", "/api/v1/statistics/sources", "").body)
                .contains("\"days\":[{\"day\":\"" + today + "\",\"network\":\"198.51.100.0/24\",\"requests\":7},"
                        + "{\"day\":\"" + today + "\",\"network\":\"192.0.2.0/24\",\"requests\":3}]");
        assertThat(send("GET", "/api/v1/statistics/sources?from=2020-01-01&to=2020-02-01", "").body)
                .contains("\"days\":[]");
    }

    @Test
    void countsAreToldByPrefixAndDay() throws Exception {
        statistics.lane().count("88.77/x", Measure.FOUND);
        statistics.lane().count("88.77/y", Measure.CREATED);
        String today = statistics.today().toString();

        Answer answer = send("GET", "/api/v1/statistics?prefix=88.77", "");
        Answer past = send("GET", "/api/v1/statistics?prefix=88.77&from=2020-01-01&to=2020-02-01", "");

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.body)
                .contains("\"day\":\"" + today + "\",\"prefix\":\"88.77\",\"found\":1,")
                .contains("\"created\":1")
                .contains("\"totals\":[{\"prefix\":\"88.77\"");
        assertThat(past.body).contains("\"days\":[]");
        assertThat(send("GET", "/api/v1/statistics?from=yesterday", "").error(400))
                .isEqualTo("bad_date");
        assertThat(send("GET", "/api/v1/statistics?from=2026-02-02&to=2026-02-01", "")
                        .error(400))
                .isEqualTo("bad_range");
    }

    @Test
    void aPrefixIsDelegatedToAnotherNode() throws Exception {
        String site = "{\"version\":1,\"protocolVersion\":\"2.11\",\"serialNumber\":1,\"primarySite\":true,\"servers\":"
                + "[{\"serverId\":1,\"address\":\"203.0.113.9\",\"interfaces\":"
                + "[{\"query\":true,\"admin\":true,\"protocol\":\"TCP\",\"port\":2641}]}]}";

        Answer made = send("POST", "/api/v1/prefixes", "{\"prefix\":\"88.9\",\"site\":" + site + "}");
        Answer listed = send("GET", "/api/v1/prefixes", "");
        Answer refused = send("PUT", "/api/v1/handles/88.9/x", "[{\"index\":1,\"type\":\"URL\",\"data\":\"x\"}]");

        assertThat(made.status).isEqualTo(201);
        assertThat(made.body).contains("203.0.113.9:2641/tcp");
        assertThat(listed.body)
                .contains("\"delegated\":[{\"prefix\":\"88.9\",\"delegatedTo\":[\"203.0.113.9:2641/tcp\"]}]");
        assertThat(refused.error(400)).isEqualTo("server_not_responsible");
        assertThat(send("POST", "/api/v1/records/bulk?home=true&format=csv", "handle,N\n88.9/a,1\n").body)
                .contains("\"loaded\":false", "prefix 88.9 does not live here");
        assertThat(send("POST", "/api/v1/prefixes", "{\"prefix\":\"88.9\",\"site\":{\"servers\":[]}}")
                        .error(400))
                .isEqualTo("bad_site");
    }

    @Test
    void aBulkIsLoadedAtOneStroke() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            lines.append("{\"handle\":\"88.1/bulk-")
                    .append(i)
                    .append("\",\"values\":[{\"index\":1,\"type\":\"N\",\"data\":\"")
                    .append(i)
                    .append("\"}]}\n");
        }
        Answer refused = send("POST", "/api/v1/records/bulk", lines + "{\"handle\":\"88.1/bulk-7\",\"values\":[]}\n");
        assertThat(refused.status).isEqualTo(200);
        assertThat(refused.body)
                .contains(
                        "\"loaded\":false", "\"refused\":1", "{\"line\":5001,\"reason\":\"a record must have 1..2048");
        assertThat(records.find(new Handle("88.1/bulk-0"))).isEmpty();

        Answer loaded = send("POST", "/api/v1/records/bulk", lines.toString());
        assertThat(loaded.body).contains("\"phase\":\"READING\"", "\"loaded\":true", "\"records\":5000");
        assertThat(records.find(new Handle("88.1/bulk-4999"))).isPresent();
        assertThat(send("POST", "/api/v1/records/bulk?overwrite=true", lines.toString()).body)
                .contains("\"replaced\":5000");
        assertThat(send("POST", "/api/v1/records/bulk?skipBad=true&home=true&format=csv", "handle,N\n88.33/a,1\nx,2\n")
                        .body)
                .contains("\"records\":1", "\"refused\":1", "\"homed\":1", "\"secrets\":{\"88.33\":\"");
        assertThat(send("POST", "/api/v1/records/bulk?format=xml", "").error(400))
                .isEqualTo("bad_format");
        assertThat(send("POST", "/api/v1/records/bulk/0123456789abcdef", "").body)
                .contains("\"error\":\"import_failed\"", "there is no import");
    }

    @Test
    void changesNeedTheToken() throws Exception {
        for (String[] request : new String[][] {
            {"POST", "/api/v1/prefixes"},
            {"GET", "/api/v1/prefixes"},
            {"GET", "/api/v1/statistics"},
            {"GET", "/api/v1/statistics/sources"},
            {"PUT", "/api/v1/handles/88.1/x"},
            {"DELETE", "/api/v1/handles/88.1/x"},
            {"POST", "/api/v1/records/import"},
            {"POST", "/api/v1/records/bulk"},
            {"POST", "/api/v1/records/bulk/0123456789abcdef"},
            {"GET", "/api/v1/records/export"},
            {"POST", "/api/v1/devices"},
            {"GET", "/api/v1/devices"},
            {"PATCH", "/api/v1/devices/d"},
            {"POST", "/api/v1/devices/d/rotate"},
            {"DELETE", "/api/v1/devices/d"},
            {"POST", "/api/v1/devices/d/commands"},
            {"GET", "/api/v1/devices/d/commands"},
            {"GET", "/api/v1/devices/d/commands/k"},
            {"POST", "/ingest/d"},
            {"POST", "/api/v1/ingest/d"},
            {"POST", "/api/v1/webhooks/d"}
        }) {
            Answer none = anonymous(request[0], request[1], "");
            Answer wrong = exchange(request[0], request[1], BodyPublishers.noBody(), "wrong");
            assertThat(none.error(401)).as(request[1]).isEqualTo("unauthorized");
            assertThat(wrong.error(401)).as(request[1]).isEqualTo("unauthorized");
        }
        assertThat(PUBLISHED).isEmpty();
        assertThat(records.find(new Handle("88.1/x"))).isEmpty();
    }

    @Test
    void refusesBadInputInWords() throws Exception {
        assertThat(send("POST", "/api/v1/prefixes", "{").error(400)).isEqualTo("bad_json");
        assertThat(send("POST", "/api/v1/prefixes", "{} x").error(400)).isEqualTo("bad_json");
        assertThat(send("POST", "/api/v1/prefixes", "{\"prefix\":\"a\",\"prefix\":\"b\"}")
                        .error(400))
                .isEqualTo("bad_json");
        assertThat(send("POST", "/api/v1/prefixes", "[]").error(400)).isEqualTo("bad_json");
        assertThat(send("POST", "/api/v1/prefixes", "{}").error(400)).isEqualTo("missing_field");
        assertThat(send("POST", "/api/v1/prefixes", "{\"prefix\":1}").error(400))
                .isEqualTo("bad_field");
        assertThat(send("POST", "/api/v1/prefixes", "{\"prefx\":\"1\"}").error(400))
                .isEqualTo("unknown_field");
        assertThat(send("PUT", "/api/v1/handles/nohandle", "[]").error(400)).isEqualTo("bad_handle");
        assertThat(send("PUT", "/api/v1/handles/88.1/x", "{\"handle\":\"88.1/y\",\"values\":[]}")
                        .error(400))
                .isEqualTo("bad_handle");
        assertThat(send("PUT", "/api/v1/handles/88.1/x", "[{\"index\":0}]").error(400))
                .isEqualTo("bad_value");
        assertThat(send("PUT", "/api/v1/handles/77.7/x", "[{\"index\":1,\"type\":\"URL\",\"data\":\"u\"}]")
                        .error(400))
                .isEqualTo("server_not_responsible");
    }

    // ---- import, export

    @Test
    void whatIsExportedCanBeImportedAndBadLinesAreNamed() throws Exception {
        assertThat(send("POST", "/api/v1/prefixes", "{\"prefix\":\"88.2\"}").status)
                .isEqualTo(201);
        StringBuilder lines = new StringBuilder("not json\n\n");
        for (int i = 0; i < 1500; i++) {
            lines.append("{\"handle\":\"88.2/")
                    .append(i)
                    .append("\",\"values\":[{\"index\":1,\"type\":\"URL\",\"data\":\"u")
                    .append(i)
                    .append("\"}]}\n");
        }
        lines.append("{\"handle\":\"66.6/x\",\"values\":[]}");

        Answer imported = send("POST", "/api/v1/records/import", lines.toString());
        String exported = send("GET", "/api/v1/records/export?prefix=88.2", "").body;
        Answer again = send("POST", "/api/v1/records/import", exported);

        assertThat(imported.json().path("accepted").asInt()).isEqualTo(1500);
        assertThat(imported.json().path("refused").findValuesAsText("line")).containsExactly("1", "1503");
        assertThat(exported.lines()).hasSize(1501).anyMatch(line -> line.contains("88.2/ADMIN"));
        assertThat(again.json().path("accepted").asInt()).isEqualTo(1501);
    }

    @Test
    void importIsStreamedBeyondTheLimitOfOtherRequestsButBounded() throws Exception {
        byte[] large = "\n".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        byte[] tooLarge = new byte[10_000_001];

        assertThat(send("POST", "/api/v1/records/import", new String(large, StandardCharsets.UTF_8)).status)
                .isEqualTo(200);
        Answer refused = exchange(
                "POST",
                "/api/v1/records/import",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)),
                TOKEN);
        assertThat(refused.status).isIn(400, 413); // one endless line, or too many octets: whichever is seen first
    }

    @Test
    void exportOfAForeignPrefixIsNotFound() throws Exception {
        assertThat(send("GET", "/api/v1/records/export?prefix=1.2", "").error(404))
                .isEqualTo("not_found");
    }

    // ---- look-up

    @Test
    void looksUpFromTheSerialUpToTheGtin() throws Exception {
        send(
                "PUT",
                "/api/v1/handles/88.1/tea",
                "[{\"index\":1,\"type\":\"URL\",\"data\":\"u\"},{\"index\":2,\"type\":\"GS1\","
                        + "\"data\":\"https://id.gs1.org/01/06901234000016\"}]");

        JsonNode found = anonymous("GET", "/api/v1/lookup?code=(01)06901234000016(21)X1", "")
                .json();

        assertThat(found.path("identifier").asText()).isEqualTo("https://id.gs1.org/01/06901234000016/21/X1");
        assertThat(found.path("matched").asText()).isEqualTo("https://id.gs1.org/01/06901234000016");
        assertThat(found.path("handle").asText()).isEqualTo("88.1/tea");
        assertThat(found.path("values")).hasSize(2);
    }

    @Test
    void recognizesWithoutARecord() throws Exception {
        JsonNode found =
                anonymous("GET", "/api/v1/recognize?code=88.9%2Fnobody", "").json();

        assertThat(found.path("scheme").asText()).isEqualTo("HANDLE");
        assertThat(found.path("carrier").asText()).isEqualTo("HANDLE_NAME");
        assertThat(anonymous("GET", "/api/v1/lookup?code=88.9%2Fnobody", "")
                        .json()
                        .has("handle"))
                .isFalse();
        assertThat(anonymous("GET", "/api/v1/recognize?code=%3F%3F", "").error(400))
                .isEqualTo("bad_code");
        assertThat(anonymous("GET", "/api/v1/recognize", "").error(400)).isEqualTo("missing_code");
    }

    // ---- devices

    @Test
    void aDeviceLivesFromCreationToDeletion() throws Exception {
        JsonNode created = send("POST", "/api/v1/devices", "{\"id\":\"line/1\",\"group\":\"packing\"}")
                .json();
        assertThat(created.path("password").asText()).hasSizeGreaterThan(16);
        assertThat(send("POST", "/api/v1/devices", "{\"id\":\"line/1\"}").error(409))
                .isEqualTo("device_exists");
        assertThat(send("POST", "/api/v1/devices", "{\"id\":\"x\",\"password\":\"short\"}")
                        .error(400))
                .isEqualTo("bad_request");

        assertThat(send("PATCH", "/api/v1/devices/line%2F1", "{\"enabled\":false}").status)
                .isEqualTo(200);
        JsonNode listed = send("GET", "/api/v1/devices?limit=1", "").json().at("/devices/0");
        assertThat(listed.path("id").asText()).isEqualTo("line/1");
        assertThat(listed.path("enabled").asBoolean()).isFalse();
        assertThat(listed.has("password") || listed.has("passwordHash")).isFalse();

        String rotated = send("POST", "/api/v1/devices/line%2F1/rotate", "")
                .json()
                .path("password")
                .asText();
        assertThat(rotated).isNotEqualTo(created.path("password").asText()).hasSizeGreaterThan(16);
        assertThat(send("DELETE", "/api/v1/devices/line%2F1", "").status).isEqualTo(204);
        assertThat(send("DELETE", "/api/v1/devices/line%2F1", "").error(404)).isEqualTo("not_found");
        assertThat(send("PATCH", "/api/v1/devices/line%2F1", "{\"enabled\":1}").error(400))
                .isEqualTo("bad_field");
        assertThat(send("POST", "/api/v1/devices/line%2F1/dance", "").error(404))
                .isEqualTo("not_found");
        assertThat(send("GET", "/api/v1/devices?limit=0", "").error(400)).isEqualTo("bad_request");
    }

    // ---- ingest

    @Test
    void aMessageIsAcceptedOnceItIsDurable() throws Exception {
        assertThat(send("POST", "/ingest/pos%201?topic=shop%2Fpos", "{}")
                        .json()
                        .path("position")
                        .asLong())
                .isEqualTo(1);
        assertThat(PUBLISHED).containsExactly("pos 1|shop/pos||{}");
    }

    @Test
    void aFullSpoolIsToldSoThatTheSenderKeepsTheMessage() throws Exception {
        spoolFull = true;

        Answer refused = send("POST", "/ingest/pos-1", "{}");

        assertThat(refused.error(503)).isEqualTo("spool_full");
        assertThat(refused.header("Retry-After")).isEqualTo("5");
    }

    @Test
    void aMessageLargerThanMqttAllowsIsRefused() throws Exception {
        assertThat(send("POST", "/ingest/pos-1", "x".repeat(1001)).error(413)).isEqualTo("body_too_large");
        assertThat(send("POST", "/ingest/", "x").error(400)).isEqualTo("bad_device");
    }

    // ---- the server itself

    @Test
    void healthFollowsItsWorstService() throws Exception {
        assertThat(anonymous("GET", "/health", "").status).isEqualTo(200);
        STATES.put("trace", Health.State.STARTING);
        Answer starting = anonymous("GET", "/health", "");
        assertThat(starting.status).isEqualTo(503);
        assertThat(starting.body)
                .isEqualTo("{\"status\":\"STARTING\",\"listeners\":{\"mqtt\":\"127.0.0.1:1883\"},"
                        + "\"services\":{\"kafka\":\"UP\",\"trace\":\"STARTING\"},\"spoolDisk\":\"LOW\"}");
        STATES.put("kafka", Health.State.DOWN);
        assertThat(anonymous("GET", "/health", "").body).startsWith("{\"status\":\"DOWN\"");
    }

    @Test
    void everyErrorIsJsonAndCounted() throws Exception {
        double before =
                metrics.counter("waymark.http.refused", "reason", "not_found").count();

        assertThat(anonymous("GET", "/no/such/page", "").error(404)).isEqualTo("not_found");
        assertThat(anonymous("DELETE", "/health", "").error(405)).isEqualTo("method_not_allowed");
        assertThat(send("PUT", "/api/v1/handles/88.1/x", "x".repeat(100_001)).error(413))
                .isEqualTo("body_too_large");
        assertThat(raw("GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"))
                .contains("HTTP/1.1 400")
                .contains("{\"error\":\"");
        assertThat(anonymous("GET", "/health", "").status).isEqualTo(200);
        assertThat(metrics.counter("waymark.http.refused", "reason", "not_found")
                        .count())
                .isEqualTo(before + 1);
    }

    @Test
    void theConsoleMayLoadNothingFromElsewhere() throws Exception {
        Answer page = anonymous("GET", "/", "");

        assertThat(page.status).isEqualTo(200);
        assertThat(page.header("content-type")).startsWith("text/html");
        assertThat(page.header("content-security-policy")).startsWith("default-src 'self';");
        assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(anonymous("GET", "/docs/", "").status).isEqualTo(200);
    }

    @Test
    void metricsAreOneScrapeWithFewSeriesOfOurOwn() throws Exception {
        Answer scrape = anonymous("GET", "/metrics", "");

        assertThat(scrape.body).contains("waymark_http_requests_total");
        assertThat(scrape.body.lines().filter(line -> line.startsWith("waymark_http_") && line.contains("quantile")))
                .isEmpty();
    }

    @Test
    void answersOnIpv6AndNamesTheAddressThatIsTaken() throws Exception {
        Answer answer = exchange(
                "GET",
                URI.create("http://[::1]:" + server.address().getPort() + "/health"),
                BodyPublishers.noBody(),
                "");
        assertThat(answer.status).isEqualTo(200);

        HttpConfig same =
                new HttpConfig(List.of("127.0.0.1"), server.address().getPort(), 1000, 1000, Duration.ofSeconds(1), 10);
        Assertions.assertThatThrownBy(() -> HttpServer.start(same, new FixedHealth(), TOKEN::equals, parts, metrics))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("platform.http cannot listen on 127.0.0.1 port "
                        + server.address().getPort());
    }

    /** Stands for traceability, which may start after the server. */
    static final class Late {
        @Get("/trace/late")
        public HttpResponse late() {
            return HttpResponse.of("late");
        }
    }

    @Test
    void leadsToARoomThatStartsLater() throws Exception {
        assertThat(anonymous("GET", "/trace/late", "").status).isEqualTo(404);

        server.lead(parts.withTrace(new Late()));

        assertThat(anonymous("GET", "/trace/late", "").body).isEqualTo("late");
        assertThat(anonymous("GET", "/health", "").status).isEqualTo(200);
    }

    /** What came back. */
    private record Answer(int status, String body, java.net.http.HttpHeaders headers) {
        JsonNode json() throws IOException {
            assertThat(status).as(body).isLessThan(300);
            return JSON.readTree(body);
        }

        /** The error's word; checks its form on the way. */
        String error(int expected) throws IOException {
            assertThat(status).as(body).isEqualTo(expected);
            JsonNode error = JSON.readTree(body);
            assertThat(error.fieldNames()).toIterable().containsExactly("error", "message");
            assertThat(error.path("message").asText()).isNotBlank();
            return error.path("error").asText();
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    private static Answer send(String method, String path, String body) throws Exception {
        return exchange(method, path, BodyPublishers.ofString(body), TOKEN);
    }

    private static Answer anonymous(String method, String path, String body) throws Exception {
        return exchange(method, path, BodyPublishers.ofString(body), "");
    }

    private static Answer exchange(String method, String path, BodyPublisher body, String token) throws Exception {
        return exchange(
                method, URI.create("http://127.0.0.1:" + server.address().getPort() + path), body, token);
    }

    private static Answer exchange(String method, URI uri, BodyPublisher body, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        // a connection each: after a refused body the server closes, which a pooled client may notice too late
        java.net.http.HttpResponse<String> response = Http.client().send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body(), response.headers());
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void closesAConnectionWhoseHeadersNeverEnd() throws Exception {
        HttpConfig impatient =
                new HttpConfig(List.of("127.0.0.1"), 0, 100_000, 10_000_000, Duration.ofMillis(300), 100);
        try (HttpServer quick = HttpServer.start(impatient, new FixedHealth(), TOKEN::equals, parts, metrics);
                Socket socket = new Socket("127.0.0.1", quick.address().getPort())) {
            socket.setSoTimeout(50);
            OutputStream out = socket.getOutputStream();
            out.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nX-Slow: "
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(closesWhileDribbling(socket, out)).isTrue();
        }
        assertThat(metrics.get("waymark.http.refused")
                        .tag("reason", "slow_headers")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(1);
    }

    /** One octet whenever nothing came for a while; true when the server hangs up. */
    private static boolean closesWhileDribbling(Socket socket, OutputStream out) {
        byte[] sink = new byte[4096];
        for (int octets = 0; octets < 400; octets++) {
            try {
                if (socket.getInputStream().read(sink) < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                if (!sent(out)) {
                    return true;
                }
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    private static boolean sent(OutputStream out) {
        try {
            out.write('a');
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
