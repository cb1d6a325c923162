package io.waymark.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.testing.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final HttpClient HTTP = Http.client();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    @Test
    void startsWithNothingConfiguredSurvivesAKillAndStopsInOrder() throws Exception {
        Path data = dir.resolve("data");
        String token;
        try (ServeProcess serve = ServeProcess.start(data, Map.of())) {
            token = serve.token();
            answersOnEveryListener(serve);
            assertThat(serve.output()).contains(token);
            assertThat(serve.errors()).doesNotContain(token);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("admin.token"))))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(data.resolve("ready.json"))).isEqualTo(serve.listeners() + "\n");
            becomesHealthy(serve);

            refusesASecondOnTheSameData(serve);

            assertThat(post(serve, "/api/v1/prefixes", "{\"prefix\":\"88.118.8\"}")
                            .statusCode())
                    .isEqualTo(201);
            serve.kill();
        }
        try (ServeProcess serve = ServeProcess.start(data, Map.of())) {
            assertThat(serve.token()).isEqualTo(token);
            assertThat(serve.output()).doesNotContain(token);
            assertThat(get(serve, "/api/v1/prefixes").body())
                    .isEqualTo("{\"prefixes\":[\"88.118.8\"],\"delegated\":[]}");
            becomesHealthy(serve);

            long begin = System.nanoTime();
            assertThat(serve.terminate()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(serve.saysReady()).isFalse();
            assertThat(data.resolve("ready.json")).doesNotExist();
            assertThat(serve.errors()).doesNotContain("ERROR");
        }
    }

    private static void answersOnEveryListener(ServeProcess serve) throws IOException {
        assertThat(serve.listeners().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "kafka", "handle.udp", "handle.tcp", "resolver.http", "platform.http", "mqtt");
        for (String listener : List.of("kafka", "handle.tcp", "resolver.http", "platform.http", "mqtt")) {
            try (Socket socket = new Socket()) {
                socket.connect(serve.address(listener), 5000);
                assertThat(socket.isConnected()).as(listener).isTrue();
            }
        }
    }

    private static void becomesHealthy(ServeProcess serve) {
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            HttpResponse<String> health = get(serve, "/health");
            JsonNode body = JSON.readTree(health.body());
            assertThat(health.body()).contains("\"status\":\"UP\"");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(body.path("listeners")).isEqualTo(serve.listeners());
        });
    }

    private static void refusesASecondOnTheSameData(ServeProcess serve) {
        try (ServeProcess second = ServeProcess.launch(serve.data(), Map.of())) {
            assertThat(second.awaitExit(SOON)).isEqualTo(1);
            assertThat(second.errors()).contains("is in use by another waymark serve (process " + serve.pid() + ")");
            assertThat(serve.saysReady()).isTrue();
        }
    }

    @Test
    void kafkaMayRunApartAndComeLater() throws Exception {
        int port = freePort();
        Map<String, String> apart =
                Map.of("services", "gateway, trace, http", "kafka.bootstrap.servers", "127.0.0.1:" + port);
        try (ServeProcess serve = ServeProcess.start(dir.resolve("node"), apart)) {
            assertThat(get(serve, "/health").body()).contains("\"kafka\":\"STARTING\"");
            assertThat(serve.listeners().has("kafka")).isFalse();
            assertThat(post(serve, "/ingest/pos-1?topic=shop/pos", "{\"code\":\"(01)06901234000016\"}")
                            .statusCode())
                    .isEqualTo(202);

            Map<String, String> alone = Map.of("services", "kafka", "kafka.embedded.port", Integer.toString(port));
            try (ServeProcess kafka = ServeProcess.start(dir.resolve("kafka"), alone)) {
                assertThat(kafka.listeners().fieldNames()).toIterable().containsExactly("kafka");
                becomesHealthy(serve);
                Awaitility.await()
                        .atMost(SOON)
                        .untilAsserted(() -> assertThat(get(serve, "/trace?code=(01)06901234000016")
                                        .statusCode())
                                .isEqualTo(200));
                serve.terminate();
            }
        }
    }

    @Test
    void namesTheListenerWhosePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            Map<String, String> settings = Map.of("services", "http", "platform.http.port", port);
            try (ServeProcess serve = ServeProcess.launch(dir.resolve("data"), settings)) {
                assertThat(serve.awaitExit(SOON)).isEqualTo(1);
                assertThat(serve.errors())
                        .contains("platform.http cannot listen on 127.0.0.1 port " + port)
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void refusesABrokenConfigurationWithLineAndColumn() throws Exception {
        Path file = Files.writeString(dir.resolve("w.yaml"), "resolver:\n  handle: [\n");
        try (ServeProcess serve = ServeProcess.launch(dir.resolve("data"), Map.of(), "--config", file.toString())) {
            assertThat(serve.awaitExit(SOON)).isEqualTo(2);
            assertThat(serve.errors()).contains(file + " line 3 column 1");
            assertThat(dir.resolve("data")).doesNotExist();
        }
    }

    @Test
    void refusesUnknownKeysAndSuggestsKnownOnes() {
        try (ServeProcess serve =
                ServeProcess.launch(dir.resolve("data"), Map.of("gateway.mqt.port", "1", "resolver.http.port", "x"))) {
            assertThat(serve.awaitExit(SOON)).isEqualTo(2);
            assertThat(serve.errors())
                    .contains("unknown key gateway.mqt.port; did you mean gateway.mqtt.port?")
                    .contains("resolver.http.port must be a whole number but was \"x\"");
        }
    }

    private static HttpResponse<String> get(ServeProcess serve, String path) throws Exception {
        return HTTP.send(request(serve, path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(ServeProcess serve, String path, String body) throws Exception {
        return HTTP.send(
                request(serve, path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(ServeProcess serve, String path) {
        URI uri = URI.create(serve.uri("platform.http") + path);
        return HttpRequest.newBuilder(uri).timeout(SOON).header("Authorization", "Bearer " + serve.token());
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return any.getLocalPort();
        }
    }
}
