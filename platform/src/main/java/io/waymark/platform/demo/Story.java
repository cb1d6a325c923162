package io.waymark.platform.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.platform.cli.NodeConnection;
import io.waymark.platform.cli.terminal.TerminalTimeline;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The story, step by step. What a step measures it tells; what it expects and does not find ends the story. */
final class Story {
    private static final Duration KAFKA_MAX = Duration.ofSeconds(60);
    private static final Duration TIMELINE_MAX = Duration.ofSeconds(90);
    private static final Duration RESOLVE_MAX = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 100;
    /** What happens to the tin that is sold, in order. */
    private static final List<Place> WAY =
            List.of(Place.TUNNEL, Place.PACKING, Place.GATE, Place.SHANGHAI, Place.KUNMING);

    private final Stage stage;
    private final DemoNode node;
    private final Tea tea;
    private final Ledger ledger = new Ledger();
    private final Devices devices;
    private String tunnelPassword = "";
    private @Nullable KafkaReadBack readBack;

    Story(Stage stage, DemoNode node, Clock clock) {
        this.stage = stage;
        this.node = node;
        this.tea = Tea.of(clock.instant());
        this.devices = new Devices(stage, node, clock, tea, ledger);
    }

    void tell() throws StepFailedException, InterruptedException {
        stage.step("start", this::start);
        stage.step("home", this::homePrefix);
        stage.step("register", this::register);
        stage.step("device", this::createDevice);
        stage.step("leaf", devices::witherAndRoast);
        stage.step("tunnel", () -> devices.tagTins(tunnelPassword));
        stage.step("packing", devices::packAndShip);
        stage.step("sale", devices::sellInShanghai);
        stage.step("copy", devices::scanInKunming);
        stage.step("kafka", this::readKafkaBack);
        stage.step("resolve", this::resolve);
        stage.step("link", this::followLink);
        stage.step("lot", this::showLot);
        stage.step("timeline", this::showTimeline);
    }

    Tea tea() {
        return tea;
    }

    /** The console, showing the tin that was sold. */
    String consoleLink() throws StepFailedException, IOException {
        return consoleLink(tea.hero().link());
    }

    private String consoleLink(String code) throws StepFailedException, IOException {
        // a query may hold slashes and colons as they are: people read these links
        return "http://" + node.hostAndPort("platform.http") + "/?code="
                + NodeConnection.encode(code).replace("%3A", ":");
    }

    // ---- before the story -----------------------------------------------------------------------------------------

    private void start() throws StepFailedException, IOException, InterruptedException {
        node.awaitUp();
        stage.fact("start.up", node.listeners(), Stage.time(node.age()));
        stage.fact(
                "start.where",
                node.hostAndPort("handle.udp"),
                node.hostAndPort("resolver.http"),
                node.hostAndPort("platform.http"),
                node.hostAndPort("mqtt"),
                node.hostAndPort("kafka"));
        readBack = KafkaReadBack.fromNow(node.hostAndPort("kafka"));
    }

    private void homePrefix() throws StepFailedException, IOException, InterruptedException {
        if (homedPrefixes().contains(Tea.PREFIX)) {
            stage.fact("home.already", Tea.PREFIX);
            return;
        }
        JsonNode made = node.http()
                .post("/api/v1/prefixes", Json.object().put("prefix", Tea.PREFIX))
                .orFail()
                .json();
        expect(homedPrefixes().contains(Tea.PREFIX), "the node does not list " + Tea.PREFIX + " among its prefixes");
        String administrator = made.path("adminIndex").asText() + ":"
                + made.path("adminHandle").asText();
        stage.fact("home.done", made.path("prefixHandle").asText(), administrator);
    }

    private List<String> homedPrefixes() throws IOException, InterruptedException {
        List<String> prefixes = new ArrayList<>();
        JsonNode answer = node.http().get("/api/v1/prefixes").orFail().json();
        answer.path("prefixes").forEach(p -> prefixes.add(p.asText()));
        return prefixes;
    }

    private void register() throws StepFailedException, IOException, InterruptedException {
        long start = System.nanoTime();
        put(tea.handle(), "Wuyi Rougui rock tea, lot " + tea.lot(), tea.link());
        for (Tea.Tin tin : tea.tins()) {
            put(tin.handle(), "Wuyi Rougui rock tea, 50 g, tin " + tin.serial(), tin.link());
        }
        int records = tea.tins().size() + 1;
        stage.fact(
                "register.done",
                records,
                Stage.time(since(start)),
                tea.handle(),
                tea.hero().handle());
        JsonNode known = node.http()
                .get("/api/v1/lookup?code=" + NodeConnection.encode(tea.hero().epcHex()))
                .orFail()
                .json();
        expect(
                known.path("handle").asText().equals(tea.hero().handle()),
                "the tag bits " + tea.hero().epcHex() + " should lead to "
                        + tea.hero().handle() + " but led to " + known);
        stage.fact("register.alias", tea.hero().epcHex(), known.path("handle").asText());
    }

    private void put(String handle, String name, String link)
            throws StepFailedException, IOException, InterruptedException {
        ObjectNode body = Json.object();
        ArrayNode values = body.putArray("values");
        value(values, "URL", consoleLink(link));
        value(values, "NAME", name);
        value(values, "GS1", link);
        int status = node.http()
                .put("/api/v1/handles/" + NodeConnection.encode(handle), body)
                .orFail()
                .status();
        expect(status == 201, handle + " should be new (201) but the node answered " + status);
    }

    private static void value(ArrayNode values, String type, String data) {
        ObjectNode value = values.addObject().put("index", values.size()).put("type", type);
        value.putObject("data").put("format", "string").put("value", data);
    }

    private void createDevice() throws IOException, InterruptedException {
        String id = "rfid-tunnel-1";
        ObjectNode body = Json.object().put("id", id).put("group", "wuyi-packing");
        NodeConnection.Answer created = node.http().post("/api/v1/devices", body);
        boolean there = created.status() == 409;
        if (there) {
            node.http()
                    .patch("/api/v1/devices/" + id, Json.object().put("enabled", true))
                    .orFail();
        }
        NodeConnection.Answer answer =
                there ? node.http().post("/api/v1/devices/" + id + "/rotate", Json.object()) : created;
        tunnelPassword = answer.orFail().json().path("password").asText();
        stage.fact(there ? "device.rotated" : "device.created", id, tunnelPassword.length());
    }

    // ---- what became of it ----------------------------------------------------------------------------------------

    private void readKafkaBack() throws StepFailedException {
        KafkaReadBack from = readBack;
        if (from == null) {
            throw new IllegalStateException("the story has no beginning");
        }
        long start = System.nanoTime();
        KafkaReadBack.Report report = from.compare(ledger, KAFKA_MAX);
        expect(
                report.exact(),
                "of " + ledger.size() + " acknowledged messages Kafka misses " + report.missing() + ", has "
                        + report.doubled() + " twice and " + report.misplaced() + " out of order");
        stage.fact("kafka.done", ledger.size(), Stage.time(since(start)));
    }

    private void resolve() throws StepFailedException, IOException {
        HandleClient client = new HandleClient();
        for (Transport transport : Transport.values()) {
            InetSocketAddress server = node.address(
                    switch (transport) {
                        case UDP -> "handle.udp";
                        case TCP -> "handle.tcp";
                        case HTTP -> "resolver.http";
                    });
            HandleClient.Response answer =
                    client.resolve(transport, server, tea.hero().handle(), List.of(), new int[0], RESOLVE_MAX);
            expect(answer.found(), transport + " answered with code " + answer.codeNumber() + " " + answer.message());
            String url = answer.values().stream()
                    .filter(v -> v.type().equals("URL"))
                    .map(HandleValue::dataText)
                    .findFirst()
                    .orElse("no URL");
            expect(url.equals(consoleLink()), transport + " should give " + consoleLink() + " but gave " + url);
            stage.fact(
                    "resolve.done",
                    transport,
                    NodeConnection.hostAndPort(server),
                    answer.values().size(),
                    answer.bytes(),
                    Stage.time(answer.roundTrip()));
        }
    }

    private void followLink() throws StepFailedException, IOException, InterruptedException {
        String path = URI.create(tea.hero().link()).getRawPath();
        URI link = URI.create("http://" + node.hostAndPort("resolver.http") + path);
        HttpClient browser = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(RESOLVE_MAX)
                .build();
        HttpResponse<Void> redirect = get(browser, link, HttpResponse.BodyHandlers.discarding());
        String target = redirect.headers().firstValue("Location").orElse("nowhere");
        expect(
                redirect.statusCode() / 100 == 3 && target.equals(consoleLink()),
                link + " should lead to " + consoleLink() + " but HTTP " + redirect.statusCode() + " leads to "
                        + target);
        stage.fact("link.redirect", link, redirect.statusCode());
        HttpResponse<String> page = get(browser, URI.create(target), HttpResponse.BodyHandlers.ofString());
        String type = page.headers().firstValue("Content-Type").orElse("none");
        expect(
                page.statusCode() == 200 && type.startsWith("text/html"),
                target + " should be a page but is HTTP " + page.statusCode() + " of type " + type);
        stage.fact("link.page", page.statusCode(), type, page.body().length());
    }

    private static <T> HttpResponse<T> get(HttpClient browser, URI uri, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(uri).timeout(RESOLVE_MAX).build(), body);
    }

    private void showLot() throws StepFailedException, IOException, InterruptedException {
        int expected = 2 * Devices.CLIMATE_READINGS;
        long start = System.nanoTime();
        JsonNode trace = awaitEvents(tea.link(), expected);
        stage.fact("lot.done", trace.path("events").size(), tea.lot(), Stage.time(since(start)));
        stage.fact("lot.range", range(trace, Place.WITHERING), range(trace, Place.ROASTING));
    }

    /** Lowest and highest temperature that the lot's timeline has of a place. */
    private static String range(JsonNode trace, Place place) throws StepFailedException {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (JsonNode event : trace.path("events")) {
            for (JsonNode sensor : event.path("sensor")) {
                boolean wanted = event.path("readPoint").asText().equals(place.readPoint())
                        && sensor.path("type").asText().contains("Temperature");
                if (wanted) {
                    low = Math.min(low, sensor.path("value").asDouble());
                    high = Math.max(high, sensor.path("value").asDouble());
                }
            }
        }
        expect(low <= high, "the lot's timeline has no temperature of " + place.readPoint());
        return low + "–" + high;
    }

    private void showTimeline() throws StepFailedException, IOException, InterruptedException {
        for (Tea.Tin tin : tea.tins()) {
            awaitEvents(tin.link(), tin.equals(tea.hero()) ? WAY.size() : 3);
        }
        JsonNode trace = awaitEvents(tea.hero().link(), WAY.size());
        List<String> steps = new ArrayList<>();
        trace.path("events").forEach(e -> steps.add(e.path("bizStep").asText()));
        List<String> expected = WAY.stream().map(Place::bizStep).toList();
        expect(steps.equals(expected), "the tin's way should be " + expected + " but is " + steps);
        stage.fact("timeline.done", steps.size(), tea.tins().size());
        stage.draw(new TerminalTimeline(stage.inner()).draw(trace));
        stage.draw(List.of(""));
        stage.fact("timeline.apart", Stage.time(between(trace.path("events"), Place.SHANGHAI, Place.KUNMING)));
    }

    /** The time between what happened at two places, as the timeline has it. */
    private static Duration between(JsonNode events, Place earlier, Place later) {
        return Duration.between(
                Instant.parse(
                        events.path(WAY.indexOf(earlier)).path("eventTime").asText()),
                Instant.parse(events.path(WAY.indexOf(later)).path("eventTime").asText()));
    }

    /** Polls until the timeline has exactly so many events, and fails if it has more or time is up. */
    private JsonNode awaitEvents(String code, int expected)
            throws StepFailedException, IOException, InterruptedException {
        long deadline = System.nanoTime() + TIMELINE_MAX.toNanos();
        while (true) {
            NodeConnection.Answer answer = node.http().get("/trace?code=" + NodeConnection.encode(code));
            int found = answer.json().path("events").size();
            if (answer.ok() && found == expected) {
                return answer.json();
            }
            boolean late = System.nanoTime() - deadline > 0;
            expect(
                    found <= expected && !late,
                    "the timeline of " + code + " should have " + expected + " events but has " + found
                            + (answer.ok() ? "" : " (HTTP " + answer.status() + ": " + answer.message() + ")"));
            Thread.sleep(POLL_MILLIS);
        }
    }

    static void expect(boolean condition, String otherwise) throws StepFailedException {
        if (!condition) {
            throw new StepFailedException(otherwise);
        }
    }

    static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
