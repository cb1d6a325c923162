package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.platform.Main;
import io.waymark.platform.ServeProcess;
import io.waymark.platform.browser.Browser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resolver's page of a record in a real browser, signed and verified by the command line. */
class RecordPageIT {
    private static final String HANDLE = "88.118.8/TIN-1001";
    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final String LINKS = "{\\\"itemDescription\\\":\\\"武夷肉桂 Rougui rock tea, 50 g tin\\\","
            + "\\\"gs1:pip\\\":[{\\\"href\\\":\\\"https://tea.example/en\\\",\\\"title\\\":\\\"The tea\\\",\\\"hreflang\\\":[\\\"en\\\"]},"
            + "{\\\"href\\\":\\\"https://tea.example/zh\\\",\\\"title\\\":\\\"产品介绍\\\",\\\"hreflang\\\":[\\\"zh\\\"]}],"
            + "\\\"gs1:certificationInfo\\\":[{\\\"href\\\":\\\"https://certificate.example/003.pdf\\\","
            + "\\\"title\\\":\\\"Organic certificate\\\",\\\"type\\\":\\\"application/pdf\\\"}]}";

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
                HANDLE,
                "{\"index\":1,\"type\":\"URL\",\"data\":\"https://tea.example/rougui/1001\"},"
                        + "{\"index\":2,\"type\":\"GS1\",\"data\":\"(01)06901234567892(10)RG2026A(21)1001\"},"
                        + "{\"index\":3,\"type\":\"NOTE\",\"data\":\"<img src=x onerror=document.title='harmed'>\"},"
                        + "{\"index\":4,\"type\":\"LINKSET\",\"data\":\"" + LINKS + "\"},"
                        + "{\"index\":100,\"type\":\"HS_ADMIN\",\"data\":{\"format\":\"admin\",\"value\":"
                        + "{\"handle\":\"88.118.8/ADMIN\",\"index\":300,\"permissions\":\"011111110011\"}}}");
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    @BeforeEach
    void open() throws Exception {
        browser = Browser.open(1000, 1240);
    }

    @AfterEach
    void close() throws Exception {
        browser.close();
    }

    private static String waymark(int exitCode, String command, String... more) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output, true);
        String[] args = new String[more.length + 4];
        args[0] = command;
        args[1] = HANDLE;
        args[2] = "--data";
        args[3] = dir.toString();
        System.arraycopy(more, 0, args, 4, more.length);
        assertThat(Main.commandLine().setOut(writer).setErr(writer).execute(args))
                .as("%s", output)
                .isEqualTo(exitCode);
        return output.toString();
    }

    @Test
    void aPersonSeesTheRecordAndWhoVouchesForIt() throws Exception {
        assertThat(waymark(1, "verify")).contains("is not signed");
        assertThat(waymark(0, "sign", "--days", "365")).contains("Signed");
        assertThat(waymark(0, "verify")).contains("good", "300:0.NA/88.118.8", "[1,2,3,4,100]");

        browser.go(serve.uri("resolver.http") + "/" + HANDLE + "?noredirect");

        assertThat(browser.text("h1")).isEqualTo(HANDLE);
        assertThat(browser.text(".note.good")).contains("Signed by 300:0.NA/88.118.8");
        assertThat(browser.text("#v1 .data")).contains("https://tea.example/rougui/1001");
        assertThat(browser.text("#v100 .data")).contains("create handles").doesNotContain("delete prefixes");
        assertThat(browser.text("#v3 .data")).contains("<img src=x");
        assertThat(browser.run("return document.title").asText()).isEqualTo(HANDLE);
        assertThat(browser.run("return document.images.length + document.scripts.length")
                        .asInt())
                .isZero();
        assertThat(browser.run("return document.querySelector('figure svg').getBoundingClientRect().width")
                        .asInt())
                .isBetween(80, 200);
        assertThat(browser.run("return getComputedStyle(document.querySelector('.card')).borderTopStyle")
                        .asText())
                .as("the style passes the content security policy")
                .isEqualTo("solid");
        browser.screenshot(SCREENSHOTS.resolve("record-page.png"));

        browser.click("header a[hreflang=zh]");
        browser.awaitText(".note.good", "签名有效");
        assertThat(browser.text("#v100 .type")).contains("管理员");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void aPhoneShowsItWithoutScrollingSideways() throws Exception {
        try (Browser phone = Browser.open(500, 900)) {
            phone.go(serve.uri("resolver.http") + "/" + HANDLE + "?noredirect&lang=zh");

            assertThat(phone.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                            .asInt())
                    .isZero();
            phone.screenshot(SCREENSHOTS.resolve("record-page-phone.png"));
        }
    }

    @Test
    void aCodeOrAHandleIsLookedUpFromTheFrontDoor() {
        browser.go(serve.uri("resolver.http") + "/");
        browser.type("input", "(01)06901234567892(21)1001\uE007");
        browser.awaitText("h1", HANDLE);

        browser.go(serve.uri("resolver.http") + "/88.118.8/NONE");
        assertThat(browser.text("main")).contains("Nothing is known", "You may try");
    }
}
