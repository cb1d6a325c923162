package io.waymark.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real {@code waymark serve}, started from the built distribution ({@code target/waymark}, so after {@code package}).
 * Ports are chosen by the system unless a setting names them. Whatever goes wrong, the exception shows what the process
 * printed. Used by one thread; {@link #close} leaves no process behind.
 */
public final class ServeProcess implements AutoCloseable {
    /** Long enough for a machine that builds at the same time. */
    public static final Duration READY_MAX = Duration.ofSeconds(90);

    private static final Duration STOP_MAX = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path data;
    private final Path readyFile;
    private final Path output;
    private final Path errors;
    private final Process process;

    private ServeProcess(Path data, Path scratch, Process process) {
        this.data = data;
        this.readyFile = scratch.resolve("ready");
        this.output = scratch.resolve("out");
        this.errors = scratch.resolve("err");
        this.process = process;
    }

    /** Starts a node and waits until every listener answers. */
    public static ServeProcess start(Path data, Map<String, String> settings) {
        ServeProcess serve = launch(data, settings);
        serve.awaitReady(READY_MAX);
        return serve;
    }

    /** Starts a node and returns at once. */
    public static ServeProcess launch(Path data, Map<String, String> settings, String... more) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "resolver.handle.port", "0",
                "resolver.http.port", "0",
                "platform.http.port", "0",
                "gateway.mqtt.port", "0",
                "kafka.embedded.port", "0"));
        all.putAll(settings);
        List<String> arguments = new ArrayList<>(List.of("--data", data.toString()));
        all.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(List.of(more));
        return run(data, arguments);
    }

    /** Runs {@code waymark serve} with exactly these arguments and a ready file. */
    public static ServeProcess run(Path data, List<String> arguments) {
        try {
            Path scratch = Files.createTempDirectory("waymark-serve");
            List<String> command =
                    new ArrayList<>(List.of(Distribution.program().toString(), "serve"));
            command.addAll(List.of("--ready-file", scratch.resolve("ready").toString()));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(scratch.resolve("out").toFile())
                    .redirectError(scratch.resolve("err").toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("WAYMARK_"));
            builder.environment()
                    .put("WAYMARK_JAVA_OPTS", "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:disable");
            return new ServeProcess(data, scratch, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the ready file. */
    public void awaitReady(Duration atMost) {
        try {
            Awaitility.await()
                    .atMost(atMost)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> Files.exists(readyFile) || !process.isAlive());
        } catch (RuntimeException e) {
            throw failure("was not ready within " + atMost);
        }
        if (!Files.exists(readyFile)) {
            throw failure("ended with " + process.exitValue() + " before it was ready");
        }
    }

    /** Waits for the end and returns the exit code. */
    public int awaitExit(Duration atMost) {
        try {
            if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw failure("did not end within " + atMost);
    }

    /** Where a listener answers. */
    public InetSocketAddress address(String listener) {
        String text = listeners().path(listener).asText();
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw failure("has no listener " + listener + " but " + listeners());
        }
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
    }

    /** {@code http://127.0.0.1:port} of a listener. */
    public URI uri(String listener) {
        return URI.create("http://" + listeners().path(listener).asText());
    }

    /** The ready file. */
    public JsonNode listeners() {
        try {
            return JSON.readTree(readyFile.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the ready file is there. */
    public boolean saysReady() {
        return Files.exists(readyFile);
    }

    /** The operator's token. */
    public String token() {
        return read(data.resolve("admin.token")).strip();
    }

    /** The data directory. */
    public Path data() {
        return data;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** What it printed. */
    public String output() {
        return read(output);
    }

    /** What it logged. */
    public String errors() {
        return read(errors);
    }

    /** SIGTERM; waits for the end and returns the exit code. */
    public int terminate() {
        process.destroy();
        return awaitExit(STOP_MAX);
    }

    /** SIGKILL; waits for the end. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(STOP_MAX);
    }

    /** SIGSTOP: the process stands still until {@link #resume}. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw failure("did not take SIG" + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AssertionError failure(String what) {
        String said = "waymark serve " + what + "\n--- output\n" + output() + "\n--- log\n" + errors();
        close();
        return new AssertionError(said);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
