package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.ServeProcess;
import io.waymark.platform.browser.Browser;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, on a real node with a record and a journey. */
class ConsoleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CODE = "(01)06901234567892(21)T0001";
    private static final String LINK = "https://id.gs1.org/01/06901234567892/21/T0001";
    private static final String TAG = "3035A537C837754000001A85"; // SGTIN-96 of 06901234567892, serial 6789
    private static final String ENTER = "\uE007";
    private static final String HOSTILE = "<img src=x onerror=window.harmed=1>";
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    @TempDir
    static Path dir;

    private static ServeProcess serve;
    private Browser browser;

    @BeforeAll
    static void start() {
        serve = ServeProcess.start(dir, Map.of());
        NodeDoor door = new NodeDoor(serve);
        door.homePrefix("88.118.8");
        door.putRecord(
                "88.118.8/TIN-1",
                "{\"index\":1,\"type\":\"URL\",\"data\":\"https://tea.example/tin/1\"},"
                        + "{\"index\":2,\"type\":\"GS1\",\"data\":\"" + CODE + "\"},"
                        + "{\"index\":3,\"type\":\"NAME\",\"data\":\"Wuyi Rougui 武夷肉桂\"},"
                        + "{\"index\":4,\"type\":\"NOTE\",\"data\":\"" + HOSTILE + "\"}");
        publish(
                door,
                "packing-1",
                "{\"code\":\"" + CODE + "\",\"time\":\"2026-11-20T08:00:00Z\",\"bizStep\":\"packing\"}");
        publish(door, "cold-room", reading("2026-11-20T09:00:00Z", "4.5"));
        publish(door, "cold-room", reading("2026-11-20T15:30:00Z", "6.25"));
        publish(door, "cold-room", reading("2026-11-21T02:00:00Z", "5"));
        publish(
                door,
                "pos-1",
                "{\"cmd\":\"scan\",\"sn\":\"pos-1\",\"code\":\"" + LINK
                        + "\",\"amount\":\"88.00\",\"time\":\"2026-11-22T10:00:00Z\",\"bizStep\":\"retail_selling\"}");
        String asked = "/trace?code=" + URLEncoder.encode(CODE, StandardCharsets.UTF_8);
        await("five events are in the timeline").atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<String> trace = door.send("GET", asked, "");
            assertThat(NodeDoor.json(trace).path("count").asInt())
                    .as(trace.body())
                    .isEqualTo(5);
        });
    }

    private static String reading(String time, String celsius) {
        return "{\"code\":\"" + CODE + "\",\"time\":\"" + time + "\",\"temperature\":" + celsius + "}";
    }

    private static void publish(NodeDoor door, String device, String payload) {
        HttpResponse<String> answer = door.send("POST", "/ingest/" + device + "?topic=factory/" + device, payload);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    @BeforeEach
    void open() throws Exception {
        browser = Browser.open(1280, 1400);
        browser.go(serve.uri("platform.http") + "/");
        browser.awaitText("#health", "running");
    }

    @AfterEach
    void close() throws Exception {
        browser.close();
    }

    private void ask(String code) {
        browser.run("document.getElementById('code').value = ''");
        browser.type("#code", code + ENTER);
    }

    @Test
    void showsWhatACodeIsItsRecordAndItsJourneyInTwoLanguages() throws Exception {
        ask(CODE);
        browser.awaitText("#what", LINK);
        assertThat(browser.text("#what")).contains("GS1", "GS1 element string", "06901234567892", "T0001");
        assertThat(browser.text("#record")).contains("88.118.8/TIN-1", "https://tea.example/tin/1", "武夷肉桂");
        browser.awaitText("#timeline", "Sold");
        assertThat(browser.text("#timeline"))
                .containsIgnoringCase("5 events")
                .containsSubsequence("Packed", "packing-1", "Temperature 4.5 °C", "Sold", "pos-1")
                .doesNotContain("urn:waymark:device");
        assertThat(browser.run("return document.querySelectorAll('#timeline .strip polyline').length")
                        .asInt())
                .as("a chart of the temperature")
                .isEqualTo(1);
        assertThat(browser.run("return location.search").asText()).startsWith("?code=");
        browser.screenshot(SCREENSHOTS.resolve("console.png"));

        browser.click("#language");
        browser.awaitText("h1", "您手里是什么码");
        browser.awaitText("#timeline", "售出");
        assertThat(browser.text("#what")).contains("GS1 单元数据串");
        assertThat(browser.text("#timeline")).contains("共 5 个事件", "温度 4.5 °C");
        browser.screenshot(SCREENSHOTS.resolve("console-zh.png"));
        browser.click("#language");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void drawsTheBitsOfATag() throws Exception {
        ask(TAG);
        browser.awaitText("#what", "https://id.gs1.org/01/06901234567892/21/6789");
        assertThat(browser.text("#what")).contains("RFID tag memory", "Company prefix");
        JsonNode bits = browser.run("const ruler = document.querySelector('#what svg.ruler').getBoundingClientRect();"
                + "return [...document.querySelectorAll('#what svg.ruler rect')]"
                + ".map(part => part.getBoundingClientRect().width / ruler.width)");
        assertThat(bits)
                .as("header, filter, partition, company prefix, reference, serial")
                .hasSize(6);
        assertThat(bits.get(3).asDouble()).as("24 of 96 bits").isCloseTo(24 / 96.0, Offset.offset(0.01));
        assertThat(bits.get(5).asDouble()).as("38 of 96 bits").isCloseTo(38 / 96.0, Offset.offset(0.01));
        assertThat(browser.text("#record")).contains("No record is registered");
        browser.screenshot(SCREENSHOTS.resolve("console-tag.png"));
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void showsHostileTextAsText() {
        ask("88.118.8/TIN-1");
        browser.awaitText("#record", HOSTILE);
        ask("88.118.8/" + HOSTILE);
        browser.awaitText("#what", HOSTILE);
        ask(HOSTILE);
        await().atMost(PATIENCE)
                .until(() -> browser.run("return !document.getElementById('problem').hidden")
                        .asBoolean());
        assertThat(browser.text("#problem")).isNotEmpty();

        assertThat(browser.run("return [...document.images].map(i => i.getAttribute('src'))")
                        .toString())
                .isEqualTo("[\"waymark.svg\"]");
        assertThat(browser.run("return window.harmed ?? 'unharmed'").asText()).isEqualTo("unharmed");
        // The refused code is a 400 of our own, which the browser mentions; anything else would be a broken policy.
        assertThat(browser.consoleErrors().lines()).allMatch(line -> line.contains("status of 400"));
    }

    @Test
    void forbidsWhatOthersWouldInject() {
        browser.run("const s = document.createElement('script'); s.textContent = 'window.harmed = 2';"
                + "document.body.append(s)");
        assertThat(browser.run("return window.harmed ?? 'unharmed'").asText()).isEqualTo("unharmed");
        assertThat(browser.consoleErrors()).contains("Content Security Policy");
    }

    @Test
    void speaksBothLanguagesCompletely() {
        browser.run("import('/words.js').then(module => {"
                + "const keys = (o, at) => Object.entries(o).flatMap(([k, v]) =>"
                + " typeof v === 'object' ? keys(v, at + k + '.') : [at + k + ':' + typeof v]);"
                + "window.checked = {en: keys(module.words.en, '').sort(), zh: keys(module.words.zh, '').sort()}; })");
        await().atMost(PATIENCE)
                .until(() -> browser.run("return 'checked' in window").asBoolean());
        JsonNode checked = browser.run("return window.checked");
        assertThat(checked.path("en")).hasSizeGreaterThan(50);
        assertThat(checked.path("zh")).isEqualTo(checked.path("en"));
        JsonNode unknown =
                browser.run("return import('/words.js').then(m => [...document.querySelectorAll('[data-word]')]"
                        + ".map(n => n.dataset.word).filter(w => !(w in m.words.en)))");
        assertThat(unknown).as("words of the page that no language has").isEmpty();
    }
}
