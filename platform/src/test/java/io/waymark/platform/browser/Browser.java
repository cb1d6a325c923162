package io.waymark.platform.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One headless Chromium window. The few WebDriver commands the tests need, straight over HTTP: a full client library
 * would bring more jars than this has lines.
 *
 * @see "W3C WebDriver, §6 Protocol"
 */
public final class Browser implements AutoCloseable {
    private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final Path profile;
    private final URI session;

    private Browser(Process driver, Path profile, int port, int width, int height) throws IOException {
        this.driver = driver;
        this.profile = profile;
        URI root = URI.create("http://127.0.0.1:" + port + "/session");
        ObjectNode body = JSON.createObjectNode();
        ObjectNode chrome = body.putObject("capabilities")
                .putObject("alwaysMatch")
                .put("browserName", "chrome")
                .putObject("goog:chromeOptions");
        chrome.put("binary", "/usr/bin/chromium");
        ArrayNode args = chrome.putArray("args");
        for (String arg : List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--lang=en-GB",
                "--window-size=" + width + "," + height,
                "--user-data-dir=" + profile)) {
            args.add(arg);
        }
        JsonNode created = send("POST", root, body);
        this.session = URI.create(root + "/" + created.path("sessionId").asText());
    }

    /** Starts driver and browser; the error says which Debian packages are missing. */
    public static Browser open(int width, int height) throws IOException {
        if (!Files.isExecutable(CHROMEDRIVER)) {
            throw new IOException("chromedriver is missing: apt-get install chromium chromium-driver");
        }
        Process driver = new ProcessBuilder(CHROMEDRIVER.toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        try {
            return new Browser(driver, Files.createTempDirectory("waymark-browser"), portOf(driver), width, height);
        } catch (IOException e) {
            driver.destroyForcibly();
            throw e;
        }
    }

    private static int portOf(Process driver) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
        }
        throw new IOException("chromedriver ended without naming its port");
    }

    /** Loads a page. */
    public void go(String url) {
        post("/url", JSON.createObjectNode().put("url", url));
    }

    /** Runs JavaScript in the page; {@code return …} gives the value. */
    public JsonNode run(String script) {
        ObjectNode body = JSON.createObjectNode().put("script", script);
        body.putArray("args");
        return post("/execute/sync", body);
    }

    /** The visible text of the first element that matches, or empty. */
    public String text(String selector) {
        return run("return document.querySelector(" + quoted(selector) + ")?.innerText ?? ''")
                .asText();
    }

    /** Waits until the element's visible text contains the words. */
    public void awaitText(String selector, String words) {
        Awaitility.await("text of " + selector)
                .atMost(PATIENCE)
                .until(() -> text(selector), shown -> shown.contains(words));
    }

    /** Types into an element as a person or a hand scanner would. */
    public void type(String selector, String keys) {
        post("/element/" + find(selector) + "/value", JSON.createObjectNode().put("text", keys));
    }

    /** Clicks an element. */
    public void click(String selector) {
        post("/element/" + find(selector) + "/click", JSON.createObjectNode());
    }

    /** Errors and warnings the page wrote to the browser's console, one per line. */
    public String consoleErrors() {
        StringBuilder lines = new StringBuilder();
        for (JsonNode entry : post("/se/log", JSON.createObjectNode().put("type", "browser"))) {
            if (entry.path("level").asText().equals("SEVERE")) {
                lines.append(entry.path("message").asText()).append('\n');
            }
        }
        return lines.toString();
    }

    /** Keeps what the window shows as a PNG. */
    public void screenshot(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] png = Base64.getDecoder()
                .decode(send("GET", URI.create(session + "/screenshot"), null).asText());
        Files.write(file, png);
    }

    private String find(String selector) {
        JsonNode element = post(
                "/element", JSON.createObjectNode().put("using", "css selector").put("value", selector));
        return element.elements().next().asText();
    }

    private JsonNode post(String path, ObjectNode body) {
        try {
            return send("POST", URI.create(session + path), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode send(String method, URI uri, @org.jspecify.annotations.Nullable ObjectNode body)
            throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode value = JSON.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new IOException(method + " " + uri.getPath() + ": "
                        + value.path("message").asText());
            }
            return value;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String quoted(String text) {
        return JSON.valueToTree(text).toString();
    }

    @Override
    public void close() throws IOException {
        try {
            send("DELETE", session, null);
        } finally {
            driver.destroyForcibly();
            try (Stream<Path> files = Files.walk(profile)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(path -> path.toFile().delete());
            }
        }
    }
}
