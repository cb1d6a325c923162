package io.waymark.platform.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.platform.http.Health;
import io.waymark.trace.TraceConfig;
import io.waymark.trace.Traceability;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Traceability, which starts when its topics exist: that may be after everything else. Thread-safe. */
final class TraceSide implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TraceSide.class);

    private final MeterRegistry metrics;
    private final Clock clock;
    private @Nullable Traceability trace;
    private @Nullable Consumer<Object> listener;
    private boolean failed;
    private boolean closed;

    TraceSide(MeterRegistry metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Starts, unless it is closed already. */
    synchronized void start(TraceConfig config) {
        if (closed) {
            return;
        }
        try {
            trace = Traceability.start(config, metrics, clock);
            if (listener != null) {
                listener.accept(trace.httpService());
            }
        } catch (RuntimeException e) {
            failed = true;
            LOG.error("Traceability could not start; everything else goes on", e);
        }
    }

    /** Its HTTP service, if it runs already. */
    synchronized Optional<Object> httpService() {
        return Optional.ofNullable(trace).map(Traceability::httpService);
    }

    /** Tells the HTTP service when it starts later. */
    synchronized void whenStarted(Consumer<Object> listener) {
        this.listener = listener;
    }

    synchronized Health.State state() {
        if (failed) {
            return Health.State.DOWN;
        }
        return trace != null && trace.isReady() ? Health.State.UP : Health.State.STARTING;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (trace != null) {
            trace.close();
        }
    }
}
