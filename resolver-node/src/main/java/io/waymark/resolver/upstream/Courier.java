package io.waymark.resolver.upstream;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Carries messages to other nodes and their answers back. One thread: {@link #execute} runs on it, the other methods are
 * called on it, their futures complete on it. Futures fail with {@link UpstreamException}.
 */
public interface Courier extends Executor, AutoCloseable {
    /**
     * Sends a datagram, and once more if nothing came.
     *
     * @param requestId as in the request; only an answer with it, from that address, counts
     * @param request one message of at most one datagram, envelope first
     * @param first how long the first answer is waited for
     * @param second how long after the second sending
     * @return the answer, envelope first
     */
    CompletableFuture<byte[]> datagram(
            InetSocketAddress to, int requestId, byte[] request, Duration first, Duration second);

    /**
     * Opens a connection, sends, reads one message, closes.
     *
     * @return the answer, envelope first
     */
    CompletableFuture<byte[]> stream(InetSocketAddress to, byte[] request, Duration timeout);

    /** Gives up what is under way. */
    @Override
    void close();
}
