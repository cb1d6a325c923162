package io.waymark.gateway.server;

import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.session.OutboundAliases;
import io.waymark.gateway.session.OutboundQueue;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.wire.PacketEncoder;
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
    private OutboundAliases aliases = new OutboundAliases(0);

    OutboundFlow(MqttHandler handler) {
        this.handler = handler;
    }

    void attached(Session session, Connect connect) {
        queue = session.outbound();
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

    /** Sends what may be sent now. */
    void pump() {
        OutboundQueue from = queue;
        if (from == null) {
            return;
        }
        long now = System.nanoTime();
        while (handler.isWritable() && handler.isConnected()) {
            Packet next = from.poll(now);
            if (next == null) {
                return;
            }
            if (next instanceof Publish publish) {
                send(from, publish);
            } else {
                handler.send(next);
            }
        }
    }

    private void send(OutboundQueue from, Publish publish) {
        long room = packetBytesMax == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : packetBytesMax - PacketEncoder.sizeOf(publish, handler.version());
        if (room < 0) {
            from.tooLarge(publish);
        } else {
            handler.send(room < ALIAS_BYTES ? publish : aliases.applied(publish));
        }
    }

    /** PUBACK, PUBREC or PUBCOMP from the client. */
    void acknowledged(Ack ack) {
        OutboundQueue to = handler.connecting().session().outbound();
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

    private boolean received(OutboundQueue to, Ack ack) {
        OutboundQueue.Received received = to.pubrec(ack.packetId(), ack.reason().isError());
        switch (received) {
            case RELEASE -> handler.send(new Ack(PacketType.PUBREL, ack.packetId(), ReasonCode.SUCCESS));
            case UNKNOWN ->
                handler.send(new Ack(
                        PacketType.PUBREL,
                        ack.packetId(),
                        five ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : ReasonCode.SUCCESS));
            case DONE, WRONG -> {}
        }
        return received != OutboundQueue.Received.WRONG;
    }

    private static final class Ready extends LoopContext.Mail {
        private final OutboundFlow flow;

        Ready(OutboundFlow flow) {
            this.flow = flow;
        }

        @Override
        void open() {
            flow.awake.set(false);
            flow.handler.touch();
        }
    }
}
