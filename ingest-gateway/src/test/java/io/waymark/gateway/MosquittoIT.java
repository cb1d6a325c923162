package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.storage.spool.SpoolMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients every operator has at hand. */
class MosquittoIT {
    @TempDir
    Path directory;

    private static Process run(String program, int port, String... arguments) throws Exception {
        Path binary = Path.of("/usr/bin", program);
        assertThat(binary).as("install the Debian package mosquitto-clients").isExecutable();
        List<String> command = new ArrayList<>(List.of(binary.toString(), "-h", "127.0.0.1", "-p", "" + port));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String output(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS))
                .as("ended: %s", output)
                .isTrue();
        assertThat(process.exitValue()).as("exit code: %s", output).isZero();
        return output;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv311", "mqttv5"})
    void publishesAndSubscribesWithEveryQualityOfService(String version) throws Exception {
        try (GatewayFixture fixture = GatewayFixture.open(directory)) {
            for (String qos : new String[] {"0", "1", "2"}) {
                Process subscriber = run(
                        "mosquitto_sub",
                        fixture.port(),
                        "-V",
                        version,
                        "-t",
                        "tea/+",
                        "-q",
                        qos,
                        "-C",
                        "1",
                        "-W",
                        "15");
                await().until(() -> fixture.metric("waymark.gateway.subscriptions") == 1);
                output(run(
                        "mosquitto_pub", fixture.port(), "-V", version, "-t", "tea/roast", "-q", qos, "-m", "q" + qos));
                assertThat(output(subscriber)).isEqualTo("q" + qos + "\n");
                await().until(() -> fixture.metric("waymark.gateway.subscriptions") == 0);
            }
            assertThat(fixture.spooled())
                    .extracting(SpoolMessage::payload)
                    .extracting(payload -> new String(payload, UTF_8))
                    .containsExactly("q0", "q1", "q2");
        }
    }

    @Test
    void propertiesReachTheSpool() throws Exception {
        try (GatewayFixture fixture = GatewayFixture.open(directory)) {
            Path file = Files.writeString(directory.resolve("scan.json"), "{\"code\":\"(01)09506000134352\"}");
            output(run(
                    "mosquitto_pub",
                    fixture.port(),
                    "-V",
                    "mqttv5",
                    "-i",
                    "pos-1",
                    "-t",
                    "pos/scan",
                    "-q",
                    "2",
                    "-D",
                    "publish",
                    "content-type",
                    "application/json",
                    "-D",
                    "publish",
                    "user-property",
                    "shop",
                    "上海",
                    "-f",
                    file.toString()));
            SpoolMessage message = fixture.spooled().get(0);
            assertThat(message.deviceId()).isEqualTo("pos-1");
            assertThat(message.contentType()).isEqualTo("application/json");
            assertThat(message.properties()).containsExactly("shop", "上海");
        }
    }

    @Test
    void aWrongPasswordIsSaidToBeWrong() throws Exception {
        try (GatewayFixture fixture = GatewayFixture.open(directory)) {
            Process refused = run("mosquitto_pub", fixture.port(), "-u", "nobody", "-P", "guess", "-t", "t", "-m", "x");
            assertThat(new String(refused.getInputStream().readAllBytes(), UTF_8))
                    .containsIgnoringCase("bad user name or password");
        }
    }
}
