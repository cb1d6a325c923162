package io.waymark.platform.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Handle resolution over one TCP connection, pipelined; answers may come in any order. */
final class HandleTcpLink extends StreamLink {
    private final HandleMessage message;
    private final Names names;
    private final int window;
    private final int expected;
    private final Flights flights;

    /** @param expected response code that counts as success */
    HandleTcpLink(InetSocketAddress server, HandleMessage message, Names names, int window, int expected)
            throws IOException {
        super(server, window, message.maxBytes(names), 0);
        this.message = message;
        this.names = names;
        this.window = window;
        this.expected = expected;
        this.flights = new Flights(Flights.slotsFor(window), Integer.MAX_VALUE);
    }

    @Override
    public int room() {
        return window - inFlight();
    }

    @Override
    public void send(long dueNanos) {
        message.put(out, flights.open(dueNanos), names);
    }

    @Override
    void parse(ByteBuffer in, Tally tally) throws IOException {
        long now = System.nanoTime();
        while (in.remaining() >= HandleMessage.ENVELOPE) {
            int at = in.position();
            int length = HandleMessage.messageLength(in, at);
            if (length < 0) {
                throw new IOException("the server sent an envelope with a message length out of range");
            }
            if (in.remaining() < HandleMessage.ENVELOPE + length) {
                return;
            }
            complete(in, at, length, now, tally);
            in.position(at + HandleMessage.ENVELOPE + length);
        }
    }

    private void complete(ByteBuffer in, int at, int length, long now, Tally tally) {
        int id = HandleMessage.requestId(in, at);
        if (id <= 0 || !flights.isOpen(id)) {
            tally.note("answer to no request");
            return;
        }
        int code = HandleMessage.responseCode(in, at);
        long due = flights.close(id);
        if (code == expected) {
            tally.success(due, now, HandleMessage.ENVELOPE + length);
        } else {
            tally.failure(HandleMessage.describe(code), due, now);
        }
    }

    @Override
    public void expire(long dueBeforeNanos, Tally tally) {
        tally.lost("no answer in time", flights.closeDueBefore(dueBeforeNanos));
    }

    @Override
    long[] forget() {
        return flights.closeAll();
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
