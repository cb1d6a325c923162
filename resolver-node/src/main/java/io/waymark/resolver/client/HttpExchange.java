package io.waymark.resolver.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** One request in the HTTP tunnel. */
final class HttpExchange {
    static final String MEDIA_TYPE = "application/x-hdl-message";

    private HttpExchange() {}

    static Exchange.Result run(InetSocketAddress server, byte[] request, Duration timeout) throws IOException {
        HttpRequest post = HttpRequest.newBuilder(URI.create("http://" + hostOf(server) + ':' + server.getPort() + '/'))
                .timeout(timeout)
                .header("Content-Type", MEDIA_TYPE)
                .header("Accept", MEDIA_TYPE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                .build();
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
        long start = System.nanoTime();
        HttpResponse<byte[]> answer = send(client, post);
        Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
        if (answer.statusCode() != 200) {
            throw new IOException(server + " answered with HTTP status " + answer.statusCode());
        }
        return new Exchange.Result(Exchange.readFrame(new ByteArrayInputStream(answer.body())), roundTrip, 1);
    }

    private static HttpResponse<byte[]> send(HttpClient client, HttpRequest post) throws IOException {
        try {
            return client.send(post, HttpResponse.BodyHandlers.ofByteArray());
        } catch (HttpTimeoutException e) {
            throw new SocketTimeoutException(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an answer", e);
        }
    }

    private static String hostOf(InetSocketAddress server) {
        InetAddress address = server.getAddress();
        String literal = address == null ? server.getHostString() : address.getHostAddress();
        return address instanceof Inet6Address ? '[' + literal + ']' : literal;
    }
}
