package io.waymark.platform.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Handle resolution over UDP from one socket; an answer counts when all its datagrams are there. */
final class UdpLink implements Link {
    private static final int SLOTS = 1 << 16;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int DATAGRAM_MAX = 65_507;

    private final DatagramChannel channel;
    private final HandleMessage message;
    private final Names names;
    private final int window;
    private final int expected;
    private final Flights flights = new Flights(SLOTS, Integer.MAX_VALUE);
    private final int[] slicesLeft = new int[SLOTS];
    private final int[] responseCodes = new int[SLOTS];
    private int unsent;
    private final ByteBuffer out;
    private final ByteBuffer in = ByteBuffer.allocateDirect(DATAGRAM_MAX);

    /** @param expected response code that counts as success */
    UdpLink(InetSocketAddress server, HandleMessage message, Names names, int window, int expected) throws IOException {
        this.message = message;
        this.names = names;
        this.window = window;
        this.expected = expected;
        this.out = ByteBuffer.allocateDirect(message.maxBytes(names));
        this.channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        channel.connect(server);
        channel.configureBlocking(false);
    }

    @Override
    public void register(Selector selector) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public int room() {
        return window - flights.size();
    }

    @Override
    public void send(long dueNanos) throws IOException {
        int id = flights.open(dueNanos);
        slicesLeft[id & (SLOTS - 1)] = 0;
        out.clear();
        message.put(out, id, names);
        try {
            if (channel.write(out.flip()) == 0) {
                flights.close(id);
                unsent++;
            }
        } catch (PortUnreachableException e) {
            throw unreachable(e);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void receive(Tally tally) throws IOException {
        try {
            while (channel.read(in.clear()) > 0) {
                accept(in.flip(), tally);
            }
        } catch (PortUnreachableException e) {
            throw unreachable(e);
        }
    }

    private void accept(ByteBuffer datagram, Tally tally) {
        if (datagram.limit() < HandleMessage.ENVELOPE + 4) {
            tally.note("datagram too short");
            return;
        }
        int id = HandleMessage.requestId(datagram, 0);
        int length = HandleMessage.messageLength(datagram, 0);
        if (length < 0 || id <= 0 || !flights.isOpen(id)) {
            tally.note(length < 0 ? "message length out of range" : "answer too late or twice");
            return;
        }
        int slot = id & (SLOTS - 1);
        if (HandleMessage.sequence(datagram, 0) == 0) {
            responseCodes[slot] = HandleMessage.responseCode(datagram, 0);
        }
        slicesLeft[slot] = (slicesLeft[slot] == 0 ? slices(length) : slicesLeft[slot]) - 1;
        if (slicesLeft[slot] == 0) {
            complete(id, responseCodes[slot], length, tally);
        }
    }

    private void complete(int id, int code, int length, Tally tally) {
        long due = flights.close(id);
        long now = System.nanoTime();
        if (code == expected) {
            tally.success(due, now, HandleMessage.ENVELOPE + length);
        } else {
            tally.failure(HandleMessage.describe(code), due, now);
        }
    }

    private static int slices(int length) {
        return (length + HandleMessage.SLICE - 1) / HandleMessage.SLICE;
    }

    private IOException unreachable(PortUnreachableException e) throws IOException {
        return new IOException("nobody listens on UDP " + channel.getRemoteAddress(), e);
    }

    @Override
    public void expire(long dueBeforeNanos, Tally tally) {
        tally.lost("no answer in time", flights.closeDueBefore(dueBeforeNanos));
        tally.lost("not sent, socket buffer full", unsent);
        unsent = 0;
    }

    @Override
    public int inFlight() {
        return flights.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
