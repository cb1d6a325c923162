package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.Handle;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import net.handle.hdllib.AbstractRequest;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.ModifyValueRequest;
import net.handle.hdllib.SecretKeyAuthenticationInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What records were, who changed them, and who may know. */
class HistoryIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PUBLIC = "{\"index\":1,\"type\":\"DESC\",\"data\":\"%s\"}";
    private static final String PRIVATE = "{\"index\":7,\"type\":\"NOTE\",\"data\":\"%s\",\"permissions\":\"1100\"}";

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private final HttpClient browser = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        harness = new NodeHarness(directory).withRecords();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @Test
    void operatorsSeeWhoDidWhatOverWhichDoor() throws Exception {
        put("88.118.8/who", "one");
        CnriClient client = new CnriClient(harness);
        carryOut(client, new ModifyValueRequest(Util.encodeString("88.118.8/who"), value(1, "DESC", "two"), admin()));
        carryOut(client, new DeleteHandleRequest(Util.encodeString("88.118.8/who"), admin()));
        JsonNode history = ok("/api/history/88.118.8/WHO", NodeHarness.TOKEN);
        assertThat(texts(history, "action")).containsExactly("deleted", "modified", "created");
        assertThat(texts(history, "author")).containsExactly("300:88.118.8/ADMIN", "300:88.118.8/ADMIN", "operator");
        assertThat(history.at("/versions/1/values/0/data/value").asText()).isEqualTo("two");
        assertThat(history.at("/versions/0").has("values")).isFalse();
    }

    @Test
    void anybodySeesWhatAResolutionWouldHaveShownAndNotWhatElseWasChanged() throws Exception {
        put("88.118.8/seen", "one", "secret one");
        put("88.118.8/seen", "one", "secret two");
        put("88.118.8/seen", "two", "secret two");
        JsonNode history = ok("/api/history/88.118.8/seen", "");
        assertThat(history.toString()).doesNotContain("secret", "author", "NOTE");
        assertThat(values(history)).startsWith("two", "one");
        JsonNode all = ok("/api/history/88.118.8/seen", NodeHarness.TOKEN);
        assertThat(all.path("versions")).hasSize(3);
        assertThat(all.toString()).contains("secret one", "secret two");
        assertThat(ok("/api/history/88.118.8/seen?publicOnly", NodeHarness.TOKEN)
                        .toString())
                .doesNotContain("secret");
    }

    /** Values that keep their times, so that to the public nothing happened. */
    @Test
    void aChangeOfSecretsAloneDoesNotShow() throws Exception {
        put("88.118.8/quiet", "one", "secret one");
        send("PUT", "/api/handles/88.118.8/quiet?index=7", PRIVATE.formatted("secret two"), NodeHarness.TOKEN);
        assertThat(ok("/api/history/88.118.8/quiet", NodeHarness.TOKEN).path("versions"))
                .hasSize(2);
        JsonNode seen = ok("/api/history/88.118.8/quiet", "");
        assertThat(texts(seen, "action")).containsExactly("created");
    }

    @Test
    void aRecordIsResolvedAsItWas() throws Exception {
        Instant before = Instant.now().minusSeconds(60);
        put("88.118.8/then", "one", "secret one");
        Instant first = changedAt("88.118.8/then");
        awaitAfter(first);
        put("88.118.8/then", "two", "secret two");
        Instant second = changedAt("88.118.8/then");
        awaitAfter(second);
        send("DELETE", "/api/handles/88.118.8/then", "", NodeHarness.TOKEN);
        Instant gone = changedAt("88.118.8/then");

        assertThat(asOf(first.toString()).at("/values/0/data/value").asText()).isEqualTo("one");
        assertThat(asOf(first.toString()).path("asOf").asText()).isEqualTo(first.toString());
        assertThat(asOf("" + second.toEpochMilli()).at("/values/0/data/value").asText())
                .isEqualTo("two");
        assertThat(asOf(second.minusMillis(1).toString()).toString())
                .contains("one")
                .doesNotContain("secret");
        String local = second.atOffset(java.time.ZoneOffset.ofHours(8)).toString();
        assertThat(ok("/api/handles/88.118.8/then?asOf=" + local, "").toString())
                .as("a plus sign that was not escaped")
                .contains("two");
        assertThat(ok("/api/handles/88.118.8/then?asOf=" + first, NodeHarness.TOKEN)
                        .toString())
                .contains("secret one");
        assertThat(ok("/api/handles/88.118.8/then?type=DESC&asOf=" + first, NodeHarness.TOKEN)
                        .path("values"))
                .hasSize(1);
        for (Instant absent : List.of(before, gone)) {
            HttpResponse<String> answer = send("GET", "/api/handles/88.118.8/then?asOf=" + absent, "", "");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body())
                    .contains("\"responseCode\":100", "there was no handle 88.118.8/then at " + absent);
        }
    }

    @Test
    void aPrefixHandleNamesTheSiteItNamedThen(@TempDir Path own) throws Exception {
        String question = "/api/handles/0.NA/88.118.8?type=HS_SITE";
        Instant then;
        JsonNode served;
        try (NodeHarness first = new NodeHarness(own).withRecords()) {
            served = json(first, question).path("values");
            then = Instant.now();

            assertThat(served).hasSize(1);
            assertThat(json(first, question + "&asOf=" + then).path("values")).isEqualTo(served);
        }
        try (NodeHarness second = new NodeHarness(own)) {
            assertThat(json(second, question).path("values")).as("other ports").isNotEqualTo(served);
            assertThat(json(second, question + "&asOf=" + then).path("values")).isEqualTo(served);
        }
    }

    private JsonNode json(NodeHarness node, String path) throws Exception {
        return JSON.readTree(
                browser.send(HttpRequest.newBuilder(node.http(path)).build(), BodyHandlers.ofString())
                        .body());
    }

    @Test
    void onlyPublicValuesOfTheTimeAreShownThoughTheyWerePublicBefore() throws Exception {
        put("88.118.8/hidden", "one");
        Instant first = changedAt("88.118.8/hidden");
        awaitAfter(first);
        send("PUT", "/api/handles/88.118.8/hidden", "[" + PRIVATE.formatted("x") + "]", NodeHarness.TOKEN);
        HttpResponse<String> now = send("GET", "/api/handles/88.118.8/hidden?asOf=" + Instant.now(), "", "");
        assertThat(now.body()).contains("\"responseCode\":200").doesNotContain("NOTE");
        assertThat(ok("/api/handles/88.118.8/hidden?asOf=" + first, "").toString())
                .contains("one");
    }

    @Test
    void pagesGoBackwards() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("88.118.8/pages", "v" + i);
        }
        JsonNode page = ok("/api/history/88.118.8/pages?limit=2", "");
        assertThat(values(page)).containsExactly("v4", "v3");
        page = ok(
                "/api/history/88.118.8/pages?limit=2&before="
                        + page.path("before").asLong(),
                "");
        assertThat(values(page)).containsExactly("v2", "v1");
        page = ok(
                "/api/history/88.118.8/pages?limit=2&before="
                        + page.path("before").asLong(),
                "");
        assertThat(values(page)).containsExactly("v0");
        assertThat(page.has("before")).isFalse();
    }

    @Test
    void whatCannotBeAskedIsRefusedWithTheReason() throws Exception {
        put("88.118.8/refused", "one");
        refused("/api/history/88.118.8/none", 404, "nothing is known of handle 88.118.8/none");
        refused("/api/history/", 404, "Unknown HTTP API endpoint");
        refused("/api/history/88.118.8/refused?limit=0", 400, "limit must be in 1..1000 but was 0");
        refused("/api/history/88.118.8/refused?limit=x", 400, "limit must be a whole number but was x");
        refused("/api/handles/88.118.8/refused?asOf=yesterday", 400, "asOf must be a time such as");
        refused("/api/handles/88.118.8/refused?asOf=99999999999999999999", 400, "asOf must be a time such as");
        refused("/api/handles/88.118.8/refused?asOf=2999-01-01T00:00:00Z", 400, "must not lie in the future");
        refused("/api/history/88.118.8/refused?publicOnly=false", 401, "say who you are");
        assertThat(send("DELETE", "/api/history/88.118.8/refused", "", NodeHarness.TOKEN)
                        .statusCode())
                .isEqualTo(405);
    }

    // --- doing

    private void put(String handle, String text) throws Exception {
        send("PUT", "/api/handles/" + handle, "[" + PUBLIC.formatted(text) + "]", NodeHarness.TOKEN);
    }

    private void put(String handle, String text, String secret) throws Exception {
        String body = "[" + PUBLIC.formatted(text) + "," + PRIVATE.formatted(secret) + "]";
        assertThat(send("PUT", "/api/handles/" + handle, body, NodeHarness.TOKEN)
                        .statusCode())
                .isIn(200, 201);
    }

    private static Instant changedAt(String handle) {
        return Instant.ofEpochMilli(harness.records
                .history(new Handle(handle), Long.MAX_VALUE, 1)
                .get(0)
                .millis());
    }

    private static void awaitAfter(Instant time) {
        while (!Instant.now().isAfter(time.plusMillis(1))) {
            Thread.onSpinWait();
        }
    }

    private JsonNode asOf(String time) throws Exception {
        return ok("/api/handles/88.118.8/then?asOf=" + URLEncoder.encode(time, StandardCharsets.UTF_8), "");
    }

    private JsonNode ok(String path, String token) throws Exception {
        HttpResponse<String> answer = send("GET", path, "", token);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private void refused(String path, int status, String why) throws Exception {
        HttpResponse<String> answer = send("GET", path, "", "");
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(why);
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(harness.http(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    private static void carryOut(CnriClient client, AbstractRequest request) throws Exception {
        assertThat(client.resolver().processRequest(request).responseCode).isEqualTo(1);
    }

    private static AuthenticationInfo admin() {
        return new SecretKeyAuthenticationInfo(
                Util.encodeString("88.118.8/ADMIN"), 300, NodeHarness.SECRET.getBytes(StandardCharsets.UTF_8));
    }

    private static HandleValue value(int index, String type, String data) {
        return new HandleValue(index, Util.encodeString(type), Util.encodeString(data));
    }

    private static List<String> texts(JsonNode history, String field) {
        return StreamSupport.stream(history.path("versions").spliterator(), false)
                .map(v -> v.path(field).asText())
                .toList();
    }

    private static List<String> values(JsonNode history) {
        return StreamSupport.stream(history.path("versions").spliterator(), false)
                .map(v -> v.at("/values/0/data/value").asText())
                .toList();
    }
}
