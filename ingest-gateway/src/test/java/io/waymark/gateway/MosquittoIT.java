package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.storage.spool.SpoolMessage;
import io.waymark.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients every operator has at hand. */
class MosquittoIT {
    @TempDir
    Path directory;

    private static Tool tool(String program, GatewayFixture fixture) {
        return Tool.onPath(program, "mosquitto-clients").with("-h", "127.0.0.1", "-p", "" + fixture.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv311", "mqttv5"})
    void publishesAndSubscribesWithEveryQualityOfService(String version) throws Exception {
        try (GatewayFixture fixture = GatewayFixture.open(directory)) {
            for (String qos : new String[] {"0", "1", "2"}) {
                Tool.Running subscriber = tool("mosquitto_sub", fixture)
                        .start("", "-V", version, "-t", "tea/+", "-q", qos, "-C", "1", "-W", "15");
                await().until(() -> fixture.metric("waymark.gateway.subscriptions") == 1);
                tool("mosquitto_pub", fixture)
                        .run("-V", version, "-t", "tea/roast", "-q", qos, "-m", "q" + qos)
                        .succeeded();
                assertThat(subscriber.await().succeeded().output()).isEqualTo("q" + qos + "\n");
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
            tool("mosquitto_pub", fixture)
                    .run(
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
                            file.toString())
                    .succeeded();
            SpoolMessage message = fixture.spooled().get(0);
            assertThat(message.deviceId()).isEqualTo("pos-1");
            assertThat(message.contentType()).isEqualTo("application/json");
            assertThat(message.properties()).containsExactly("shop", "上海");
        }
    }

    @Test
    void aWrongPasswordIsSaidToBeWrong() throws Exception {
        try (GatewayFixture fixture = GatewayFixture.open(directory)) {
            Tool.Result refused =
                    tool("mosquitto_pub", fixture).run("-u", "nobody", "-P", "guess", "-t", "t", "-m", "x");
            assertThat(refused.said()).containsIgnoringCase("bad user name or password");
        }
    }
}
