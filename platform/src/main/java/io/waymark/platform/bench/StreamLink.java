package io.waymark.platform.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A TCP connection whose requests are written together and whose answers are cut from the stream. */
abstract class StreamLink implements Link {
    private static final int IN_BYTES_FIRST = 16 << 10;
    private static final int IN_BYTES_MAX = 1 << 20;
    private static final int OUT_BYTES_MAX = 256 << 20;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final InetSocketAddress server;
    /** Requests not yet taken by the kernel, position = end. */
    final ByteBuffer out;
    /** Octets not yet parsed, position = end. */
    private ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES_FIRST);

    private SocketChannel channel;
    private @Nullable Selector selector;

    /**
     * @param requestBytesMax no request is longer
     * @param handshakeBytesMax no message before the first request is longer
     */
    StreamLink(InetSocketAddress server, int window, int requestBytesMax, int handshakeBytesMax) throws IOException {
        this.server = server;
        this.out = ByteBuffer.allocateDirect(Math.max(handshakeBytesMax, outBytes(window, requestBytesMax)));
        this.channel = connect(server);
    }

    /** Requests the kernel has not taken are in flight too, so a window of them always has room. */
    private static int outBytes(int window, int requestBytesMax) {
        long bytes = (long) window * requestBytesMax;
        if (bytes > OUT_BYTES_MAX) {
            throw new IllegalArgumentException("window x request size must be at most " + OUT_BYTES_MAX
                    + " bytes but was " + window + " x " + requestBytesMax);
        }
        return (int) bytes;
    }

    private static SocketChannel connect(InetSocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(server, CONNECT_TIMEOUT_MILLIS);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot connect to " + server + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes whole answers from the buffer and leaves the rest.
     *
     * @param in position..limit = what has arrived
     */
    abstract void parse(ByteBuffer in, Tally tally) throws IOException;

    /** Forgets every request in flight and returns when each was due. */
    abstract long[] forget();

    /** Whether a connection the server has closed is opened again; otherwise the run ends. */
    abstract boolean reconnects();

    @Override
    public final void register(Selector selector) throws IOException {
        this.selector = selector;
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public void flush() throws IOException {
        if (out.position() > 0) {
            out.flip();
            channel.write(out);
            out.compact();
        }
    }

    @Override
    public final void receive(Tally tally) throws IOException {
        int n;
        while ((n = read()) > 0) {
            in.flip();
            parse(in, tally);
            in = in.hasRemaining() && in.remaining() == in.capacity() ? larger(in) : in.compact();
        }
        if (n < 0) {
            reopen(tally);
        }
    }

    private static ByteBuffer larger(ByteBuffer full) throws IOException {
        if (full.capacity() >= IN_BYTES_MAX) {
            throw new IOException("an answer is longer than " + IN_BYTES_MAX + " octets");
        }
        return ByteBuffer.allocateDirect(2 * full.capacity()).put(full);
    }

    private int read() {
        try {
            return channel.read(in);
        } catch (IOException e) {
            // A reset is a close that was not polite.
            return -1;
        }
    }

    /** A server may answer once and close, as the reference server does: what it left unanswered is asked again. */
    private void reopen(Tally tally) throws IOException {
        if (!reconnects()) {
            throw new EOFException(server + " closed a connection with " + inFlight() + " requests in flight");
        }
        tally.note("reconnected");
        channel.close();
        in.clear();
        out.clear();
        channel = connect(server);
        if (selector != null) {
            channel.register(selector, SelectionKey.OP_READ, this);
        }
        for (long due : forget()) {
            send(due);
        }
    }

    /** Writes what is in {@code out} and waits for the first octets back; for a handshake before the run. */
    final ByteBuffer exchange(Duration timeout) throws IOException {
        channel.configureBlocking(true);
        channel.socket().setSoTimeout((int) timeout.toMillis());
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        out.clear();
        byte[] answer = new byte[4096];
        int n = channel.socket().getInputStream().read(answer);
        if (n < 0) {
            throw new EOFException(server + " closed the connection during the handshake");
        }
        channel.configureBlocking(false);
        return ByteBuffer.wrap(answer, 0, n);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
