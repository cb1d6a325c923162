package io.waymark.resolver.server;

import io.waymark.resolver.message.Transport;

/** Times one request in 64, because reading the clock twice for each would be noticed. Belongs to one event loop. */
final class LatencySample {
    private static final int EVERY = 64;

    private final Transport transport;
    private final ResolverMetrics metrics;
    private int count;
    private long startedNanos;

    LatencySample(Transport transport, ResolverMetrics metrics) {
        this.transport = transport;
        this.metrics = metrics;
    }

    void start() {
        startedNanos = ++count % EVERY == 0 ? System.nanoTime() : 0;
    }

    /** Of several requests under way, the last one started is timed. */
    void stop() {
        if (startedNanos != 0) {
            metrics.took(transport, System.nanoTime() - startedNanos);
            startedNanos = 0;
        }
    }
}
