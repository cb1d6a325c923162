package io.waymark.resolver.server;

import java.time.Duration;

/**
 * What connections may cost.
 *
 * @param max connections of one transport (Handle over TCP, HTTP) at once
 * @param perSourceMax of them, from one source: an IPv4 address or the first half of an IPv6 address
 * @param requestTime a request that has begun and is not whole by then ends its connection
 */
public record ConnectionLimits(int max, int perSourceMax, Duration requestTime) {
    /** Refuses bounds below 1 and no time at all. */
    public ConnectionLimits {
        if (max < 1 || perSourceMax < 1 || requestTime.isZero() || requestTime.isNegative()) {
            throw new IllegalArgumentException(
                    "connections need at least 1 place, 1 for each source and some time for a"
                            + " request but were given " + max + ", " + perSourceMax + " and " + requestTime);
        }
    }

    /** 10,000 connections, 1,000 of one source, 20 seconds. */
    public static ConnectionLimits defaults() {
        return new ConnectionLimits(10_000, 1_000, Duration.ofSeconds(20));
    }
}
