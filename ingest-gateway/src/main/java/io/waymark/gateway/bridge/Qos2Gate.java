package io.waymark.gateway.bridge;

/**
 * Between the persistence of a Paho client and the bridge: Paho stores a received QoS 2 message before it sends PUBREC and forgets it
 * before it sends PUBCOMP, under {@code r-} and its identifier. A client is closed only when none of both is under way, because it
 * would touch what the closing has taken away.
 */
final class Qos2Gate {
    private static final String RECEIVED = "r-";

    /** One of both has not happened: Paho ends the connection, and the upstream sends the message again. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String why) {
            super(why);
        }

        RefusedException(Throwable cause) {
            super(cause);
        }
    }

    private final Upstream.Listener listener;
    private volatile boolean closed;

    Qos2Gate(Upstream.Listener listener) {
        this.listener = listener;
    }

    static boolean isReceived(String key) {
        return key.startsWith(RECEIVED);
    }

    void store(Arrival arrival) throws RefusedException {
        pass(() -> listener.store(arrival));
    }

    void release(String key) throws RefusedException {
        int packetId = Integer.parseInt(key.substring(RECEIVED.length()));
        pass(() -> listener.release(packetId));
    }

    private interface Step {
        void run() throws InterruptedException, UpstreamException;
    }

    private synchronized void pass(Step step) throws RefusedException {
        try {
            requireOpen();
            step.run();
            requireOpen();
        } catch (InterruptedException | UpstreamException e) {
            throw new RefusedException(e);
        }
    }

    private void requireOpen() throws RefusedException {
        if (closed) {
            throw new RefusedException("the connection is being closed");
        }
    }

    /** Lets nothing pass any more; returns when nothing is under way. */
    void close() {
        closed = true;
        awaitPassing();
    }

    /** Whoever passes holds the monitor. */
    private synchronized void awaitPassing() {}
}
