package io.waymark.gateway.fault;

import io.waymark.gateway.RawClient;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Publishes numbered messages, a few unacknowledged at a time, until told to finish. What it counts any thread may read. */
final class SteadyPublisher implements AutoCloseable {
    static final int WINDOW = 10;
    private static final int IDS = 60_000;

    private final RawClient client;
    private final String id;
    private final int version;
    private final int qos;
    private final Future<?> running;
    private volatile boolean finishing;
    private volatile int sent;
    private volatile int done;
    private volatile String unexpected = "";

    SteadyPublisher(int port, int version, int qos, ExecutorService threads) throws IOException {
        this.id = "v" + version + "q" + qos;
        this.version = version;
        this.qos = qos;
        this.client = RawClient.connected(port, version, id);
        this.running = threads.submit(this::run);
    }

    /** Begins the payload of each of its messages; their number follows a colon. */
    String id() {
        return id;
    }

    int sent() {
        return sent;
    }

    /** Acknowledged to the end: PUBACK or PUBCOMP. */
    int done() {
        return done;
    }

    /** What it was told beside that all is well; empty for nothing. */
    String unexpected() {
        return unexpected;
    }

    /** Waits for what is unacknowledged. */
    void finish() throws Exception {
        finishing = true;
        running.get();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    private Void run() throws IOException {
        while (unexpected.isEmpty() && !(finishing && done == sent)) {
            if (!finishing && sent - done < WINDOW) {
                sent++;
                int packetId = 1 + sent % IDS;
                client.send(
                        RawClient.publish(version, qos << 1, "t/" + id, packetId, id + ":" + sent + "x".repeat(200)));
            } else {
                answer(client.receive());
            }
        }
        return null;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    private void answer(String packet) throws IOException {
        if (packet.matches("4002....|7002....")) {
            done++;
        } else if (packet.matches("5002....")) {
            client.send("62 02 " + packet.substring(4));
        } else {
            unexpected = packet;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
