package io.waymark.gateway.server;

import io.waymark.gateway.live.Admission;
import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.route.StoredMessage;
import io.waymark.gateway.session.CommandWatch;
import io.waymark.gateway.session.OutboundAliases;
import io.waymark.gateway.session.OutboundQueue;
import io.waymark.gateway.session.QueueLoad;
import io.waymark.gateway.session.Received;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.wire.PacketEncoder;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.queue.SessionQueue;
import io.waymark.storage.spool.SpoolWrite;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What the client is sent: from its session's queue, while its channel takes more. Event loop only, except {@link #wake}. */
final class OutboundFlow {
    /** Alias property and what it may add to the property length. */
    private static final int ALIAS_BYTES = 4;

    private final MqttHandler handler;
    private final AtomicBoolean awake = new AtomicBoolean();
    private @Nullable OutboundQueue queue;
    private long packetBytesMax = Long.MAX_VALUE;
    private boolean five;
    // Whether something happened since the queue last had nothing to send: most connections only publish.
    private boolean due;
    private OutboundAliases aliases = new OutboundAliases(0);

    OutboundFlow(MqttHandler handler) {
        this.handler = handler;
    }

    void attached(Session session, Connect connect) {
        queue = session.outbound();
        due = true;
        packetBytesMax = connect.packetBytesMax();
        five = connect.version().hasProperties();
        aliases = new OutboundAliases(Math.min(
                connect.topicAliasMaximum(), handler.server().settings().offer().topicAliasMaximum()));
    }

    /** Any thread: the queue has something. Many calls before the loop gets there cost one. */
    void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            handler.loop().post(new Ready(this));
        }
    }

    /** Sends what may be sent now, has more read if there is more, and the store forget what is done. */
    void pump() {
        OutboundQueue from = queue;
        if (from == null || !due) {
            return;
        }
        due = !sendAll(from);
        tellAcknowledged(from);
        if (from.stored() != null) {
            load(from);
            forget(from);
        }
    }

    private void tellAcknowledged(OutboundQueue from) {
        List<LiveMessage> commands = from.takeAcknowledged();
        for (int i = 0; i < commands.size(); i++) {
            watch().done(commands.get(i));
        }
    }

    private CommandWatch watch() {
        return handler.server().sessions().router().watch();
    }

    /** Whether everything that may be sent now was. */
    private boolean sendAll(OutboundQueue from) {
        long now = System.nanoTime();
        while (handler.isWritable() && handler.isConnected()) {
            Packet next = from.poll(now);
            if (next == null) {
                return true;
            }
            if (next instanceof Publish publish) {
                send(from, publish);
            } else {
                handler.send(next);
            }
        }
        return false;
    }

    private void load(OutboundQueue from) {
        QueueLoad load = handler.isWritable() ? from.load() : null;
        if (load != null) {
            handler.server().loader().load(handler.loop(), load, new Loaded(from, load));
        }
    }

    private void forget(OutboundQueue from) {
        SessionQueue stored = from.stored();
        long[] done = from.takeDone();
        if (stored != null && done.length > 0) {
            watch().done(stored.number(), done);
            handler.loop().detached().submit(new ForgetDone(handler.loop(), new QueueChange.Remove(stored, done)));
        }
    }

    /** What was read of the queue, unless the connection has ended meanwhile. */
    private final class Loaded implements QueueLoader.Told {
        private final OutboundQueue from;
        private final QueueLoad load;

        Loaded(OutboundQueue from, QueueLoad load) {
            this.from = from;
            this.load = load;
        }

        @Override
        public void loaded(List<QueueTable.Entry> entries, boolean whole) {
            if (handler.isConnected()) {
                from.loaded(
                        load,
                        entries,
                        whole,
                        new StoredMessage.Now(
                                System.nanoTime(), handler.server().clock().millis()));
                due = true;
                handler.finishBatch();
            }
        }

        @Override
        public void failed(String why) {
            handler.fail(ReasonCode.UNSPECIFIED_ERROR, why);
        }
    }

    /** The client has a QoS 2 message: once the store knows, the client may be told to let go of it. */
    private static final class ReleaseWrite extends PendingWrite {
        private final MqttHandler handler;
        private final OutboundQueue to;
        private final int packetId;
        private final long sequence;

        ReleaseWrite(MqttHandler handler, OutboundQueue to, SessionQueue stored, int packetId, long sequence) {
            super(handler.loop(), SpoolWrite.ofQueues(List.of(OutboundQueue.released(stored, sequence))));
            this.handler = handler;
            this.to = to;
            this.packetId = packetId;
            this.sequence = sequence;
        }

        @Override
        void settled(boolean durable) {
            if (!durable) {
                handler.fail(ReasonCode.UNSPECIFIED_ERROR, "the release of a message could not be written");
                return;
            }
            to.released(sequence);
            if (handler.isConnected()) {
                handler.send(new Ack(PacketType.PUBREL, packetId, ReasonCode.SUCCESS));
                handler.touch();
            }
        }
    }

    private void send(OutboundQueue from, Publish publish) {
        long room = packetBytesMax == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : packetBytesMax - PacketEncoder.sizeOf(publish, handler.version());
        if (room < 0) {
            tellRefused(from, publish.packetId(), "packet_too_large");
            from.tooLarge(publish);
        } else {
            if (publish.packetId() != 0 && handler.server().devices().tail().isWatched()) {
                show(from, publish);
            }
            handler.send(room < ALIAS_BYTES ? publish : aliases.applied(publish));
        }
    }

    private void show(OutboundQueue from, Publish publish) {
        LiveMessage message = from.sent(publish.packetId());
        if (message != null && message.isCommand()) {
            Admission who = handler.connecting().admission();
            handler.server()
                    .devices()
                    .tail()
                    .command(
                            who.arrival().deviceId(),
                            who.group(),
                            publish.topic(),
                            publish.qos(),
                            publish.payload(),
                            handler.server().clock().millis());
        }
    }

    /** PUBACK, PUBREC or PUBCOMP from the client. */
    void acknowledged(Ack ack) {
        OutboundQueue to = handler.connecting().session().outbound();
        due = true;
        if (ack.reason().isError()) {
            tellRefused(to, ack.packetId(), ack.reason().label());
        }
        boolean expected = switch (ack.type()) {
            case PUBACK -> to.puback(ack.packetId());
            case PUBREC -> received(to, ack);
            default -> to.pubcomp(ack.packetId());
        };
        if (!expected) {
            handler.fail(
                    ReasonCode.PROTOCOL_ERROR,
                    ack.type() + " " + ack.packetId() + " is not the acknowledgement that message awaits");
        }
    }

    private void tellRefused(OutboundQueue to, int packetId, String reason) {
        SessionQueue stored = to.stored();
        long sequence = to.sequence(packetId);
        LiveMessage message = to.sent(packetId);
        if (stored != null && sequence > 0) {
            watch().refused(stored.number(), sequence, reason);
        } else if (message != null && message.isCommand()) {
            watch().refused(message, reason);
        }
    }

    private boolean received(OutboundQueue to, Ack ack) {
        Received received = to.pubrec(ack.packetId(), ack.reason().isError());
        switch (received) {
            case RELEASE -> handler.send(new Ack(PacketType.PUBREL, ack.packetId(), ReasonCode.SUCCESS));
            case UNKNOWN ->
                handler.send(new Ack(
                        PacketType.PUBREL,
                        ack.packetId(),
                        five ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : ReasonCode.SUCCESS));
            case STORE -> store(to, ack.packetId());
            case DONE, WRONG -> {}
        }
        return received != Received.WRONG;
    }

    private void store(OutboundQueue to, int packetId) {
        SessionQueue stored = to.stored();
        if (stored != null) {
            handler.gate().submit(new ReleaseWrite(handler, to, stored, packetId, to.sequence(packetId)));
        }
    }

    private static final class Ready extends LoopContext.Mail {
        private final OutboundFlow flow;

        Ready(OutboundFlow flow) {
            this.flow = flow;
        }

        @Override
        void open() {
            flow.awake.set(false);
            flow.due = true;
            flow.handler.touch();
        }
    }
}
