package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        fixture = new GatewayFixture(directory, GatewayFixture.configWithWebSocket());
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
            tool("npm", "npm")
                    .within(Duration.ofMinutes(4))
                    .run("ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .succeeded();
        }
        Files.write(INSTALLED.resolve("clients.js"), Files.readAllBytes(SOURCE.resolve("clients.js")));
    }

    private static Tool tool(String program, String debianPackage) {
        return Tool.onPath(program, debianPackage).in(INSTALLED);
    }

    @ParameterizedTest
    @CsvSource({"mqtt,4,6", "mqtt,5,9", "ws,4,6", "ws,5,9"})
    void everyScenarioSucceeds(String scheme, int version, int scenarios) throws Exception {
        int port = scheme.equals("ws")
                ? fixture.gateway.webSocketAddress().orElseThrow().getPort()
                : fixture.port();
        String output = tool("node", "nodejs")
                .run("clients.js", scheme + "://127.0.0.1:" + port, Integer.toString(version))
                .succeeded()
                .output();
        assertThat(output.lines().filter(line -> line.startsWith("ok "))).hasSize(scenarios);
    }
}
