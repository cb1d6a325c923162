package io.waymark.platform.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.platform.ServeProcess;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.testing.FixedPort;
import io.waymark.testing.Http;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node dies by SIGKILL again and again while clients post messages and commands, and repeat what was not answered: everything
 * answered 202 is there, everything is there once. No Kafka: what was taken stays in the spool.
 */
class HttpCrashIT {
    private static final int ROUNDS = Integer.getInteger("waymark.crash.rounds", 2);
    private static final long SEED = Long.getLong("waymark.crash.seed", System.nanoTime());
    private static final HttpClient CLIENT = Http.client();
    private static final int CLIENTS = 4;
    private static final int LINES = 3;
    private static final int COMMANDS_MAX = 90;
    private static final String COMMANDED = "press-9";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Random random = new Random(SEED);
    private final CountDownLatch never = new CountDownLatch(1);
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Set<String> commanded = ConcurrentHashMap.newKeySet();
    private volatile boolean enough;

    @TempDir
    Path dir;

    @Test
    void whatWasAnsweredIsThereOnceAlthoughItWasRepeated() throws Exception {
        System.out.println("HttpCrashIT: seed " + SEED + ", " + ROUNDS + " kills");
        Map<String, String> settings = Map.of(
                "services", "gateway,http",
                "kafka.bootstrap.servers", "127.0.0.1:1",
                "platform.http.port", Integer.toString(FixedPort.choose()));
        List<Thread> clients = new ArrayList<>();
        String password;
        try (ServeProcess serve = ServeProcess.start(dir, settings)) {
            password = new NodeDoor(serve).createDevice(COMMANDED);
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(new Thread(() -> post(serve.uri("platform.http"), serve.token(), number)));
            }
            clients.add(new Thread(() -> command(serve.uri("platform.http"), serve.token())));
            clients.forEach(Thread::start);
            kill(serve);
        }
        for (int round = 2; round <= ROUNDS; round++) {
            try (ServeProcess serve = ServeProcess.start(dir, settings)) {
                kill(serve);
            }
        }
        try (ServeProcess serve = ServeProcess.start(dir, settings)) {
            enough = true;
            for (Thread client : clients) {
                client.join(PATIENCE.toMillis());
                assertThat(client.isAlive()).isFalse();
            }
            assertThat(delivered(serve, password)).containsExactlyInAnyOrderElementsOf(commanded);
            serve.terminate();
        }
        List<String> found = spooled();
        assertThat(found).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(answered);
        assertThat(answered).hasSizeGreaterThan(CLIENTS * LINES);
        System.out.println("HttpCrashIT: " + answered.size() + " messages and " + commanded.size()
                + " commands answered, each there once");
    }

    private void kill(ServeProcess serve) throws InterruptedException {
        int before = answered.size();
        await().atMost(PATIENCE).until(() -> answered.size() > before);
        never.await(random.nextInt(1_500), TimeUnit.MILLISECONDS);
        serve.kill();
    }

    /** Three lines under one key, until they are answered; then the next. */
    private void post(URI node, String token, int client) {
        for (int n = 0; !enough; n++) {
            List<String> lines = new ArrayList<>();
            for (int line = 0; line < LINES; line++) {
                lines.add("\"" + client + "-" + n + "-" + line + "\"");
            }
            String key = client + "-" + n;
            HttpRequest request = HttpRequest.newBuilder(URI.create(node + "/api/v1/ingest/meter-" + client))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/x-ndjson")
                    .header("Idempotency-Key", key)
                    .POST(BodyPublishers.ofString(String.join("\n", lines)))
                    .build();
            untilAnswered(request);
            answered.addAll(lines);
        }
    }

    private void command(URI node, String token) {
        for (int n = 0; !enough && n < COMMANDS_MAX; n++) {
            String body = "{\"id\":\"c" + n + "\",\"payload\":\"c" + n + "\",\"qos\":2}";
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(node + "/api/v1/devices/" + COMMANDED + "/commands"))
                    .header("Authorization", "Bearer " + token)
                    .POST(BodyPublishers.ofString(body))
                    .build();
            untilAnswered(request);
            commanded.add("c" + n);
        }
    }

    private void untilAnswered(HttpRequest request) {
        try {
            while (true) {
                try {
                    HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
                    if (answer.statusCode() == 202) {
                        return;
                    }
                } catch (IOException e) {
                    // Killed: the same again.
                }
                never.await(20, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> delivered(ServeProcess serve, String password) throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        MqttClient device = new MqttClient(
                "tcp://127.0.0.1:" + serve.address("mqtt").getPort(), COMMANDED, new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(COMMANDED);
        options.setPassword(password.getBytes(UTF_8));
        device.setCallback(new Commanded(got));
        device.connect(options);
        device.subscribe("devices/" + COMMANDED + "/commands", 2);
        await().atMost(PATIENCE).until(() -> got.size() >= commanded.size());
        device.disconnect();
        device.close();
        return got;
    }

    private List<String> spooled() {
        try (Spool spool = Spool.open(SpoolConfig.defaults(dir.resolve("spool")), new SimpleMeterRegistry())) {
            return spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE).stream()
                    .map(io.waymark.storage.spool.SpoolEntry::message)
                    .filter(message -> message.deviceId().startsWith("meter-"))
                    .map(SpoolMessage::payload)
                    .map(payload -> new String(payload, UTF_8))
                    .toList();
        }
    }
}
