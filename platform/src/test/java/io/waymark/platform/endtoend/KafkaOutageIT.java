package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.platform.ServeProcess;
import io.waymark.testing.FixedPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka stands still, then dies, as a process of its own; devices notice neither. */
class KafkaOutageIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final int MESSAGES_DURING_OUTAGE = 600;
    private static final String ABORTS = "waymark_gateway_forward_aborts_total";
    private static final String LAG = "waymark_gateway_forward_lag_entries";

    private final List<Sender> senders = new ArrayList<>();

    @TempDir
    Path dir;

    @AfterEach
    void closeSenders() {
        senders.forEach(Sender::close);
    }

    @Test
    void keepsItsPromisesWhileKafkaStandsStillAndDies() throws Exception {
        int port = FixedPort.choose();
        Map<String, String> broker = Map.of("services", "kafka", "kafka.embedded.port", Integer.toString(port));
        ServeProcess kafka = ServeProcess.start(dir.resolve("kafka"), broker);
        try (ServeProcess node = ServeProcess.start(
                dir.resolve("node"),
                Map.of("services", "gateway, trace, http", "kafka.bootstrap.servers", "127.0.0.1:" + port))) {
            NodeDoor door = new NodeDoor(node);
            startSenders(door, node.address("mqtt").getPort());
            awaitMoreAcknowledged(200);
            awaitCaughtUp(door);

            kafka.pause();
            double aborts = door.metric(ABORTS);
            awaitMoreAcknowledged(MESSAGES_DURING_OUTAGE);
            await("the forwarder gives an attempt up")
                    .atMost(PATIENCE)
                    .pollInterval(BETWEEN_LOOKS)
                    .until(() -> door.metric(ABORTS) > aborts);
            double standingStill = backlog(door);
            kafka.resume();
            awaitCaughtUp(door);

            kafka.kill();
            awaitMoreAcknowledged(MESSAGES_DURING_OUTAGE);
            double dead = backlog(door);
            kafka = ServeProcess.start(dir.resolve("kafka"), broker);
            awaitCaughtUp(door);

            senders.forEach(Sender::finish);
            await("everything is acknowledged")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(senders).allMatch(sender -> sender.unacknowledged() == 0));
            await("nothing waits any more")
                    .atMost(PATIENCE)
                    .pollInterval(BETWEEN_LOOKS)
                    .until(() -> door.metric(LAG) == 0);
            judge(port, standingStill, dead);
        } finally {
            kafka.close();
        }
    }

    private void startSenders(NodeDoor door, int port) throws Exception {
        senders.add(new Sender3("outage-0", door.createDevice("outage-0"), port));
        senders.add(new Sender5("outage-1", door.createDevice("outage-1"), port));
        senders.forEach(Sender::start);
    }

    /** What is acknowledged and not yet in Kafka, as the node itself tells it. */
    private static double backlog(NodeDoor door) {
        double lag = door.metric(LAG);
        assertThat(lag).as("messages that wait in the spool").isGreaterThanOrEqualTo(MESSAGES_DURING_OUTAGE);
        assertThat(door.metric("waymark_spool_entries")).isGreaterThanOrEqualTo(lag);
        assertThat(door.metric("waymark_gateway_forward_lag_age_seconds")).isPositive();
        return lag;
    }

    private void awaitMoreAcknowledged(int messages) {
        int before = acknowledged();
        await("devices are acknowledged " + messages + " more")
                .atMost(PATIENCE)
                .until(() -> acknowledged() >= before + messages);
    }

    private int acknowledged() {
        return senders.stream().mapToInt(Sender::acknowledged).sum();
    }

    /** Senders go on sending, so the forwarder is never done; but it is near when much less waits than in an outage. */
    private static void awaitCaughtUp(NodeDoor door) {
        await("the forwarder catches up")
                .atMost(PATIENCE)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> door.metric("waymark_gateway_forward_state", "state=\"forwarding\"") == 1
                        && door.metric(LAG) < MESSAGES_DURING_OUTAGE / 2.0);
    }

    private void judge(int port, double standingStill, double dead) {
        Evidence evidence = Evidence.of(senders, "127.0.0.1:" + port);
        System.out.printf(
                "KafkaOutageIT: %s; waited in the spool: %.0f while Kafka stood still, %.0f while it was dead%n",
                evidence.summary(), standingStill, dead);
        evidence.check();
        assertThat(evidence.repeated())
                .as("no connection was lost, so nothing was sent twice")
                .isZero();
        assertThat(senders).allMatch(sender -> sender.connects() == 1, "kept its connection");
    }
}
