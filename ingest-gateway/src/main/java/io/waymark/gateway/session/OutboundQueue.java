package io.waymark.gateway.session;

import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.route.StoredMessage;
import io.waymark.gateway.session.Inflight.Awaits;
import io.waymark.gateway.session.Inflight.Sent;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.queue.SessionQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages for one client: those waiting, bounded in number and octets, and those in flight. Any thread.
 *
 * <p>The queue of a session that ends with its connection is in memory. The QoS 1 and 2 messages of any other are on disk, from
 * before the publisher's acknowledgement until the client's: memory holds what is in flight and a little of what comes next, and
 * nothing of a client that is away.
 *
 * @see "MQTT 5.0 §4.1 Session State"
 */
public final class OutboundQueue {
    /** Most unacknowledged messages towards one client, whatever it would take. */
    public static final int INFLIGHT_MAX = 256;

    private final int countMax;
    private final long octetsMax;
    private final Consumer<Drop> drops;
    private final @Nullable Backlog backlog;

    // valid for session
    private final WaitingMessages waiting = new WaitingMessages();
    private final Inflight inflight = new Inflight();
    private final @Nullable ReadBack readBack;
    private boolean ended;
    private final AcknowledgedCommands acknowledged = new AcknowledgedCommands();

    // valid for connection
    private boolean online;

    /**
     * In memory.
     *
     * @param countMax most waiting messages
     * @param octetsMax most octets of waiting messages
     * @param drops told of each message given up
     */
    public OutboundQueue(int countMax, long octetsMax, Consumer<Drop> drops) {
        this(countMax, octetsMax, drops, null);
    }

    OutboundQueue(int countMax, long octetsMax, Consumer<Drop> drops, @Nullable Backlog backlog) {
        this.countMax = countMax;
        this.octetsMax = octetsMax;
        this.drops = drops;
        this.backlog = backlog;
        this.readBack = backlog == null ? null : new ReadBack(backlog, inflight, waiting, drops);
    }

    /** The stored queue, or null when all is in memory. */
    public @Nullable SessionQueue stored() {
        return backlog == null ? null : backlog.queue();
    }

    // ---- in

    /** Puts the message at the end, in memory; false if it was dropped or nobody is connected to be told. */
    public synchronized boolean offer(Delivery delivery) {
        if (!online && delivery.qos() == 0) {
            return dropped(Drop.OFFLINE);
        }
        if (waiting.size() >= countMax) {
            return dropped(Drop.QUEUE_COUNT);
        }
        int weight = delivery.message().weight();
        if (waiting.octets() + weight > octetsMax) {
            return dropped(Drop.QUEUE_BYTES);
        }
        waiting.add(delivery, weight);
        return online;
    }

    private boolean dropped(Drop why) {
        drops.accept(why);
        return false;
    }

    /** Whether there is room for a message on disk; if so it is taken, and {@link #appended} or {@link #notAppended} follows. */
    synchronized boolean reserve(int size, long endsAtMillis) {
        Backlog disk = disk();
        if (ended) {
            return dropped(Drop.SESSION_ENDED);
        }
        if (disk.count() >= countMax) {
            return dropped(Drop.QUEUE_COUNT);
        }
        if (disk.octets() + size > octetsMax) {
            return dropped(Drop.QUEUE_BYTES);
        }
        disk.ends(endsAtMillis);
        return disk.take(size) || dropped(Drop.QUEUES_BYTES);
    }

    /** The message is durable at its place. In the order of places; true if somebody is connected to be told. */
    synchronized boolean appended(Delivery delivery, int size) {
        if (ended) {
            return false;
        }
        boolean next = disk().appended(delivery.sequence());
        if (online && next && waiting.mayReadAhead()) {
            disk().readTo(delivery.sequence());
            waiting.add(delivery, size);
        }
        return online;
    }

    synchronized void notAppended(int size) {
        if (!ended) {
            disk().give(size);
        }
    }

    /** An entry found at start. */
    synchronized void restored(long sequence, byte[] entry) {
        disk().found(sequence, entry.length);
        disk().ends(QueueEntry.endsAtMillis(entry));
        if (QueueEntry.isReleased(entry)) {
            inflight.restored(sequence, entry.length);
        }
    }

    /** Found at start, before any entry: how far the queue had come. */
    synchronized void marked(long last, long sent) {
        disk().marked(last, sent);
    }

    /** How far the queue has come, for the store when nothing more is sent; null when all is in memory. */
    synchronized QueueChange.@Nullable Mark mark() {
        return backlog == null ? null : new QueueChange.Mark(backlog.queue(), backlog.sent());
    }

    private Backlog disk() {
        if (backlog == null) {
            throw new IllegalStateException("a queue in memory has nothing on disk");
        }
        return backlog;
    }

    // ---- connections

    /** A connection took the session: what it left unacknowledged is sent again. */
    public synchronized void connected(int receiveMaximum) {
        online = true;
        inflight.connected(Math.min(receiveMaximum, INFLIGHT_MAX));
        if (backlog != null) {
            backlog.ended();
        }
    }

    /** The connection is gone. */
    public synchronized void disconnected() {
        online = false;
        if (backlog == null) {
            return;
        }
        inflight.disconnected();
        for (WaitingMessages.Waiting each : waiting.takeAll()) {
            long sequence = each.delivery().sequence();
            if (sequence == 0) {
                drops.accept(Drop.OFFLINE);
            } else {
                backlog.unreadBehind(sequence - 1);
            }
        }
    }

    /**
     * Gives up everything.
     *
     * @return what another member of its group may have instead: never sent, or sent with QoS 1 [MQTT-4.8.2-5]
     */
    public synchronized List<Delivery> clear() {
        List<Delivery> shared = new ArrayList<>(0);
        ended = true;
        int onDisk = backlog == null ? 0 : backlog.count();
        for (Sent sent : inflight.all()) {
            giveUp(sent.delivery, sent.qos == 1, shared);
        }
        for (int i = onDisk - inflight.size() - waiting.size(); i > 0; i--) {
            drops.accept(Drop.SESSION_ENDED);
        }
        waiting.takeAll().forEach(each -> giveUp(each.delivery(), true, shared));
        inflight.clear();
        if (backlog != null) {
            backlog.giveAll();
        }
        return shared;
    }

    private void giveUp(@Nullable Delivery delivery, boolean transferable, List<Delivery> shared) {
        if (transferable && delivery != null && delivery.share() != null) {
            shared.add(delivery);
        } else {
            drops.accept(Drop.SESSION_ENDED);
        }
    }

    // ---- out

    /** The next packet to send on this connection, or null when there is none or the client must acknowledge first. */
    public synchronized @Nullable Packet poll(long nowNanos) {
        if (!online) {
            return null;
        }
        return inflight.isRepeating() ? repeat(nowNanos) : pollWaiting(nowNanos);
    }

    private @Nullable Packet repeat(long nowNanos) {
        Packet repeated = inflight.repeat(nowNanos);
        return repeated != null || inflight.isRepeating() ? repeated : pollWaiting(nowNanos);
    }

    private @Nullable Packet pollWaiting(long nowNanos) {
        for (WaitingMessages.Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
            Delivery delivery = next.delivery();
            boolean expired = delivery.message().isExpired(nowNanos);
            Publish publish = expired ? null : publish(next, nowNanos);
            if (!expired && publish == null) {
                return null;
            }
            waiting.remove();
            if (publish != null) {
                return publish;
            }
            gone(Drop.EXPIRED, delivery.sequence(), next.octets());
        }
        return null;
    }

    private @Nullable Publish publish(WaitingMessages.Waiting next, long nowNanos) {
        Delivery delivery = next.delivery();
        if (delivery.qos() == 0) {
            acknowledged.note(delivery.message());
            return Inflight.publish(delivery, 0, false, nowNanos);
        }
        boolean again = backlog != null && backlog.mayHaveBeenSent(delivery.sequence());
        if (inflight.isFull()) {
            return null;
        }
        if (backlog != null) {
            backlog.sent(delivery.sequence());
        }
        return inflight.send(delivery, next.octets(), again, nowNanos);
    }

    private void gone(Drop why, long sequence, int size) {
        drops.accept(why);
        if (sequence > 0) {
            disk().done(sequence, size);
        }
    }

    /** The client takes no packet of that size: as if it had acknowledged it. */
    public synchronized void tooLarge(Publish publish) {
        drops.accept(Drop.PACKET_TOO_LARGE);
        if (publish.qos() > 0) {
            done(publish.packetId());
        }
    }

    // ---- acknowledgements

    /** PUBACK; false when that identifier awaits something else, which is a protocol error. Unknown ones are ignored. */
    public synchronized boolean puback(int packetId) {
        return acknowledged(packetId, Awaits.PUBACK);
    }

    /** PUBCOMP; false when that identifier awaits PUBACK or PUBREC. Unknown ones are ignored. */
    public synchronized boolean pubcomp(int packetId) {
        return acknowledged(packetId, Awaits.PUBCOMP);
    }

    private boolean acknowledged(int packetId, Awaits expected) {
        Sent sent = inflight.get(packetId);
        if (sent != null && sent.awaits != expected) {
            return false;
        }
        done(packetId);
        return true;
    }

    /** PUBREC. */
    public synchronized Received pubrec(int packetId, boolean error) {
        Received received = inflight.received(packetId, error);
        if (received == Received.DONE) {
            done(packetId);
        }
        return received;
    }

    /** The sequence number of what was sent with this identifier; 0 when it is not on disk. */
    public synchronized long sequence(int packetId) {
        Sent sent = inflight.get(packetId);
        return sent == null ? 0 : sent.sequence;
    }

    /** What the store is told when the client has the message of this place. */
    public static QueueChange released(SessionQueue stored, long sequence) {
        return new QueueChange.Replace(stored, sequence, QueueEntry.RELEASED);
    }

    /** The store knows that the client has the message of this place: from now on only its identifier is kept. */
    public synchronized void released(long sequence) {
        inflight.released(sequence);
    }

    private void done(int packetId) {
        Sent sent = inflight.remove(packetId);
        if (sent != null && sent.sequence > 0) {
            disk().done(sent.sequence, sent.octets);
        } else if (sent != null && sent.delivery != null) {
            acknowledged.note(sent.delivery.message());
        }
    }

    /** Commands acknowledged that were in memory only, since the last call. */
    public synchronized List<LiveMessage> takeAcknowledged() {
        return acknowledged.take();
    }

    /** What was sent with this identifier and is in memory, or null. */
    public synchronized @Nullable LiveMessage sent(int packetId) {
        Sent sent = inflight.get(packetId);
        return sent == null || sent.delivery == null ? null : sent.delivery.message();
    }

    /** Places the store may forget, since the last call. */
    public synchronized long[] takeDone() {
        return backlog == null ? new long[0] : backlog.takeDone();
    }

    // ---- from disk

    /** What has to be read before more can be sent, or null; then {@link #loaded} is to follow. */
    public synchronized @Nullable QueueLoad load() {
        return readBack == null || !online ? null : readBack.next();
    }

    /**
     * What was read. To be called on the connection's event loop, so that no other connection has begun meanwhile.
     *
     * @param whole whether there was nothing behind it
     */
    public synchronized void loaded(
            QueueLoad load, List<QueueTable.Entry> entries, boolean whole, StoredMessage.Now now) {
        disk().ended();
        if (readBack != null && online) {
            readBack.loaded(load, entries, whole, now);
        }
    }

    // ---- age, while the client is away

    /** Whether something on disk is over by now and no client is there to whom that would be said. */
    public synchronized boolean isDue(long nowMillis) {
        return backlog != null && !online && !ended && backlog.endsAtMillis() <= nowMillis;
    }

    /** Everything on disk is about to be read, from its beginning, and told to {@link #age}. */
    public synchronized void beginAging() {
        disk().forgetEnds();
    }

    /**
     * A part of what is on disk: what is over goes, except what the client may have had.
     *
     * @param whole whether there was nothing behind it
     * @return whether to go on; not when the client came back, who is told by {@link #poll} what it gets
     */
    public synchronized boolean age(List<QueueTable.Entry> entries, boolean whole, long nowMillis) {
        Backlog disk = disk();
        if (online || ended) {
            disk.ends(nowMillis);
            return false;
        }
        disk.age(entries, inflight::holds, nowMillis, drops);
        return !whole;
    }

    // ---- how much

    /** Messages waiting. */
    public synchronized int waiting() {
        return backlog == null ? waiting.size() : Math.max(waiting.size(), backlog.count() - inflight.size());
    }

    /** Messages sent and not yet acknowledged. */
    public synchronized int inflight() {
        return inflight.size();
    }
}
