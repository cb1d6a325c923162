package io.waymark.gateway.server;

import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.session.Session;
import io.waymark.storage.spool.SpoolWrite;

/** A QoS 2 identifier of a client's message that the store is to forget, before PUBCOMP. */
final class ReleaseWrite extends PendingWrite {
    private final InboundFlow flow;
    private final Session session;
    private final int packetId;
    private final long token;

    ReleaseWrite(InboundFlow flow, Session session, int packetId, long token) {
        super(
                flow.handler().loop(),
                new SpoolWrite(
                        null,
                        new SpoolWrite.SessionWrite.RemoveQos2(session.key().stored(), packetId)));
        this.flow = flow;
        this.session = session;
        this.packetId = packetId;
        this.token = token;
    }

    @Override
    void settled(boolean durable) {
        if (durable) {
            flow.released(session, packetId, token);
            flow.handler().touch();
        } else {
            flow.handler().fail(ReasonCode.UNSPECIFIED_ERROR, "the release of a message could not be written");
        }
    }
}
