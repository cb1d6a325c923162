package io.waymark.platform.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.cli.NodeConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The node of the story: {@code waymark serve} as a child process, with its own log file. */
final class DemoNode implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofMinutes(3);
    private static final Duration STOP_MAX = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 50;
    private static final int LOG_TAIL_BYTES = 2_000;

    private final Process process;
    private final Path data;
    private final Path readyFile;
    private final Path log;
    private final long startedNanos = System.nanoTime();
    private @Nullable NodeConnection connection;

    private DemoNode(Process process, Path data, Path readyFile, Path log) {
        this.process = process;
        this.data = data;
        this.readyFile = readyFile;
        this.log = log;
    }

    /** Writes the configuration and starts the process. */
    static DemoNode start(Path data, DemoPorts ports, Path log) throws IOException {
        Files.createDirectories(data);
        Path config = Files.writeString(data.resolve("demo.yaml"), configuration(ports), StandardCharsets.UTF_8);
        Path ready = data.resolve("demo-ready.json");
        Files.deleteIfExists(ready);
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of("serve", "--config", config.toString(), "--data", data.toString()));
        command.addAll(List.of("--ready-file", ready.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        return new DemoNode(process, data, ready, log);
    }

    /** This program again, with the same Java, options and libraries. */
    private static List<String> program() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("-X") || option.startsWith("--") || option.startsWith("-Dio.netty")) {
                command.add(option);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.waymark.platform.Main"));
        return command;
    }

    private static String configuration(DemoPorts ports) {
        StringBuilder yaml = new StringBuilder(String.format(
                Locale.ROOT,
                """
                # Written by waymark demo for its node; every run writes it again.
                resolver:
                  handle:
                    port: %d
                  http:
                    port: %d
                  udp-rate:
                    exempt: [127.0.0.0/8, "::1"]
                platform:
                  http:
                    port: %d
                gateway:
                  mqtt:
                    port: %d
                  auth:
                    anonymous: true
                kafka:
                  embedded:
                    port: %d
                trace:
                  read-points:
                """,
                ports.handle(),
                ports.resolverHttp(),
                ports.platformHttp(),
                ports.mqtt(),
                ports.kafka()));
        for (Place place : Place.values()) {
            yaml.append(place.rule());
        }
        return yaml.toString();
    }

    /** Waits until every listener answers and every service is up. */
    void awaitUp() throws StepFailedException, IOException, InterruptedException {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (!Files.exists(readyFile)) {
            checkAlive();
            pause(deadline, "the node was not ready within " + START_MAX.toSeconds() + " s");
        }
        URI url = URI.create("http://" + hostAndPort("platform.http"));
        NodeConnection made = new NodeConnection(
                url, Files.readString(data.resolve(NodeConnection.TOKEN_FILE)).trim());
        connection = made;
        JsonNode health = made.get("/health").json();
        while (!health.path("status").asText().equals("UP")) {
            checkAlive();
            pause(deadline, "the node was not healthy within " + START_MAX.toSeconds() + " s: " + health);
            health = made.get("/health").json();
        }
    }

    /** HTTP with the operator's token; only after {@link #awaitUp}. */
    NodeConnection http() {
        NodeConnection made = connection;
        if (made == null) {
            throw new IllegalStateException("the node is not up yet");
        }
        return made;
    }

    /** Where a listener of the ready file answers. */
    InetSocketAddress address(String listener) throws StepFailedException, IOException {
        JsonNode ready = Json.MAPPER.readTree(Files.readAllBytes(readyFile));
        String address = ready.path(listener).asText("");
        if (address.isEmpty()) {
            throw new StepFailedException("the node's ready file names no " + listener + ": " + ready);
        }
        return NodeConnection.socketAddress(address);
    }

    /** The same as text, host and port. */
    String hostAndPort(String listener) throws StepFailedException, IOException {
        return NodeConnection.hostAndPort(address(listener));
    }

    /** How many listeners the ready file names. */
    int listeners() throws IOException {
        Map<?, ?> all = Json.MAPPER.readValue(Files.readAllBytes(readyFile), Map.class);
        return all.size();
    }

    /** Since the process was started. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** Blocks until the process ends and gives its exit code. */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Asks the process to stop, as {@code kill} does, and waits.
     *
     * @return its exit code
     */
    int stop() throws StepFailedException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new StepFailedException("the node did not stop within " + STOP_MAX.toSeconds() + " s");
        }
        return process.exitValue();
    }

    /** Stops the process, if need be by force. */
    @Override
    public void close() {
        try {
            stop();
        } catch (StepFailedException e) {
            // it was killed, which is what is left to do
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void checkAlive() throws StepFailedException {
        if (!process.isAlive()) {
            throw new StepFailedException("the node ended with exit code " + process.exitValue() + ": " + lastWords());
        }
    }

    private String lastWords() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = Math.max(0, all.length - LOG_TAIL_BYTES);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .reduce((before, last) -> last)
                    .orElse("it logged nothing");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause(long deadline, String late) throws StepFailedException, InterruptedException {
        if (System.nanoTime() - deadline > 0) {
            throw new StepFailedException(late);
        }
        Thread.sleep(POLL_MILLIS);
    }
}
