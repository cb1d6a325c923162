package io.waymark.resolver.server;

import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;

/** Counts the answers of a batch, so that the counter of the common one is touched once for all. Belongs to one event loop. */
final class CodeCounts {
    private final Transport transport;
    private final ResolverMetrics metrics;
    private int successes;

    CodeCounts(Transport transport, ResolverMetrics metrics) {
        this.transport = transport;
        this.metrics = metrics;
    }

    void add(ResponseCode code) {
        if (code == ResponseCode.SUCCESS) {
            successes++;
        } else {
            metrics.answered(transport, code, 1);
        }
    }

    /** Ends the batch. */
    void flush() {
        if (successes > 0) {
            metrics.answered(transport, ResponseCode.SUCCESS, successes);
            successes = 0;
        }
    }
}
