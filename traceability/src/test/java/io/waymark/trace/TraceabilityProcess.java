package io.waymark.trace;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Traceability in a process of its own, to be killed. Arguments: bootstrap servers, state directory. */
final class TraceabilityProcess {
    private TraceabilityProcess() {}

    public static void main(String[] args) throws InterruptedException {
        TraceConfig config = new TraceConfig(
                Map.of("bootstrap.servers", args[0]),
                "waymark-crash",
                Path.of(args[1]),
                TraceConfig.Topics.defaults(),
                List.of());
        Traceability traceability = Traceability.start(config, new SimpleMeterRegistry(), Clock.systemUTC());
        synchronized (traceability) {
            // until killed
            while (true) {
                traceability.wait();
            }
        }
    }
}
