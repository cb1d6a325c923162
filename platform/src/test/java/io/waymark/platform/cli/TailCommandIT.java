package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.platform.http.DeviceNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code waymark tail} on a node whose devices come, publish and go. */
class TailCommandIT {
    private static final String VIEWERS = "waymark.gateway.tail.viewers";

    @TempDir
    static Path dir;

    // set by open()
    @SuppressWarnings("NullAway.Init")
    private static DeviceNode node;

    @BeforeAll
    static void open() throws Exception {
        node = DeviceNode.open(dir);
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

    /** Runs the command, and both devices once it watches. */
    private static CommandRun watch(String... args) throws Exception {
        CompletableFuture<CommandRun> running = CompletableFuture.supplyAsync(() -> CommandRun.on(node, args));
        await().until(() -> node.gauge(VIEWERS) == 1 || running.isDone());
        try (DeviceNode.Connected oven = node.connect("oven-1", DeviceNode.PASSWORD);
                DeviceNode.Connected belt = node.connect("belt-1", DeviceNode.PASSWORD)) {
            belt.publish("belt/state", "{\"speed\":3}");
            oven.publish("oven/state", "{\"c\":81}");
            oven.publish("oven/alarm/heat", "\u001b[2Jhot");
        }
        return running.get(20, TimeUnit.SECONDS);
    }

    @Test
    void oneDeviceIsShownLineByLineUntilEnoughWasSeen() throws Exception {
        CommandRun run = watch("tail", "oven-1", "--count", "4");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  oven-1  connected  oven-1 from 127.0.0.1:.*");
        assertThat(lines.get(1)).endsWith("  oven-1  oven/state  QoS 1, 8 bytes");
        assertThat(lines.get(2)).isEqualTo("    {\"c\":81}");
        assertThat(lines.get(3)).endsWith("  oven-1  oven/alarm/heat  QoS 1, 7 bytes");
        assertThat(lines.get(4)).as("an escape sequence is not let out").startsWith("    1b 5b 32 4a 68 6f 74 ");
        assertThat(lines.get(5)).contains("  oven-1  disconnected  ");
        assertThat(run.err()).isEqualTo(String.format("watching; Ctrl-C ends it%n"));
        await("forgotten").until(() -> node.gauge(VIEWERS) == 0);
    }

    @Test
    void aGroupAndATopicAreToldAsJsonLines() throws Exception {
        CommandRun run = watch("tail", "--group", "drying", "--topic", "+/alarm/#", "--json", "-n", "1");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .singleElement()
                .asString()
                .contains("\"device\":\"oven-1\"", "\"topic\":\"oven/alarm/heat\"", "\"payload\":\"G1sySmhvdA==\"");
    }

    @Test
    void whoMayNotWatchIsToldWhy() {
        CommandRun stranger = CommandRun.of(List.of("tail", "--url", node.url(), "--token", "wrong"));
        assertThat(stranger.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(stranger.err()).contains("operator's token");
        CommandRun misspelled = CommandRun.on(node, "tail", "--topic", "a/#/b");
        assertThat(misspelled.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(misspelled.err()).contains("topic must be a topic filter but was \"a/#/b\"");
        assertThat(node.gauge(VIEWERS)).isZero();
    }

    @Test
    void theEndOfTheNodeIsSaidAndIsAFailureOfWhoeverWaitsForMore(@TempDir Path other) throws Exception {
        try (DeviceNode ending = DeviceNode.open(other)) {
            List<CompletableFuture<CommandRun>> runs = List.of(
                    CompletableFuture.supplyAsync(() -> CommandRun.on(ending, "tail")),
                    CompletableFuture.supplyAsync(() -> CommandRun.on(ending, "tail", "-n", "1")));
            await().until(() -> ending.gauge(VIEWERS) == 2);
            ending.stopHttp();
            CommandRun all = runs.get(0).get(20, TimeUnit.SECONDS);
            CommandRun one = runs.get(1).get(20, TimeUnit.SECONDS);
            assertThat(List.of(all.exitCode(), one.exitCode())).containsExactly(ExitCodes.OK, ExitCodes.FAILED);
            assertThat(List.of(all.out(), one.out()))
                    .allSatisfy(out -> assertThat(out.lines()).containsExactly("the watching ended: the node stops"));
        }
    }
}
