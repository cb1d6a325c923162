package io.waymark.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.gateway.live.LiveTail;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What devices do over MQTT, seen live over HTTP. */
class TailIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TAIL = "/api/v1/tail";
    private static final String VIEWERS = "waymark.gateway.tail.viewers";

    @TempDir
    static Path dir;

    // set by open()
    @SuppressWarnings("NullAway.Init")
    private static DeviceNode node;

    @BeforeAll
    static void open() throws Exception {
        // shorter than the time between two signs of life of an idle tail
        node = DeviceNode.open(dir, Duration.ofSeconds(1));
        node.register("oven-1", "drying");
        node.register("belt-1", "packing");
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @BeforeEach
    void nobodyWatches() {
        await().until(() -> node.gauge(VIEWERS) == 0);
    }

    /** Watches from when it is made. */
    private static final class View implements AutoCloseable {
        private final InputStream body;
        private final BufferedReader lines;

        View(DeviceNode node, String query) throws Exception {
            body = node.stream(TAIL + query);
            lines = new BufferedReader(new InputStreamReader(body, UTF_8));
        }

        /** The next event; signs of life are passed over. */
        JsonNode next() throws IOException {
            String line = "";
            while (line.isEmpty()) {
                line = lines.readLine();
                assertThat(line).as("the tail ended").isNotNull();
            }
            return JSON.readTree(line);
        }

        String nextLine() throws IOException {
            return lines.readLine();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private static String payload(JsonNode event) {
        return new String(Base64.getDecoder().decode(event.path("payload").asText()), UTF_8);
    }

    @Test
    void aViewerSeesADeviceComePublishAndGoInOrder() throws Exception {
        try (View all = new View(node, "")) {
            try (DeviceNode.Connected oven = node.connect("oven-1", DeviceNode.PASSWORD)) {
                oven.publish("hall/temperature", "{\"c\":81}");
            }
            JsonNode came = all.next();
            JsonNode message = all.next();
            JsonNode went = all.next();
            assertThat(List.of(came, message, went))
                    .extracting(event -> event.path("kind").asText())
                    .containsExactly("connected", "message", "disconnected");
            assertThat(List.of(came, message, went))
                    .allSatisfy(
                            event -> assertThat(event.path("device").asText()).isEqualTo("oven-1"))
                    .allSatisfy(
                            event -> assertThat(event.path("group").asText()).isEqualTo("drying"));
            assertThat(came.path("detail").asText())
                    .startsWith("oven-1 from 127.0.0.1:")
                    .endsWith(", MQTT 3.1.1");
            assertThat(message.path("topic").asText()).isEqualTo("hall/temperature");
            assertThat(message.path("qos").asInt()).isEqualTo(1);
            assertThat(message.path("retain").asBoolean()).isFalse();
            assertThat(message.path("size").asInt()).isEqualTo(8);
            assertThat(payload(message)).isEqualTo("{\"c\":81}");
            assertThat(went.path("detail").asText()).startsWith("oven-1: ");
        }
    }

    @Test
    void whatComesOverHttpIsShownToo() throws Exception {
        try (View belt = new View(node, "?device=belt-1")) {
            node.send("POST", "/api/v1/ingest/belt-1?topic=belt%2Fkg", "7.5", DeviceNode.TOKEN);
            JsonNode message = belt.next();
            assertThat(message.path("kind").asText()).isEqualTo("message");
            assertThat(message.path("topic").asText()).isEqualTo("belt/kg");
            assertThat(payload(message)).isEqualTo("7.5");
        }
    }

    @Test
    void aViewerSeesOnlyTheGroupOrTheTopicsItAskedFor() throws Exception {
        try (View packing = new View(node, "?group=packing");
                View alarms = new View(node, "?topic=%2B%2Falarm%2F%23");
                View ovenAlarms = new View(node, "?device=oven-1&topic=%2B%2Falarm%2F%23");
                DeviceNode.Connected oven = node.connect("oven-1", DeviceNode.PASSWORD);
                DeviceNode.Connected belt = node.connect("belt-1", DeviceNode.PASSWORD)) {
            oven.publish("oven/state", "1");
            belt.publish("belt/alarm/jam", "2");
            oven.publish("oven/alarm", "3");
            belt.publish("belt/state", "4");

            assertThat(packing.next().path("kind").asText()).isEqualTo("connected");
            assertThat(List.of(payload(packing.next()), payload(packing.next())))
                    .containsExactly("2", "4");
            assertThat(List.of(payload(alarms.next()), payload(alarms.next()))).containsExactly("2", "3");
            assertThat(payload(ovenAlarms.next())).isEqualTo("3");
        }
        assertThat(node.send("GET", TAIL + "?topic=a%2F%23%2Fb", "").error(400))
                .isEqualTo("bad_topic: topic must be a topic filter but was \"a/#/b\"");
    }

    @Test
    void oneViewerTooManyIsRefusedUntilAnotherHangsUp() throws Exception {
        List<View> views = new ArrayList<>();
        try {
            for (int i = 0; i < LiveTail.VIEWERS_MAX; i++) {
                views.add(new View(node, ""));
            }
            assertThat(node.gauge(VIEWERS)).isEqualTo(16);
            assertThat(node.send("GET", TAIL, "").error(429))
                    .isEqualTo("busy: 16 viewers watch already; end one of them or try again later");
            views.remove(0).close();
            await().atMost(Duration.ofSeconds(4)).until(() -> node.gauge(VIEWERS) < LiveTail.VIEWERS_MAX);
            views.add(new View(node, ""));
        } finally {
            for (View view : views) {
                view.close();
            }
        }
        await("forgotten before the next sign of life would be due")
                .atMost(Duration.ofSeconds(4))
                .until(() -> node.gauge(VIEWERS) == 0);
    }

    @Test
    void anIdleTailShowsThatItLivesAndIsNotEndedByTheTimeForAnswers() throws Exception {
        try (View idle = new View(node, "?device=oven-1")) {
            assertThat(idle.nextLine()).as("after five seconds").isEmpty();
            try (DeviceNode.Connected oven = node.connect("oven-1", DeviceNode.PASSWORD)) {
                assertThat(oven.isConnected()).isTrue();
                assertThat(idle.next().path("kind").asText()).isEqualTo("connected");
            }
        }
    }
}
