package io.waymark.platform.http;

import java.time.Duration;
import java.util.List;

/**
 * The platform HTTP branch of the configuration.
 *
 * @param hosts addresses to bind, all with the same port; an IPv6 address is skipped where the machine has no IPv6
 * @param port 0 = chosen by the system
 * @param requestBytesMax largest request body, imports aside
 * @param importBytesMax largest streamed import
 * @param requestTimeout until a request must be answered; imports and exports are not bounded
 * @param connectionsMax open connections
 */
public record HttpConfig(
        List<String> hosts,
        int port,
        long requestBytesMax,
        long importBytesMax,
        Duration requestTimeout,
        int connectionsMax) {
    /** Copies the hosts. */
    public HttpConfig {
        hosts = List.copyOf(hosts);
    }

    /** Loopback, port 8080, bodies of 10 MiB. */
    public static HttpConfig defaults() {
        return new HttpConfig(List.of("127.0.0.1", "::1"), 8080, 10L << 20, 4L << 30, Duration.ofSeconds(30), 2000);
    }
}
