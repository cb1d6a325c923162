package io.waymark.platform.bench;

import io.waymark.platform.cli.NodeConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * JSON resolution over one HTTP/1.1 connection kept alive: {@code GET /api/handles/NAME}. A window above 1 pipelines.
 *
 * @see "RFC 9112 §6 Message Body, §9.3.2 Pipelining"
 */
final class HttpLink extends StreamLink {
    private final byte[] before;
    private final byte[] after;
    private final Names names;
    private final int expected;
    private final HttpAnswer answer = new HttpAnswer();
    private final DueQueue flights;
    private final int window;

    /**
     * @param names already percent-encoded
     * @param query behind the name, with its question mark, or empty
     * @param expected status that counts as success
     */
    HttpLink(InetSocketAddress server, Names names, String query, int window, int expected) throws IOException {
        this(server, names, utf8(after(server, query)), window, expected);
    }

    private HttpLink(InetSocketAddress server, Names names, byte[] after, int window, int expected) throws IOException {
        super(server, window, "GET /api/handles/".length() + names.maxBytes() + after.length, 0);
        this.before = utf8("GET /api/handles/");
        this.after = after;
        this.names = names;
        this.window = window;
        this.expected = expected;
        this.flights = new DueQueue(window);
    }

    private static String after(InetSocketAddress server, String query) {
        return query + " HTTP/1.1\r\nHost: " + NodeConnection.hostAndPort(server)
                + "\r\nAccept: application/json\r\n\r\n";
    }

    private static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int room() {
        return window - inFlight();
    }

    @Override
    public void send(long dueNanos) {
        flights.add(dueNanos);
        out.put(before);
        names.putNext(out);
        out.put(after);
    }

    @Override
    void parse(ByteBuffer in, Tally tally) throws IOException {
        long now = System.nanoTime();
        int length;
        while ((length = answer.cut(in)) > 0) {
            if (flights.size() == 0) {
                throw new IOException("the server answered a request that was not made");
            }
            long due = flights.remove();
            if (answer.status() == expected) {
                tally.success(due, now, length);
            } else {
                tally.failure("HTTP " + answer.status(), due, now);
            }
        }
    }

    /** Answers come in order, so none can be skipped: the request stays in flight. */
    @Override
    public void expire(long dueBeforeNanos, Tally tally) {}

    @Override
    long[] forget() {
        return flights.removeAll();
    }

    @Override
    boolean reconnects() {
        return true;
    }

    @Override
    public int inFlight() {
        return flights.size();
    }
}
