package io.waymark.gateway.session;

import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages sent with QoS 1 or 2 and not yet done, in the order in which they were sent, within the client's Receive Maximum. On a
 * new connection they are sent again first. Guarded by its queue.
 *
 * @see "MQTT 5.0 §4.4 Message delivery retry, §4.9 Flow Control"
 */
final class Inflight {
    enum Awaits {
        PUBACK,
        PUBREC,
        PUBCOMP
    }

    /** One of them. */
    static final class Sent {
        final int qos;
        final long sequence;
        final int octets;
        Awaits awaits;
        boolean sentHere;

        /** Null for a stored one that must be read back before it can be sent again. */
        @Nullable
        Delivery delivery;

        Sent(int qos, long sequence, int octets, @Nullable Delivery delivery, Awaits awaits) {
            this.qos = qos;
            this.sequence = sequence;
            this.octets = octets;
            this.delivery = delivery;
            this.awaits = awaits;
        }
    }

    private final Map<Integer, Sent> byId = new LinkedHashMap<>();
    private final ArrayDeque<Integer> again = new ArrayDeque<>(0);
    private int window;
    private int unacknowledgedHere;
    private int lastPacketId;

    int size() {
        return byId.size();
    }

    boolean isFull() {
        return unacknowledgedHere >= window;
    }

    @Nullable
    Sent get(int packetId) {
        return byId.get(packetId);
    }

    boolean holds(long sequence) {
        Sent sent = byId.get(Backlog.packetId(sequence));
        return sent != null && sent.sequence == sequence;
    }

    Collection<Sent> all() {
        return byId.values();
    }

    void clear() {
        byId.clear();
        again.clear();
    }

    void connected(int receiveMaximum) {
        window = receiveMaximum;
        unacknowledgedHere = 0;
        again.clear();
        again.addAll(byId.keySet());
        byId.values().forEach(sent -> sent.sentHere = false);
    }

    /** What can be read back need not be kept in memory. */
    void disconnected() {
        for (Sent sent : byId.values()) {
            if (sent.sequence > 0) {
                sent.delivery = null;
            }
        }
    }

    /** Whether something has to be sent again before anything new is. */
    boolean isRepeating() {
        return !again.isEmpty();
    }

    /** The sequence number of what must be read back before it can be sent again, or 0. */
    long unread() {
        for (Integer id : again) {
            Sent sent = byId.get(id);
            if (sent != null && sent.delivery == null && sent.awaits != Awaits.PUBCOMP) {
                return sent.sequence;
            }
        }
        return 0;
    }

    /** The next packet to send again, or null when there is none now. */
    @Nullable
    Packet repeat(long nowNanos) {
        for (Integer id = again.peek(); id != null; id = again.peek()) {
            Sent sent = byId.get(id);
            Packet packet = sent == null ? null : packet(id, sent, nowNanos);
            if (sent != null && (packet == null || isFull())) {
                return null;
            }
            again.remove();
            if (sent != null) {
                sent.sentHere = true;
                unacknowledgedHere++;
                return packet;
            }
        }
        return null;
    }

    private static @Nullable Packet packet(int id, Sent sent, long nowNanos) {
        if (sent.awaits == Awaits.PUBCOMP) {
            return new Ack(PacketType.PUBREL, id, ReasonCode.SUCCESS);
        }
        Delivery delivery = sent.delivery;
        return delivery == null ? null : publish(delivery, id, true, nowNanos);
    }

    /** The first sending, or null while the identifier the message must have is taken. */
    @Nullable
    Publish send(Delivery delivery, int octets, boolean duplicate, long nowNanos) {
        int id = delivery.sequence() == 0 ? freePacketId() : Backlog.packetId(delivery.sequence());
        if (byId.containsKey(id)) {
            return null;
        }
        Sent sent = new Sent(
                delivery.qos(),
                delivery.sequence(),
                octets,
                delivery,
                delivery.qos() == 1 ? Awaits.PUBACK : Awaits.PUBREC);
        sent.sentHere = true;
        byId.put(id, sent);
        unacknowledgedHere++;
        return publish(delivery, id, duplicate, nowNanos);
    }

    /** Found on disk: the client has the message and its identifier is not free. */
    void restored(long sequence, int octets) {
        byId.put(Backlog.packetId(sequence), new Sent(2, sequence, octets, null, Awaits.PUBCOMP));
    }

    private int freePacketId() {
        do {
            lastPacketId = lastPacketId == 65_535 ? 1 : lastPacketId + 1;
        } while (byId.containsKey(lastPacketId));
        return lastPacketId;
    }

    static Publish publish(Delivery delivery, int packetId, boolean duplicate, long nowNanos) {
        return new Publish(
                delivery.message().topic(),
                delivery.qos(),
                delivery.retain(),
                duplicate,
                packetId,
                0,
                delivery.message().propertiesAt(nowNanos),
                delivery.subscriptionIds(),
                delivery.message().payload());
    }

    /** What PUBREC means; what is done the caller removes. */
    Received received(int packetId, boolean error) {
        Sent sent = byId.get(packetId);
        if (sent == null) {
            return error ? Received.DONE : Received.UNKNOWN;
        }
        if (sent.awaits == Awaits.PUBACK) {
            return Received.WRONG;
        }
        if (error) {
            return Received.DONE;
        }
        if (sent.awaits == Awaits.PUBREC && sent.sequence > 0) {
            return Received.STORE;
        }
        sent.awaits = Awaits.PUBCOMP;
        return Received.RELEASE;
    }

    /** The store knows that the client has the message of this place. */
    void released(long sequence) {
        Sent sent = byId.get(Backlog.packetId(sequence));
        if (sent != null && sent.sequence == sequence) {
            sent.awaits = Awaits.PUBCOMP;
            sent.delivery = null;
        }
    }

    @Nullable
    Sent remove(int packetId) {
        Sent sent = byId.remove(packetId);
        if (sent != null && sent.sentHere) {
            unacknowledgedHere--;
        }
        return sent;
    }
}
