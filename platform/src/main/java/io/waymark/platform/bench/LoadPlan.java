package io.waymark.platform.bench;

import java.time.Duration;

/**
 * How hard and how long.
 *
 * @param connections sockets in all
 * @param window requests in flight per socket
 * @param threads generator threads; the sockets are dealt out among them
 * @param rate requests per second in all; 0 = closed loop, as many as the windows allow
 * @param warmup not measured
 * @param duration measured
 * @param timeout a request without an answer after this is lost
 */
record LoadPlan(
        int connections, int window, int threads, double rate, Duration warmup, Duration duration, Duration timeout) {
    private static final int WINDOW_MAX = 16_384;
    private static final int CONNECTIONS_MAX = 20_000;

    LoadPlan {
        check("connections", connections, 1, CONNECTIONS_MAX);
        check("window", window, 1, WINDOW_MAX);
        check("threads", threads, 1, connections);
        if (!(rate >= 0 && rate <= 1e9)) {
            throw new IllegalArgumentException("rate must be in 0..1000000000 but was " + rate);
        }
        if (duration.isZero() || duration.isNegative() || warmup.isNegative()) {
            throw new IllegalArgumentException("duration must be above 0 but was " + duration);
        }
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be in " + min + ".." + max + " but was " + value);
        }
    }
}
