package io.waymark.gateway.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.gateway.GatewayTopics;
import io.waymark.testing.JavaProcess;
import io.waymark.testing.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGKILL of our node, at moments of chance, while messages stream through its bridge into Kafka. */
class KilledBridgeIT {
    private static final int ROUNDS = 2;
    private static EmbeddedKafka kafka;

    @TempDir
    Path directory;

    @BeforeAll
    static void startKafka(@TempDir Path logs) throws Exception {
        kafka = EmbeddedKafka.start(logs.resolve("kafka"));
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private Process gateway(Mosquitto upstream, String protocol, int qos) throws IOException {
        Process process = JavaProcess.of(
                        BridgeProcess.class,
                        directory.resolve("gateway").toString(),
                        kafka.bootstrap(),
                        "." + protocol + qos,
                        upstream.uri("tcp"),
                        protocol,
                        Integer.toString(qos))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        JavaProcess.awaitLine(process, "ready");
        return process;
    }

    private static List<String> arrived(String suffix) {
        return kafka.committed(GatewayTopics.TELEMETRY + suffix).stream()
                .map(message -> new String(message.value(), UTF_8))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"MQTT_3_1_1,1", "MQTT_5,2"})
    void everythingTheUpstreamHadAcknowledgedIsInKafka(String protocol, int qos) throws Exception {
        String suffix = "." + protocol + qos;
        GatewayTopics.create(kafka, suffix);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Mosquitto upstream = new Mosquitto(directory.resolve("mosquitto"));
                Publisher device = new Publisher(upstream)) {
            AtomicBoolean enough = new AtomicBoolean();
            Thread publishing = new Thread(() -> publish(device, qos, enough));
            for (int round = 0; round < ROUNDS; round++) {
                Process process = gateway(upstream, protocol, qos);
                if (round == 0) {
                    // From here on the upstream has the session.
                    publishing.start();
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(400)));
                process.destroyForcibly().waitFor();
            }
            enough.set(true);
            publishing.join();
            Process last = gateway(upstream, protocol, qos);
            try {
                await().atMost(Duration.ofSeconds(40))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() ->
                                assertThat(arrived(suffix)).as("seed %d", seed).containsAll(device.acknowledged));
            } finally {
                last.destroyForcibly().waitFor();
            }
            if (qos == 2) {
                assertThat(arrived(suffix)).as("seed %d", seed).isEqualTo(device.acknowledged);
            }
        }
    }

    private static void publish(Publisher device, int qos, AtomicBoolean enough) {
        try {
            while (!enough.get()) {
                device.publish("plant/oven-7/heat", qos, 20);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        } catch (MqttException e) {
            throw new IllegalStateException(e);
        }
    }
}
