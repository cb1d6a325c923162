package io.waymark.platform.endtoend;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device that numbers its messages and loses none: it keeps its session on the server and its unacknowledged messages in its
 * own memory, comes back after every loss of connection, and lets Paho send again what was not acknowledged. Messages take
 * QoS 1 and 2 in turn.
 *
 * <p>All decisions are made on a thread of its own; acknowledgements come on Paho's.
 */
abstract class Sender implements AutoCloseable {
    /** Unacknowledged messages at a time. */
    static final int WINDOW = 60;

    static final String TOPIC = "crash/";

    private static final Duration TICK = Duration.ofMillis(10);
    private static final int PER_TICK = 3;
    private static final long BACKOFF_NANOS = Duration.ofMillis(150).toNanos();

    private final String id;
    private final ScheduledExecutorService thread;
    private final BitSet acknowledged = new BitSet();

    private volatile int sent;
    private volatile boolean sending = true;
    private final AtomicInteger connects = new AtomicInteger();
    private final AtomicInteger sessionsLost = new AtomicInteger();
    private volatile String lastFailure = "none";
    private long nextConnectNanos = System.nanoTime();

    Sender(String id) {
        this.id = id;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "sender-" + id);
            made.setDaemon(true);
            return made;
        });
    }

    static byte[] payload(String id, int sequence) {
        return ("{\"device\":\"" + id + "\",\"n\":" + sequence + "}").getBytes(StandardCharsets.UTF_8);
    }

    /** The QoS of a message. */
    static int qos(int sequence) {
        return 1 + sequence % 2;
    }

    final String id() {
        return id;
    }

    /** Begins to connect and publish. */
    final void start() {
        thread.scheduleWithFixedDelay(this::step, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Publishes nothing new from now on, but goes on until everything is acknowledged. */
    final void finish() {
        sending = false;
    }

    /** Messages 0 to this, exclusive, have been handed to Paho. */
    final int sent() {
        return sent;
    }

    /** How many of them Paho has reported as delivered. */
    final int acknowledged() {
        synchronized (acknowledged) {
            return acknowledged.cardinality();
        }
    }

    final boolean isAcknowledged(int sequence) {
        synchronized (acknowledged) {
            return acknowledged.get(sequence);
        }
    }

    final int unacknowledged() {
        return sent - acknowledged();
    }

    /** Connections made. */
    final int connects() {
        return connects.get();
    }

    /** How often the server said that it does not know the session it had granted. */
    final int sessionsLost() {
        return sessionsLost.get();
    }

    private void step() {
        try {
            if (isConnected()) {
                publishSome();
            } else if (System.nanoTime() - nextConnectNanos >= 0) {
                nextConnectNanos = System.nanoTime() + BACKOFF_NANOS;
                boolean present = connect();
                if (connects.getAndIncrement() > 0 && !present) {
                    sessionsLost.incrementAndGet();
                }
            }
        } catch (Exception e) {
            // The server is away: the next step tries again.
            lastFailure = e.toString();
        }
    }

    private void publishSome() throws Exception {
        for (int i = 0; i < PER_TICK && sending && unacknowledged() < WINDOW; i++) {
            int sequence = sent;
            publish(TOPIC + id, payload(id, sequence), qos(sequence), sequence);
            sent = sequence + 1;
        }
    }

    /** Paho's word that a message is delivered: PUBACK or PUBCOMP came. */
    final void delivered(Object sequence) {
        synchronized (acknowledged) {
            acknowledged.set((Integer) sequence);
        }
    }

    /** For whoever waits in vain. */
    @Override
    public final String toString() {
        return id + (isConnected() ? " connected" : " not connected") + ", connects " + connects + ", sent " + sent
                + ", acknowledged " + acknowledged() + ", last failure " + lastFailure;
    }

    abstract boolean isConnected();

    /** Waits for CONNACK and tells whether the session was there. */
    abstract boolean connect() throws Exception;

    /** Hands a message to Paho; if it throws, Paho has not taken it. */
    abstract void publish(String topic, byte[] payload, int qos, Integer sequence) throws Exception;

    abstract void disconnect() throws Exception;

    @Override
    public final void close() {
        thread.shutdownNow();
        try {
            disconnect();
        } catch (Exception e) {
            // The server is gone already.
        }
    }
}
