package io.waymark.gateway.server;

import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.Session;
import io.waymark.storage.spool.SpoolWrite;
import org.jspecify.annotations.Nullable;

/** A QoS 1 or 2 message of a client on its way into the spool; its acknowledgement is settled when it is durable. */
final class PublishWrite extends MessageWrite {
    private final InboundFlow flow;
    private final LiveMessage message;
    private final Session session;
    private final int packetId;
    private final long token;
    private final long readNanos;
    private final AckLevel level;

    PublishWrite(InboundFlow flow, Publish publish, long token, SpoolWrite.@Nullable SessionWrite change) {
        this(flow, publish, flow.message(publish), token, change);
    }

    private PublishWrite(
            InboundFlow flow,
            Publish publish,
            LiveMessage message,
            long token,
            SpoolWrite.@Nullable SessionWrite change) {
        super(
                flow.handler().loop(),
                spooled(message, flow.session(), flow.handler().readMillis()),
                change,
                flow.server().sessions().router().decide(message, flow.session()));
        this.flow = flow;
        this.message = message;
        this.session = flow.session();
        this.packetId = publish.packetId();
        this.token = token;
        this.readNanos = flow.handler().readNanos();
        this.level = flow.level(publish.topic());
    }

    @Override
    void settled(boolean durable) {
        flow.server().metrics().inflight.decrementAndGet();
        if (!durable) {
            forgetIdentifier();
            flow.server().metrics().refused("write_failed");
            notWritten();
            return;
        }
        if (message.qos() == 2) {
            session.inbound().stored(packetId);
        }
        deliver();
        if (level == AckLevel.KAFKA) {
            flow.handler().loop().kafkaWaits().await(position(), flow, token, readNanos);
        } else if (!isAcknowledgedEarly()) {
            flow.written(token, readNanos, AckLevel.SPOOL);
        }
    }

    private void deliver() {
        if (isForNobody()) {
            flow.server().sessions().router().subscribedFirst(message, session);
        } else {
            route();
        }
    }

    @Override
    void accepted() {
        if (isAcknowledgedEarly()) {
            flow.written(token, readNanos, AckLevel.MEMORY);
        }
    }

    /** A QoS 2 identifier must be durable before PUBREC in any case: else a repetition would come twice. */
    private boolean isAcknowledgedEarly() {
        return level == AckLevel.MEMORY && message.qos() == 1;
    }

    private void notWritten() {
        if (isAcknowledgedEarly()) {
            flow.server().metrics().dropped("write_failed_acknowledged");
        } else {
            flow.notWritten(token);
        }
    }

    private void forgetIdentifier() {
        if (message.qos() == 2) {
            session.inbound().failed(packetId);
        }
    }

    @Override
    void abandoned() {
        super.abandoned();
        flow.server().metrics().inflight.decrementAndGet();
        forgetIdentifier();
    }

    @Override
    void closed() {
        abandoned();
        flow.handler().fail(ReasonCode.SERVER_SHUTTING_DOWN, "the spool is closed");
    }
}
