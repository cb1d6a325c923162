package io.waymark.gateway.server;

import io.waymark.gateway.live.Admission;
import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.AckRules;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.reject.RefusedMessage;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.AckRing;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.session.TopicAliases;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import org.jspecify.annotations.Nullable;

/**
 * What the client publishes: into the spool, and the acknowledgement only when it is durable, in PUBLISH order. Event loop only.
 *
 * @see "MQTT 5.0 §4.3 Quality of Service levels, §4.6 Message ordering, §4.9 Flow Control"
 */
final class InboundFlow {
    private final MqttHandler handler;
    private final ServerContext server;
    private final AckRing ring = new AckRing();
    private final InboundCredit credit;
    private final Spool.Completion qos0Outcome;

    private TopicAliases aliases = new TopicAliases(0);
    private boolean five;
    private final AckRules acks;

    InboundFlow(MqttHandler handler) {
        this.handler = handler;
        this.server = handler.server();
        this.acks = server.settings().offer().acks();
        this.credit = new InboundCredit(server.settings().offer().receiveMaximum());
        this.qos0Outcome = new Qos0Outcome(server.metrics(), null);
    }

    void attached(ProtocolVersion version, int topicAliasMaximum) {
        aliases = new TopicAliases(topicAliasMaximum);
        five = version.hasProperties();
    }

    MqttHandler handler() {
        return handler;
    }

    ServerContext server() {
        return server;
    }

    /** Acknowledgements not yet sent. */
    int owed() {
        return ring.size();
    }

    Session session() {
        return handler.connecting().session();
    }

    // ---- PUBLISH

    void publish(Publish received) {
        ReasonCode refusal = aliases.refusal(received);
        if (refusal != null) {
            refuse(
                    received,
                    refusal,
                    "topic alias " + received.topicAlias() + " must be bound, at most " + aliases.maximum()
                            + " and for topics of " + TopicAliases.CHARACTERS_MAX + " characters in all");
            return;
        }
        Publish publish = aliases.resolve(received);
        ReasonCode notOffered = notOffered(publish);
        if (notOffered != null) {
            refuse(publish, notOffered, "QoS " + publish.qos() + " or RETAIN is not offered, as CONNACK said");
            return;
        }
        if (Topics.isReserved(publish.topic())
                || !handler.connecting().permissions().mayPublish(publish.topic())) {
            notAuthorized(publish);
            return;
        }
        server.metrics().publish(publish.qos(), publish.payload().length);
        handler.live().taken(publish);
        switch (publish.qos()) {
            case 0 -> qos0(publish);
            case 1 -> qos1(publish);
            default -> qos2(publish);
        }
    }

    private @Nullable ReasonCode notOffered(Publish publish) {
        if (publish.retain() && !server.settings().offer().features().retain()) {
            return ReasonCode.RETAIN_NOT_SUPPORTED;
        }
        return publish.qos() > server.settings().offer().qosMax() ? ReasonCode.QOS_NOT_SUPPORTED : null;
    }

    /** Before 5.0 there is no way to refuse a message but to close. */
    private void notAuthorized(Publish publish) {
        String why = "topic " + publish.topic() + " is not for this client to publish to";
        if (publish.qos() > 0 && !five) {
            refuse(publish, ReasonCode.NOT_AUTHORIZED, why);
            return;
        }
        keepRefused(publish, ReasonCode.NOT_AUTHORIZED, why);
        server.metrics().refused(ReasonCode.NOT_AUTHORIZED.label());
        if (publish.qos() > 0) {
            PacketType answer = publish.qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC;
            ring.settle(ring.owe(answer, publish.packetId()), server.settings().denial());
        }
    }

    /** The connection ends for it; what came is kept for those who look into it. */
    private void refuse(Publish publish, ReasonCode reason, String why) {
        keepRefused(publish, reason, why);
        handler.fail(reason, why);
    }

    private void keepRefused(Publish publish, ReasonCode reason, String why) {
        Admission who = handler.connecting().admission();
        server.rejections()
                .keep(new RefusedMessage(
                        reason.label(),
                        why,
                        who.arrival().deviceId(),
                        who.group(),
                        who.isRegistered(),
                        publish.topic(),
                        publish.qos(),
                        handler.readMillis(),
                        publish.properties().contentType(),
                        publish.properties().userProperties(),
                        publish.payload()));
    }

    private void qos0(Publish publish) {
        LiveMessage message = message(publish);
        SpoolMessage spooled = MessageWrite.spooled(message, session(), handler.readMillis());
        Routing routing = server.sessions().router().decide(message, session());
        if (handler.gate().waiting() > 0 || !offerQos0(spooled, routing)) {
            server.metrics().droppedQos0(session().group());
        } else if (routing != null) {
            routing.accepted();
            routing.deliver();
        }
    }

    private boolean offerQos0(SpoolMessage spooled, @Nullable Routing routing) {
        boolean retained = routing != null && routing.retained() != null;
        Spool.Completion outcome = retained ? new Qos0Outcome(server.metrics(), routing) : qos0Outcome;
        return handler.gate().offer(MessageWrite.write(spooled, null, routing), outcome) == Spool.Offer.ACCEPTED;
    }

    private void qos1(Publish publish) {
        if (takeCredit(publish)) {
            long token = ring.owe(PacketType.PUBACK, publish.packetId());
            write(new PublishWrite(this, publish, token, null));
            pauseIfFull();
        }
    }

    private void qos2(Publish publish) {
        int id = publish.packetId();
        if (!credit.holds(id)) {
            if (!takeCredit(publish)) {
                return;
            }
            credit.hold(id);
        }
        long token = ring.owe(PacketType.PUBREC, id);
        switch (session().inbound().publish(id, stored -> handler.loop().post(new Repeated(this, token, stored)))) {
            case NEW -> write(new PublishWrite(this, publish, token, addQos2(id)));
            case STORED -> {
                server.metrics().duplicate();
                repeated(publish, token);
            }
            case STORING -> server.metrics().duplicate();
        }
        pauseIfFull();
    }

    /** It is durable since some time; where its place is nobody knows any more, but not behind the last. */
    private void repeated(Publish publish, long token) {
        if (level(publish.topic()) == AckLevel.KAFKA) {
            handler.loop().kafkaWaits().await(server.journal().lastDurable(), this, token, handler.readNanos());
        } else {
            ring.settle(token, ReasonCode.SUCCESS);
        }
    }

    /** What must have happened to a message before it is acknowledged. */
    AckLevel level(String topic) {
        return acks.of(topic, handler.ackLevel());
    }

    private SpoolWrite.@Nullable SessionWrite addQos2(int packetId) {
        // A session that ends with its connection has no use for the identifier after a crash.
        return session().isStored()
                ? new SpoolWrite.SessionWrite.AddQos2(session().key().stored(), packetId)
                : null;
    }

    private void write(PublishWrite write) {
        server.metrics().inflight.incrementAndGet();
        handler.gate().submit(write);
    }

    LiveMessage message(Publish publish) {
        return new LiveMessage(
                publish.topic(),
                publish.qos(),
                publish.retain(),
                publish.properties(),
                LiveMessage.expiry(publish.properties(), handler.readNanos()),
                publish.payload());
    }

    /** One more unacknowledged message; a 5.0 client that sends more than it was granted is disconnected. */
    private boolean takeCredit(Publish publish) {
        if (!credit.take() && five) {
            refuse(
                    publish,
                    ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                    "at most " + credit.maximum() + " messages may be unacknowledged");
            return false;
        }
        return true;
    }

    private void pauseIfFull() {
        // A 5.0 client keeps to what it was granted; it is read on, so that its other packets are answered meanwhile.
        if (ring.size() >= (five ? 2 * credit.maximum() : credit.maximum())) {
            handler.reading().begin(ReadPause.Reason.WINDOW);
        }
    }

    // ---- PUBREL

    void release(Ack release) {
        int id = release.packetId();
        switch (session().inbound().release(id)) {
            case RELEASING -> {
                long token = ring.owe(PacketType.PUBCOMP, id);
                if (session().isStored()) {
                    handler.gate().submit(new ReleaseWrite(this, session(), id, token));
                } else {
                    released(session(), id, token);
                }
            }
            case UNKNOWN ->
                ring.settle(
                        ring.owe(PacketType.PUBCOMP, id),
                        five ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : ReasonCode.SUCCESS);
            case TOO_EARLY -> handler.fail(ReasonCode.PROTOCOL_ERROR, "PUBREL " + id + " must follow its PUBREC");
        }
        pauseIfFull();
    }

    void released(Session of, int packetId, long token) {
        of.inbound().released(packetId);
        ring.settle(token, ReasonCode.SUCCESS);
    }

    // ---- acknowledgements

    /** Sends what is settled, in order, and takes up reading again when there is room. */
    void sendAcks() {
        boolean again = true;
        while (again) {
            sendSettled();
            again = handler.reading().is(ReadPause.Reason.WINDOW) && ring.size() <= credit.maximum() / 2;
            if (again) {
                handler.resume(ReadPause.Reason.WINDOW);
            }
        }
    }

    /** Sends what is settled, in order. */
    void sendSettled() {
        for (Ack ack = ring.poll(); ack != null; ack = ring.poll()) {
            credit.give(ack);
            handler.send(ack);
        }
    }

    /** What the acknowledgement waits for has happened. */
    void written(long token, long readNanos, AckLevel level) {
        server.metrics().acknowledged(level, System.nanoTime() - readNanos);
        written(token);
    }

    /** The same for a repetition. */
    void written(long token) {
        ring.settle(token, ReasonCode.SUCCESS);
        handler.touch();
    }

    /** A write failed: 5.0 clients are told, a 3.1.1 client can only be disconnected. */
    void notWritten(long token) {
        if (five) {
            ring.settle(token, ReasonCode.UNSPECIFIED_ERROR);
            handler.touch();
        } else {
            handler.fail(ReasonCode.UNSPECIFIED_ERROR, "the message could not be written");
        }
    }

    /** A repeated QoS 2 PUBLISH whose first write has ended meanwhile, perhaps on another loop. */
    private static final class Repeated extends LoopContext.Mail {
        private final InboundFlow flow;
        private final long token;
        private final boolean stored;

        Repeated(InboundFlow flow, long token, boolean stored) {
            this.flow = flow;
            this.token = token;
            this.stored = stored;
        }

        @Override
        void open() {
            if (stored) {
                flow.written(token);
            } else {
                flow.notWritten(token);
            }
        }
    }

    /** Nobody waits for it; routing is null unless its topic is to hold it. */
    private record Qos0Outcome(
            ServerMetrics metrics, @Nullable Routing routing) implements Spool.Completion {
        @Override
        public void durable(long position) {
            if (routing != null) {
                routing.durable();
            }
        }

        @Override
        public void failed(Throwable cause) {
            metrics.dropped("write_failed_qos0");
            if (routing != null) {
                routing.failed();
            }
        }
    }
}
