package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.server.ServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MQTT.js, the client of Node-RED, dashboards and browsers, as a node process; what it does is in {@code src/test/mqttjs}. */
class MqttJsIT {
    private static final Path SOURCE = Path.of("src/test/mqttjs");
    /** Installed once for each version of the lock file; what is downloaded is checked against its digests. */
    private static final Path INSTALLED = Path.of("target/mqttjs");

    private static GatewayFixture fixture;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        install();
        fixture = new GatewayFixture(
                directory,
                GatewayFixture.config()
                        .withServer(server -> server.withWebSocket(new ServerSettings.WebSocket(
                                Optional.of(new ServerSettings.Listener(List.of("127.0.0.1"), 0)),
                                Optional.empty(),
                                "/mqtt",
                                List.of()))));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static void install() throws Exception {
        Path lock = INSTALLED.resolve("package-lock.json");
        Path wanted = SOURCE.resolve("package-lock.json");
        boolean same = Files.isRegularFile(INSTALLED.resolve("node_modules/mqtt/package.json"))
                && Files.mismatch(lock, wanted) < 0;
        if (!same) {
            Files.createDirectories(INSTALLED);
            for (String name : List.of("package.json", "package-lock.json")) {
                Files.write(INSTALLED.resolve(name), Files.readAllBytes(SOURCE.resolve(name)));
            }
            run(240, INSTALLED, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        }
        Files.write(INSTALLED.resolve("clients.js"), Files.readAllBytes(SOURCE.resolve("clients.js")));
    }

    private static String run(int seconds, Path directory, String... command) throws Exception {
        Path log = Files.createTempFile("mqttjs", ".log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(log, UTF_8);
        Files.delete(log);
        assertThat(ended).as("%s ends in %d s: %s", command[0], seconds, output).isTrue();
        assertThat(process.exitValue())
                .as("%s (Debian packages nodejs and npm): %s", String.join(" ", command), output)
                .isZero();
        return output;
    }

    @ParameterizedTest
    @CsvSource({"mqtt,4,6", "mqtt,5,9", "ws,4,6", "ws,5,9"})
    void everyScenarioSucceeds(String scheme, int version, int scenarios) throws Exception {
        int port = scheme.equals("ws")
                ? fixture.gateway.webSocketAddress().orElseThrow().getPort()
                : fixture.port();
        String output =
                run(60, INSTALLED, "node", "clients.js", scheme + "://127.0.0.1:" + port, Integer.toString(version));
        assertThat(output.lines().filter(line -> line.startsWith("ok "))).hasSize(scenarios);
    }
}
