package io.waymark.resolver.client;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.time.Duration;

/** One request in the HTTP tunnel. */
final class HttpExchange {
    static final String MEDIA_TYPE = "application/x-hdl-message";

    private HttpExchange() {}

    /** A connection of its own, closed behind the answer: a client that asks now and then must not hold one open. */
    static Exchange.Result run(InetSocketAddress server, byte[] request, Duration timeout) throws IOException {
        URL url = URI.create("http://" + hostOf(server) + ':' + server.getPort() + '/')
                .toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", MEDIA_TYPE);
        connection.setRequestProperty("Accept", MEDIA_TYPE);
        connection.setRequestProperty("Connection", "close");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(request.length);
        long start = System.nanoTime();
        try {
            connection.getOutputStream().write(request);
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException(server + " answered with HTTP status " + status);
            }
            byte[] frame = Exchange.readFrame(connection.getInputStream());
            return new Exchange.Result(frame, Duration.ofNanos(System.nanoTime() - start), 1);
        } finally {
            connection.disconnect();
        }
    }

    private static String hostOf(InetSocketAddress server) {
        InetAddress address = server.getAddress();
        String literal = address == null ? server.getHostString() : address.getHostAddress();
        return address instanceof Inet6Address ? '[' + literal + ']' : literal;
    }
}
