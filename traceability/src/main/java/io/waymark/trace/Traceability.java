package io.waymark.trace;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/** SKELETON: signatures are the contract, bodies follow. */
public final class Traceability implements AutoCloseable {
    /** Starts the streams; returns at once, see isReady. */
    public static Traceability start(TraceConfig config, MeterRegistry metrics, Clock clock) {
        throw new UnsupportedOperationException("being built");
    }

    /** Streams state is RUNNING (or REBALANCING with readable stores). */
    public boolean isReady() {
        throw new UnsupportedOperationException("being built");
    }

    /** Armeria annotated service: GET /trace/{any code} (JSON). To be mounted by platform. */
    public Object httpService() {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }
}
