package io.waymark.testing;

import java.net.http.HttpClient;
import java.time.Duration;

/** Java's HTTP client for tests. */
public final class Http {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    private Http() {}

    /**
     * A client that speaks HTTP/1.1. Left to itself it asks to upgrade to HTTP/2, after which it has lost the end of an answer and
     * waited for it whatever the request's time-out was.
     */
    public static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_MAX)
                .build();
    }
}
