package io.waymark.platform.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options all loads have in common. */
final class LoadOptions {
    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "Measured time, such as 500ms, 10s, 2m (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ofSeconds(10);

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "3s",
            converter = DurationConverter.class,
            description =
                    "Time before --duration, not measured (default: ${DEFAULT-VALUE}). A Java server's first seconds"
                            + " are mostly compilation.")
    private Duration warmup = Duration.ofSeconds(3);

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "A request without an answer after this is lost (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(2);

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Open loop: requests per second over all sockets. 0 = closed loop (the default).")
    private double rate;

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            description = "Sockets in all (default: UDP 4, TCP 8, HTTP 32, MQTT 16).")
    private @Nullable Integer connections;

    @Option(
            names = {"-w", "--window"},
            paramLabel = "N",
            description = "Requests in flight per socket (default: 64, HTTP 1).")
    private @Nullable Integer window;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Generator threads; the sockets are dealt out among them (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            split = ",",
            description = "Process whose CPU time to report (this machine, Linux); may be repeated.")
    private List<Long> serverPids = new ArrayList<>();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    LoadPlan plan(int connectionsByDefault, int windowByDefault) {
        return new LoadPlan(
                connections == null ? connectionsByDefault : connections,
                window == null ? windowByDefault : window,
                threads,
                rate,
                warmup,
                duration,
                timeout);
    }

    List<Long> serverPids() {
        return serverPids;
    }

    boolean json() {
        return json;
    }
}
