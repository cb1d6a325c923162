package io.waymark.platform.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One publishing client. QoS 1 is answered by PUBACK, QoS 2 by PUBCOMP. QoS 0 has no answer of its own, so every batch
 * is followed by a PINGREQ and its PINGRESP shows that the server has read the batch, rather than that it lies in a
 * socket buffer.
 *
 * @see "MQTT 5.0 §4.3 Quality of Service levels and protocol flows"
 */
final class MqttLink extends StreamLink {
    private static final int PUBACK = 4;
    private static final int PUBREC = 5;
    private static final int PUBCOMP = 7;
    private static final int PINGRESP = 13;
    private static final int DISCONNECT = 14;
    private static final int PACKET_IDS = 1 << 16;
    private static final int KEEP_ALIVE_SECONDS = 3600;
    private static final Duration CONNACK_WAIT = Duration.ofSeconds(5);

    private final MqttWriter writer;
    private final byte[] topic;
    private final int qos;
    private final byte[] payload;
    /** What may be in flight: the window, or the server's Receive Maximum if that is less. */
    private final int window;

    private final Flights unacknowledged;
    private final DueQueue unanswered;
    private final DueQueue pings = new DueQueue(PACKET_IDS);
    private int sincePing;

    /** Connects, and waits for CONNACK. */
    MqttLink(InetSocketAddress server, MqttPublisher publisher, int window) throws IOException {
        super(server, window, requestBytes(publisher), publisher.connectBytes());
        this.writer = new MqttWriter(publisher.version());
        this.topic = publisher.topic();
        this.qos = publisher.qos();
        this.payload = publisher.payload();
        this.unacknowledged = new Flights(qos > 0 ? Math.min(PACKET_IDS, Flights.slotsFor(window)) : 1, 0xffff);
        this.unanswered = new DueQueue(window);
        this.window = connect(publisher, window);
    }

    private static int requestBytes(MqttPublisher publisher) {
        return MqttWriter.PUBLISH_OVERHEAD
                + MqttWriter.PUBREL_AND_PINGREQ
                + publisher.topic().length
                + publisher.payload().length;
    }

    private int connect(MqttPublisher publisher, int wanted) throws IOException {
        writer.connect(out, publisher.clientId(), publisher.user(), publisher.password(), KEEP_ALIVE_SECONDS);
        MqttConnack connack = MqttConnack.read(exchange(CONNACK_WAIT), publisher.version());
        if (connack.qosMaximum() < qos) {
            throw new IOException("the server takes QoS " + connack.qosMaximum() + " at most");
        }
        return qos == 0 ? wanted : Math.min(wanted, connack.receiveMaximum());
    }

    @Override
    public int room() {
        return window - inFlight();
    }

    @Override
    public void send(long dueNanos) {
        int packetId = 0;
        if (qos == 0) {
            unanswered.add(dueNanos);
            sincePing++;
        } else {
            packetId = unacknowledged.open(dueNanos);
        }
        writer.publish(out, topic, qos, packetId, payload);
    }

    @Override
    public void flush() throws IOException {
        if (sincePing > 0) {
            writer.pingreq(out);
            pings.add(sincePing);
            sincePing = 0;
        }
        super.flush();
    }

    @Override
    void parse(ByteBuffer in, Tally tally) throws IOException {
        long now = System.nanoTime();
        for (int start = in.position(); isLengthThere(in, start); start = in.position()) {
            in.position(start + 1);
            int length = MqttConnack.length(in);
            int body = in.position();
            if (length > in.remaining()) {
                in.position(start);
                return;
            }
            packet(in, start, body, length, now, tally);
            in.position(body + length);
        }
    }

    /** Whether the remaining length of one to four octets has come whole. */
    private static boolean isLengthThere(ByteBuffer in, int start) {
        for (int at = start + 1; at < Math.min(in.limit(), start + 5); at++) {
            if (in.get(at) >= 0) {
                return true;
            }
        }
        return false;
    }

    private void packet(ByteBuffer in, int start, int body, int length, long now, Tally tally) throws IOException {
        int type = in.get(start) >> 4 & 0xf;
        int packetId = length >= 2 ? in.getShort(body) & 0xffff : 0;
        int reason = length >= 3 ? in.get(body + 2) & 0xff : 0;
        switch (type) {
            case PUBACK, PUBCOMP -> acknowledged(packetId, reason, now, tally);
            case PUBREC -> {
                if (reason >= 0x80) {
                    acknowledged(packetId, reason, now, tally);
                } else {
                    writer.pubrel(out, packetId);
                }
            }
            case PINGRESP -> answered(now, tally);
            case DISCONNECT ->
                throw new EOFException("the server disconnected with reason code 0x"
                        + Integer.toHexString(length >= 1 ? in.get(body) & 0xff : 0));
            default -> tally.note("packet of type " + type);
        }
    }

    private void acknowledged(int packetId, int reason, long now, Tally tally) {
        if (packetId == 0 || !unacknowledged.isOpen(packetId)) {
            tally.note("acknowledgement of nothing");
            return;
        }
        long due = unacknowledged.close(packetId);
        if (reason < 0x80) {
            tally.success(due, now, 0);
        } else {
            tally.failure("reason code 0x" + Integer.toHexString(reason), due, now);
        }
    }

    private void answered(long now, Tally tally) {
        for (long n = pings.size() == 0 ? 0 : pings.remove(); n > 0; n--) {
            tally.success(unanswered.remove(), now, 0);
        }
    }

    /** TCP loses nothing: what is not acknowledged stays in flight and is told at the end. */
    @Override
    public void expire(long dueBeforeNanos, Tally tally) {}

    @Override
    long[] forget() {
        throw new IllegalStateException("an MQTT link does not reconnect");
    }

    @Override
    boolean reconnects() {
        return false;
    }

    @Override
    public int inFlight() {
        return qos == 0 ? unanswered.size() : unacknowledged.size();
    }

    @Override
    public void close() throws IOException {
        try {
            out.clear();
            writer.disconnect(out);
            super.flush();
        } catch (IOException e) {
            // The server has gone first; there is nobody left to take leave of.
        } finally {
            super.close();
        }
    }

    /** A client identifier nobody else uses. */
    static String uniqueClientId(String stem, long n) {
        return stem + "-" + Integer.toHexString(ThreadLocalRandom.current().nextInt()) + "-" + n;
    }
}
