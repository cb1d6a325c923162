package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web face over real sockets. */
class WebIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private final HttpClient browser = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        harness = new NodeHarness(directory).withRecords();
        harness.put(
                "88.118.8/<b>&\"x\"",
                io.waymark.identifier.handle.HandleValue.text(1, "TEXT", "<script>alert(1)</script>", 0));
        // a record from before the node refused such addresses
        harness.records
                .apply(java.util.List.of(new io.waymark.identifier.handle.RecordChange.Put(
                        new io.waymark.identifier.Handle("88.118.8/evil"),
                        java.util.List.of(
                                io.waymark.identifier.handle.HandleValue.text(1, "URL", "javascript:alert(1)", 0),
                                io.waymark.identifier.handle.HandleValue.text(
                                        2, "URL", "https://ok.example/\r\nset-cookie: a=b", 0)),
                        java.util.List.of())))
                .join();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(harness.http(path)).GET(), headers);
    }

    private HttpResponse<String> put(String path, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(harness.http(path)).PUT(BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + NodeHarness.TOKEN,
                "Content-Type",
                "application/json");
    }

    private HttpResponse<String> delete(String path) throws Exception {
        return send(
                HttpRequest.newBuilder(harness.http(path)).DELETE(), "Authorization", "Bearer " + NodeHarness.TOKEN);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return JSON.readTree(response.body());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    // --- Handle JSON REST

    @Test
    void givesARecordAsJson() throws Exception {
        HttpResponse<String> response = get("/api/handles/88.118.8/abc123?type=url");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "access-control-allow-origin")).isEqualTo("*");
        JsonNode json = json(response);
        assertThat(json.path("responseCode").intValue()).isEqualTo(1);
        assertThat(json.path("handle").textValue()).isEqualTo("88.118.8/abc123");
        assertThat(json.path("values")).hasSize(1);
        JsonNode value = json.path("values").path(0);
        assertThat(value.path("data").toString())
                .isEqualTo("{\"format\":\"string\",\"value\":\"" + NodeHarness.URL + "\"}");
        assertThat(value.path("ttl").intValue()).isEqualTo(86_400);
        assertThat(value.path("timestamp").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }

    @Test
    void tellsApartWhatIsNotThere() throws Exception {
        assertThat(get("/api/handles/88.118.8/none").statusCode()).isEqualTo(404);
        assertThat(json(get("/api/handles/88.118.8/none")).path("responseCode").intValue())
                .isEqualTo(100);
        assertThat(get("/api/handles/88.118.8/ABC123?type=EMAIL").statusCode()).isEqualTo(200);
        assertThat(get("/api/handles/88.118.8/ABC123?type=EMAIL").body())
                .isEqualTo("{\"responseCode\":200,\"values\":[],\"handle\":\"88.118.8/ABC123\"}");
        assertThat(json(get("/api/handles/10.999/x")).path("responseCode").intValue())
                .isEqualTo(301);
        assertThat(json(get("/api/handles/nonsense/")).path("responseCode").intValue())
                .isEqualTo(102);
        assertThat(get("/api/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void createsReplacesAndDeletes() throws Exception {
        String path = "/api/handles/88.118.8/cycle";
        String value = "[{\"index\":1,\"type\":\"URL\",\"data\":\"https://one.example/\"}]";

        assertThat(put(path, value).statusCode()).isEqualTo(201);
        assertThat(put(path + "?overwrite=false", value).statusCode()).isEqualTo(409);
        assertThat(put(path, value.replace("one", "two")).statusCode()).isEqualTo(200);
        assertThat(get(path).body()).contains("https://two.example/");
        assertThat(delete(path).statusCode()).isEqualTo(200);
        assertThat(get(path).statusCode()).isEqualTo(404);
        assertThat(delete(path).statusCode()).isEqualTo(404);
    }

    @Test
    void changesSomeValues() throws Exception {
        String path = "/api/handles/88.118.8/partial";
        put(path, "[{\"index\":1,\"type\":\"A\",\"data\":\"a\"},{\"index\":2,\"type\":\"B\",\"data\":\"b\"}]");

        assertThat(put(path + "?index=various", "{\"index\":2,\"type\":\"B\",\"data\":\"changed\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(put(path + "?index=3", "{\"index\":2,\"type\":\"B\",\"data\":\"c\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(delete(path + "?index=1").statusCode()).isEqualTo(200);

        JsonNode values = json(get(path)).path("values");
        assertThat(values).hasSize(1);
        assertThat(values.path(0).path("data").path("value").textValue()).isEqualTo("changed");
    }

    @Test
    void writesForOperatorsOnly() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(harness.http("/api/handles/88.118.8/x"));
        HttpResponse<String> none = send(request.copy().PUT(BodyPublishers.ofString("[]")));
        HttpResponse<String> wrong =
                send(request.copy().PUT(BodyPublishers.ofString("[]")), "Authorization", "Bearer wrong");

        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(header(none, "www-authenticate")).startsWith("Bearer");
    }

    @Test
    void showsPrivateValuesToOperatorsWhoAskForThem() throws Exception {
        String path = "/api/handles/88.118.8/secretive";

        assertThat(get(path).body()).doesNotContain("staff only");
        assertThat(get(path + "?publicOnly=false").body()).doesNotContain("staff only");
        assertThat(get(path + "?publicOnly=false", "Authorization", "Bearer " + NodeHarness.TOKEN)
                        .body())
                .contains("staff only")
                .contains("\"permissions\":\"1100\"");
    }

    @Test
    void namesThePlaceOfAMistake() throws Exception {
        String path = "/api/handles/88.118.8/bad";

        assertThat(put(path, "[{\"index\":1,").body()).contains("line 1").contains("bad_json");
        assertThat(put(path, "[{\"index\":1,\"type\":\"A\",\"data\":\"a\"},{\"index\":0,\"type\":\"A\",\"data\":\"\"}]")
                        .body())
                .contains("values[1].index must be in 1..2147483647 but was 0");
        assertThat(put(path, "[{\"index\":1,\"type\":\"A\"}]").body()).contains("values[0].data is missing");
        assertThat(put(path, "").body()).contains("body is empty");
        assertThat(put(path, "[]").statusCode()).isEqualTo(400);
        assertThat(put("/api/handles/88.119/x", "[{\"index\":1,\"type\":\"A\",\"data\":\"a\"}]")
                        .body())
                .contains("\"responseCode\":301");
        assertThat(put(path, "[{\"index\":1,\"type\":\"GS1\",\"data\":\"(01)12345678901234\"}]")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void refusesAnAliasAnotherRecordHolds() throws Exception {
        HttpResponse<String> response = put(
                "/api/handles/88.118.8/thief",
                "[{\"index\":1,\"type\":\"GS1\",\"data\":\"https://shop.example/01/06901234567892\"}]");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("88.118.8/TEA");
    }

    @Test
    void refusesOversizeBodies() throws Exception {
        char[] big = new char[(1 << 20) + 1];
        Arrays.fill(big, ' ');

        assertThat(put("/api/handles/88.118.8/big", new String(big)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void describesTheSite() throws Exception {
        JsonNode site = json(get("/api/site")).path("site");

        assertThat(site.path("protocolVersion").textValue()).isEqualTo("2.11");
        assertThat(site.path("servers").path(0).path("interfaces")).hasSize(4);
        assertThat(site.path("servers").path(0).at("/publicKey/value/kty").textValue())
                .isEqualTo("RSA");
    }

    @Test
    void answersPreflightsAndHead() throws Exception {
        HttpResponse<String> preflight = send(HttpRequest.newBuilder(harness.http("/api/handles/88.118.8/x"))
                .method("OPTIONS", BodyPublishers.noBody()));
        HttpResponse<String> head = send(HttpRequest.newBuilder(harness.http("/api/handles/88.118.8/ABC123"))
                .method("HEAD", BodyPublishers.noBody()));

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(header(preflight, "access-control-allow-methods")).contains("PUT");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(Integer.parseInt(header(head, "content-length"))).isGreaterThan(100);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void scrubsCallbackNames() throws Exception {
        HttpResponse<String> response = get("/api/handles/88.118.8/ABC123?callback=a%3Balert(1)%2F%2F");

        assertThat(response.body()).startsWith("aalert1(").endsWith(");");
        assertThat(header(response, "content-type")).startsWith("application/javascript");
    }

    // --- browsers

    @Test
    void redirectsToTheRecordsUrl() throws Exception {
        HttpResponse<String> response = get("/88.118.8/ABC123");

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(header(response, "location")).isEqualTo(NodeHarness.URL);
        assertThat(header(response, "expires")).endsWith("GMT");
        assertThat(header(get("/88.118.8/ABC123?urlappend=%3Fa%3Db"), "location"))
                .isEqualTo(NodeHarness.URL + "?a=b");
    }

    @Test
    void showsAPageInTheReadersLanguage() throws Exception {
        HttpResponse<String> english = get("/88.118.8/ABC123?noredirect");
        HttpResponse<String> chinese = get("/88.118.8/ABC123?noredirect", "Accept-Language", "zh-CN,zh;q=0.9");

        assertThat(english.statusCode()).isEqualTo(200);
        assertThat(english.body()).contains("CNC-5A").contains("Record").contains("<html lang=en>");
        assertThat(chinese.body()).contains("记录").contains("<html lang=zh>");
        assertThat(header(english, "content-security-policy")).contains("default-src 'none'");
    }

    @Test
    void escapesWhatRecordsSay() throws Exception {
        HttpResponse<String> response = get("/88.118.8/%3Cb%3E&%22x%22");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .doesNotContain("<script>")
                .doesNotContain("<b>")
                .contains("&lt;script&gt;");
    }

    @Test
    void neverRedirectsToScriptsOrForgesHeaders() throws Exception {
        HttpResponse<String> response = get("/88.118.8/evil");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "set-cookie")).isEmpty();
        assertThat(response.body()).doesNotContain("href=\"javascript");
    }

    @Test
    void saysWhenNothingIsKnown() throws Exception {
        assertThat(get("/88.118.8/none", "Accept", "text/html").statusCode()).isEqualTo(404);
        assertThat(get("/88.118.8/none", "Accept", "text/html").body()).contains("88.118.8/none");
        assertThat(get("/favicon.ico").statusCode()).isEqualTo(404);
        assertThat(get("/").body()).contains("<form");
        assertThat(header(get("/?hdl=88.118.8/ABC123"), "location")).isEqualTo("/88.118.8/ABC123?noredirect");
    }

    @Test
    void refusesOtherMethods() throws Exception {
        assertThat(send(HttpRequest.newBuilder(harness.http("/88.118.8/x")).POST(BodyPublishers.ofString("x")))
                        .statusCode())
                .isEqualTo(405);
    }
}
