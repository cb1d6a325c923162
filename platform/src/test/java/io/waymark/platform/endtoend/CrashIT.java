package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.platform.Distribution;
import io.waymark.platform.ServeProcess;
import io.waymark.testing.FixedPort;
import io.waymark.testing.Tool;
import io.waymark.testing.kafka.CommittedTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole node dies by SIGKILL again and again while devices publish; afterwards Kafka holds what was promised.
 *
 * <p>{@code -Dwaymark.crash.rounds=N} kills more often or less, {@code -Dwaymark.crash.seed=N} at the same moments again.
 */
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("waymark.crash.rounds", 10);
    private static final long SEED = Long.getLong("waymark.crash.seed", System.nanoTime());
    private static final int DEVICES = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration SETTLED = Duration.ofMinutes(3);
    private static final int RUNNING_MILLIS_MAX = 1_500;
    private static final int STARTING_MILLIS_MAX = 6_000;
    private static final int STARTS_KILLED_ONE_IN = 4;

    private final Random random = new Random(SEED);
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Sender> senders = new ArrayList<>();
    private final List<Integer> inFlight = new ArrayList<>();
    private double repetitions;

    @TempDir
    Path dir;

    @Test
    void holdsEveryAcknowledgedMessageOnceAndInOrder() throws Exception {
        say("seed " + SEED + ", " + ROUNDS + " kills");
        Map<String, String> settings = Map.of(
                "gateway.mqtt.port", Integer.toString(FixedPort.choose()),
                "kafka.embedded.port", Integer.toString(FixedPort.choose()));
        try {
            try (ServeProcess serve = start(settings)) {
                createSenders(serve);
                killWhileRunning(serve);
            }
            for (int round = 2; round <= ROUNDS; round++) {
                oneRound(settings);
            }
            try (ServeProcess serve = start(settings)) {
                settle(serve);
                judge(serve);
            }
        } finally {
            for (Sender sender : senders) {
                sender.close();
            }
        }
    }

    private void oneRound(Map<String, String> settings) throws InterruptedException {
        if (random.nextInt(STARTS_KILLED_ONE_IN) == 0) {
            try (ServeProcess serve = ServeProcess.launch(dir, settings)) {
                rest(random.nextInt(STARTING_MILLIS_MAX));
                kill(serve, "starting");
            }
        } else {
            try (ServeProcess serve = start(settings)) {
                killWhileRunning(serve);
            }
        }
    }

    private ServeProcess start(Map<String, String> settings) {
        long begin = System.nanoTime();
        ServeProcess serve = ServeProcess.launch(dir, settings);
        serve.awaitReady(PATIENCE);
        say("ready after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms");
        return serve;
    }

    private void createSenders(ServeProcess serve) throws Exception {
        NodeDoor door = new NodeDoor(serve);
        int port = serve.address("mqtt").getPort();
        for (int i = 0; i < DEVICES; i++) {
            String id = "crash-" + i;
            String password = door.createDevice(id);
            senders.add(i % 2 == 0 ? new Sender3(id, password, port) : new Sender5(id, password, port));
        }
        senders.forEach(Sender::start);
    }

    /** Everybody is back and was acknowledged something; then at any moment. */
    private void killWhileRunning(ServeProcess serve) throws InterruptedException {
        Map<String, Integer> before = new HashMap<>();
        senders.forEach(sender -> before.put(sender.id(), sender.acknowledged()));
        await("every device is back")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(senders)
                        .allMatch(
                                sender -> sender.acknowledged() > before.getOrDefault(sender.id(), 0),
                                "is acknowledged something new"));
        repetitions += new NodeDoor(serve).metric("waymark_gateway_duplicates_total");
        rest(random.nextInt(RUNNING_MILLIS_MAX));
        kill(serve, "running");
    }

    private void kill(ServeProcess serve, String state) {
        serve.kill();
        int open = senders.stream().mapToInt(Sender::unacknowledged).sum();
        inFlight.add(open);
        say("killed while " + state + ", " + acknowledged() + " acknowledged, " + open + " in flight");
    }

    /** Nobody counts this latch down: it only takes time, which is what is random here. */
    private void rest(int millis) throws InterruptedException {
        assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }

    private int acknowledged() {
        return senders.stream().mapToInt(Sender::acknowledged).sum();
    }

    private void settle(ServeProcess serve) {
        senders.forEach(Sender::finish);
        await("every message is acknowledged")
                .atMost(SETTLED)
                .untilAsserted(() ->
                        assertThat(senders).allMatch(sender -> sender.unacknowledged() == 0, "has nothing in flight"));
        NodeDoor door = new NodeDoor(serve);
        await("the spool is forwarded")
                .atMost(SETTLED)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> door.metric("waymark_gateway_forward_state", "state=\"forwarding\"") == 1
                        && door.metric("waymark_gateway_forward_lag_entries") == 0);
    }

    private void judge(ServeProcess serve) {
        String kafka = serve.listeners().path("kafka").asText();
        everythingAcknowledgedIsThere(kafka);
        Tool.Result ledger = Distribution.waymark().run("verify-ledger", "--data", dir.toString());
        say("the ledger says:\n" + ledger.output() + ledger.errors());
        assertThat(ledger.exitCode())
                .as("%s%s", ledger.output(), ledger.errors())
                .isZero();
        assertThat(senders).allMatch(sender -> sender.sessionsLost() == 0, "never lost its session");
        assertThat(inFlight).as("kills that hit messages under way").anyMatch(open -> open > 0);
        eachIsRejectedOnce(kafka);
    }

    private void everythingAcknowledgedIsThere(String kafka) {
        Evidence evidence = Evidence.of(senders, kafka);
        say(evidence.summary() + ", QoS 2 repetitions recognised " + Math.round(repetitions)
                + ", in flight at the kills " + inFlight);
        evidence.check();
    }

    /** The messages name no thing, so traceability rejects each of them: also exactly once, whatever died meanwhile. */
    private static void eachIsRejectedOnce(String kafka) {
        List<String> sent = eventIds(kafka, "waymark.telemetry");
        List<String> rejected = new ArrayList<>();
        await("traceability has rejected all " + sent.size() + " messages")
                .atMost(SETTLED)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            rejected.clear();
                            rejected.addAll(eventIds(kafka, "waymark.rejected"));
                            return rejected.size();
                        },
                        count -> count >= sent.size());
        assertThat(new HashSet<>(rejected)).as("rejected").isEqualTo(new HashSet<>(sent));
        assertThat(rejected).as("rejections, each once").hasSameSizeAs(sent);
    }

    /** Nothing else of them is kept: there may be hundreds of thousands. */
    private static List<String> eventIds(String kafka, String topic) {
        List<String> ids = new ArrayList<>();
        CommittedTopic.visit(kafka, topic, message -> ids.add(CommittedTopic.required(message, "ce_id")));
        return ids;
    }

    private static void say(String what) {
        System.out.println("CrashIT: " + what);
    }
}
