package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.TimeToLive;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy and its pages over real sockets. */
class BrowserDoorIT {
    private static final String PAGES = "text/html,application/xhtml+xml,*/*;q=0.8";

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private final HttpClient browser = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        harness = new NodeHarness(directory).withRecords();
        harness.put(
                "88.118.8/places",
                HandleValue.text(1, "URL", "https://url.example/", 0),
                HandleValue.text(2, "10320/loc", """
                <locations chooseby="locatt,country,weighted">
                <location id="0" href="https://one.example/" weight="1"/>
                <location id="1" href="https://two.example/" weight="0" http_sc="303"/>
                <location id="2" href="https://gb.example/" weight="0" country="gb"/></locations>""", 0));
        harness.put("88.118.8/alias", HandleValue.text(1, "HS_ALIAS", "88.118.8/ALIAS2", 0));
        harness.put("88.118.8/alias2", HandleValue.text(1, "HS_ALIAS", "88.118.8/abc123", 0));
        harness.put("88.118.8/round", HandleValue.text(1, "HS_ALIAS", "88.118.8/about", 0));
        harness.put("88.118.8/about", HandleValue.text(1, "HS_ALIAS", "88.118.8/ROUND", 0));
        harness.put(
                "88.118.8/short",
                new HandleValue(
                        1,
                        "URL",
                        "https://plant.example".getBytes(StandardCharsets.UTF_8),
                        new TimeToLive(false, 60),
                        0,
                        0xe,
                        List.of()));
        harness.put(
                "88.118.8/rich",
                HandleValue.text(1, "URL", "https://plant.example/", 0),
                HandleValue.text(2, "NAME", "Rougui <i>tea</i>", 0),
                HandleValue.text(3, "GS1", "(01)06901234000016(21)R1", 0),
                HandleValue.of(4, "BLOB", new byte[] {0, (byte) 0xff}, 0),
                HandleValue.of(100, "HS_ADMIN", new AdminRecord(0x41, "88.118.8/ADMIN", 300).encode(), 0));
        harness.records
                .apply(List.of(new RecordChange.Put(
                        new Handle("88.118.8/old"),
                        List.of(
                                HandleValue.text(1, "URL", "javascript:alert(1)", 0),
                                HandleValue.text(2, "10320/loc", "<locations><location href='data:x'/></locations>", 0),
                                HandleValue.text(3, "LINKSET", "{\"gs1:pip\":[{\"href\":\"javascript:1\"}]}", 0)),
                        List.of())))
                .join();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(harness.http(path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    private String location(String path, String... headers) throws Exception {
        return header(get(path, headers), "location");
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    // --- redirects

    @Test
    void goesToAPlaceOfTheRecordBeforeItsUrl() throws Exception {
        assertThat(location("/88.118.8/places")).isEqualTo("https://one.example/");
        assertThat(location("/88.118.8/places?locatt=id:1")).isEqualTo("https://two.example/");
        assertThat(get("/88.118.8/places?locatt=id:1").statusCode()).isEqualTo(303);
        assertThat(location("/88.118.8/places", "Accept-Language", "en-GB")).isEqualTo("https://gb.example/");
        assertThat(location("/88.118.8/places?type=URL")).isEqualTo("https://url.example/");
        assertThat(location("/88.118.8/places?index=1")).isEqualTo("https://url.example/");
    }

    @Test
    void followsAliasesAndNeverInCircles() throws Exception {
        assertThat(location("/88.118.8/alias")).isEqualTo(NodeHarness.URL);
        assertThat(get("/88.118.8/round").statusCode()).isEqualTo(404);
        assertThat(get("/88.118.8/round").body()).contains("circle");
        assertThat(get("/88.118.8/alias?noredirect").body()).contains("href=\"/88.118.8/ALIAS2?noredirect\"");
        assertThat(get("/88.118.8/alias?ignore_aliases").statusCode()).isEqualTo(200);
    }

    @Test
    void appendsWhatIsAskedButNeverToTheHost() throws Exception {
        assertThat(location("/88.118.8/short?urlappend=/a?b%3Dc")).isEqualTo("https://plant.example/a?b=c");
        assertThat(location("/88.118.8/short?urlappend=.evil.example/")).isEqualTo("https://plant.example");
        assertThat(location("/88.118.8/short?urlappend=@evil.example/")).isEqualTo("https://plant.example");
        assertThat(location("/88.118.8/ABC123?urlappend=%0d%0aset-cookie:x")).isEqualTo(NodeHarness.URL);
    }

    @Test
    void tellsHowLongARedirectHolds() throws Exception {
        Instant expires =
                DateTimeFormatter.RFC_1123_DATE_TIME.parse(header(get("/88.118.8/short"), "expires"), Instant::from);

        assertThat(expires)
                .isBetween(Instant.now().plusSeconds(40), Instant.now().plusSeconds(61));
    }

    @Test
    void goesNowhereARecordOfOldTimesWouldRunCode() throws Exception {
        HttpResponse<String> response = get("/88.118.8/old");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).doesNotContain("href=\"javascript").doesNotContain("href=\"data");
    }

    // --- pages

    @Test
    void showsEveryValueAsPeopleReadIt() throws Exception {
        String page = get("/88.118.8/rich?noredirect").body();

        assertThat(page)
                .contains("<h1><span class=prefix>88.118.8/</span>rich</h1>")
                .contains("Rougui &lt;i&gt;tea&lt;/i&gt;")
                .contains("<code>00 ff</code>")
                .contains("create handles", "add values")
                .doesNotContain("delete handles")
                .contains("href=\"/88.118.8/ADMIN?noredirect\"")
                .contains("/01/06901234000016/21/R1")
                .contains("<svg role=img")
                .contains("Nobody has signed this record")
                .doesNotContain("<script", "<img", "http-equiv");
    }

    @Test
    void saysWhoVouchesForTheRecordAndWhenHeIsWrong() throws Exception {
        harness.put("88.118.8/vouched", HandleValue.text(1, "A", "a", 0));
        browser.send(
                HttpRequest.newBuilder(harness.http("/api/signatures/88.118.8/vouched"))
                        .POST(BodyPublishers.noBody())
                        .header("Authorization", "Bearer " + NodeHarness.TOKEN)
                        .build(),
                BodyHandlers.discarding());
        assertThat(get("/88.118.8/vouched").body()).contains("Signed</strong> by <code>300:0.NA/88.118.8</code>");

        List<HandleValue> values =
                harness.records.find(new Handle("88.118.8/vouched")).orElseThrow();
        harness.put(
                "88.118.8/vouched",
                HandleValue.text(1, "A", "changed", 0),
                values.stream().filter(v -> v.index() == 400).findFirst().orElseThrow());
        assertThat(get("/88.118.8/vouched").body()).contains("not good").contains("value 1 has changed since");
        assertThat(get("/88.118.8/vouched?lang=zh").body()).contains("签名无效");
    }

    @Test
    void speaksTheReadersLanguageAndOffersTheOther() throws Exception {
        String chinese = get("/88.118.8/rich?noredirect", "Accept-Language", "de, zh-TW;q=0.8, en;q=0.1")
                .body();
        String english = get("/88.118.8/rich?noredirect&lang=en", "Accept-Language", "zh")
                .body();

        assertThat(chinese).contains("<html lang=zh>", "创建标识", "href=\"?noredirect=&amp;lang=en\"");
        assertThat(english).contains("<html lang=en>", "lang=zh\"");
        assertThat(header(get("/88.118.8/rich?noredirect"), "vary")).contains("accept-language");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/88.118.8/rich?noredirect",
                "/88.118.8/none",
                "/nonsense",
                "/",
                "/01/06901234000016/21/R1?linkType=all"
            })
    void allowsPagesNothingButTheirStyle(String path) throws Exception {
        HttpResponse<String> response = get(path, "Accept", PAGES);

        assertThat(header(response, "content-security-policy"))
                .matches("default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; form-action 'self'; base-uri 'none'; "
                        + "frame-ancestors 'none'");
        assertThat(response.body()).doesNotContain(" style=", "<script", "onload");
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void saysWhatToTryWhenNothingIsKnown() throws Exception {
        HttpResponse<String> response = get("/88.118.8/%3Cscript%3E", "Accept", PAGES);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body())
                .contains("You may try", "<form", "&lt;script&gt;")
                .doesNotContain("<script>");
        assertThat(get("/88.118.8/rich?type=NONE", "Accept", PAGES).statusCode())
                .isEqualTo(404);
    }

    @Test
    void looksUpHandlesAndCodesFromTheFrontDoor() throws Exception {
        assertThat(location("/?hdl=88.118.8/rich")).isEqualTo("/88.118.8/rich?noredirect");
        assertThat(location("/?hdl=(01)06901234000016(21)R1")).isEqualTo("/88.118.8/rich?noredirect");
        assertThat(location("/?hdl=(01)06901234000016")).isEqualTo("/01/06901234000016?linkType=linkset");
    }

    @Test
    void neverLeadsToAnotherHostByTooManySlashes() throws Exception {
        assertThat(location("/?hdl=//evil.example/x")).isEqualTo("/%2F%2Fevil.example/x?noredirect");
        assertThat(get("//evil.example/x", "Accept", PAGES).body()).doesNotContain("href=\"//");
    }
}
