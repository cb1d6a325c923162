package io.waymark.gateway.session;

import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages for one client: those waiting, bounded in number and octets, and those sent with QoS 1 or 2 and not yet
 * acknowledged, bounded by the client's Receive Maximum. On a new connection of the same session the unacknowledged are sent
 * again first, in their order, with their identifiers. Any thread.
 *
 * @see "MQTT 5.0 §4.4 Message delivery retry, §4.9 Flow Control"
 */
public final class OutboundQueue {
    /** Why a message is not delivered. */
    public enum Drop {
        /** QoS 0 and nobody connected. */
        OFFLINE,
        /** The queue holds as many messages as it may. */
        QUEUE_COUNT,
        /** The queue holds as many octets as it may. */
        QUEUE_BYTES,
        /** Its expiry passed. */
        EXPIRED,
        /** The client does not take packets of that size. */
        PACKET_TOO_LARGE,
        /** The session ended. */
        SESSION_ENDED
    }

    /** How a client's PUBREC is answered. */
    public enum Received {
        /** With PUBREL. */
        RELEASE,
        /** Not at all: the client refused the message, it is done. */
        DONE,
        /** With PUBREL "packet identifier not found". */
        UNKNOWN,
        /** It is a protocol error: that identifier was not sent with QoS 2. */
        WRONG
    }

    /** Most unacknowledged messages towards one client, whatever it would take. */
    public static final int INFLIGHT_MAX = 256;

    private enum Awaits {
        PUBACK,
        PUBREC,
        PUBCOMP
    }

    private static final class Inflight {
        final Delivery delivery;
        Awaits awaits;
        boolean sentHere = true;

        Inflight(Delivery delivery) {
            this.delivery = delivery;
            this.awaits = delivery.qos() == 1 ? Awaits.PUBACK : Awaits.PUBREC;
        }
    }

    private final int countMax;
    private final long octetsMax;
    private final Consumer<Drop> drops;

    // valid for session
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>(0);
    private final Map<Integer, Inflight> inflight = new LinkedHashMap<>();
    private long octets;
    private int lastPacketId;

    // valid for connection
    private boolean online;
    private int window;
    private int unacknowledgedHere;
    private final ArrayDeque<Integer> again = new ArrayDeque<>(0);

    /**
     * @param countMax most waiting messages
     * @param octetsMax most octets of waiting messages
     * @param drops told of each message given up
     */
    public OutboundQueue(int countMax, long octetsMax, Consumer<Drop> drops) {
        this.countMax = countMax;
        this.octetsMax = octetsMax;
        this.drops = drops;
    }

    /** Puts the message at the end; false if it was dropped or nobody is connected to be told. */
    public synchronized boolean offer(Delivery delivery) {
        if (!online && delivery.qos() == 0) {
            return dropped(Drop.OFFLINE);
        }
        if (waiting.size() >= countMax) {
            return dropped(Drop.QUEUE_COUNT);
        }
        int weight = delivery.message().weight();
        if (octets + weight > octetsMax) {
            return dropped(Drop.QUEUE_BYTES);
        }
        waiting.add(delivery);
        octets += weight;
        return online;
    }

    private boolean dropped(Drop why) {
        drops.accept(why);
        return false;
    }

    /** A connection took the session: what it left unacknowledged is sent again. */
    public synchronized void connected(int receiveMaximum) {
        online = true;
        window = Math.min(receiveMaximum, INFLIGHT_MAX);
        unacknowledgedHere = 0;
        again.clear();
        again.addAll(inflight.keySet());
        inflight.values().forEach(sent -> sent.sentHere = false);
    }

    /** The connection is gone. */
    public synchronized void disconnected() {
        online = false;
    }

    /**
     * Gives up everything.
     *
     * @return what another member of its group may have instead: never sent, or sent with QoS 1 [MQTT-4.8.2-5]
     */
    public synchronized List<Delivery> clear() {
        List<Delivery> shared = new ArrayList<>(0);
        inflight.values().forEach(sent -> giveUp(sent.delivery, sent.delivery.qos() == 1, shared));
        waiting.forEach(delivery -> giveUp(delivery, true, shared));
        waiting.clear();
        inflight.clear();
        again.clear();
        octets = 0;
        return shared;
    }

    private void giveUp(Delivery delivery, boolean transferable, List<Delivery> shared) {
        if (transferable && delivery.share() != null) {
            shared.add(delivery);
        } else {
            drops.accept(Drop.SESSION_ENDED);
        }
    }

    /** The next packet to send on this connection, or null when there is none or the client must acknowledge first. */
    public synchronized @Nullable Packet poll(long nowNanos) {
        if (!online) {
            return null;
        }
        Packet repeated = pollAgain(nowNanos);
        return repeated != null || !again.isEmpty() ? repeated : pollWaiting(nowNanos);
    }

    private @Nullable Packet pollAgain(long nowNanos) {
        for (Integer id = again.peek(); id != null; id = again.peek()) {
            Inflight sent = inflight.get(id);
            if (sent != null && unacknowledgedHere >= window) {
                return null;
            }
            again.remove();
            if (sent != null) {
                sent.sentHere = true;
                unacknowledgedHere++;
                return sent.awaits == Awaits.PUBCOMP
                        ? new Ack(PacketType.PUBREL, id, ReasonCode.SUCCESS)
                        : publish(sent.delivery, id, true, nowNanos);
            }
        }
        return null;
    }

    private @Nullable Packet pollWaiting(long nowNanos) {
        for (Delivery next = waiting.peek(); next != null; next = waiting.peek()) {
            boolean expired = next.message().isExpired(nowNanos);
            if (!expired && next.qos() > 0 && unacknowledgedHere >= window) {
                return null;
            }
            waiting.remove();
            octets -= next.message().weight();
            if (!expired) {
                return next.qos() == 0 ? publish(next, 0, false, nowNanos) : first(next, nowNanos);
            }
            drops.accept(Drop.EXPIRED);
        }
        return null;
    }

    private Packet first(Delivery delivery, long nowNanos) {
        int id = freePacketId();
        inflight.put(id, new Inflight(delivery));
        unacknowledgedHere++;
        return publish(delivery, id, false, nowNanos);
    }

    private int freePacketId() {
        do {
            lastPacketId = lastPacketId == 65_535 ? 1 : lastPacketId + 1;
        } while (inflight.containsKey(lastPacketId));
        return lastPacketId;
    }

    private static Publish publish(Delivery delivery, int packetId, boolean duplicate, long nowNanos) {
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

    /** The client takes no packet of that size: as if it had acknowledged it. */
    public synchronized void tooLarge(Publish publish) {
        drops.accept(Drop.PACKET_TOO_LARGE);
        if (publish.qos() > 0) {
            done(publish.packetId());
        }
    }

    /** PUBACK; false when that identifier awaits something else, which is a protocol error. Unknown ones are ignored. */
    public synchronized boolean puback(int packetId) {
        Inflight sent = inflight.get(packetId);
        if (sent == null) {
            return true;
        }
        if (sent.awaits != Awaits.PUBACK) {
            return false;
        }
        done(packetId);
        return true;
    }

    /** PUBREC. */
    public synchronized Received pubrec(int packetId, boolean error) {
        Inflight sent = inflight.get(packetId);
        if (sent == null) {
            return error ? Received.DONE : Received.UNKNOWN;
        }
        if (sent.awaits == Awaits.PUBACK) {
            return Received.WRONG;
        }
        if (error) {
            done(packetId);
            return Received.DONE;
        }
        sent.awaits = Awaits.PUBCOMP;
        return Received.RELEASE;
    }

    /** PUBCOMP; false when that identifier awaits PUBACK or PUBREC. Unknown ones are ignored. */
    public synchronized boolean pubcomp(int packetId) {
        Inflight sent = inflight.get(packetId);
        if (sent != null && sent.awaits != Awaits.PUBCOMP) {
            return false;
        }
        done(packetId);
        return true;
    }

    private void done(int packetId) {
        Inflight sent = inflight.remove(packetId);
        if (sent != null && sent.sentHere) {
            unacknowledgedHere--;
        }
    }

    /** Messages waiting. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Messages sent and not yet acknowledged. */
    public synchronized int inflight() {
        return inflight.size();
    }
}
