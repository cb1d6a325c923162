package io.waymark.resolver.server;

import java.net.InetAddress;

/**
 * Tells a channel's requests in handfuls, because telling each would be noticed. Of a connection all are told of its one source;
 * of a datagram socket those since the last time, of whoever came last: in the long run everybody in proportion. Event loop only.
 */
final class SourceTally {
    private static final int HANDFUL = 16;

    private final ResolverMetrics metrics;
    private int untold;

    SourceTally(ResolverMetrics metrics) {
        this.metrics = metrics;
    }

    void add(int requests, InetAddress source) {
        untold += requests;
        if (untold >= HANDFUL) {
            tell(source);
        }
    }

    /** Tells the rest. */
    void tell(InetAddress source) {
        if (untold > 0) {
            metrics.from(source, untold);
            untold = 0;
        }
    }
}
