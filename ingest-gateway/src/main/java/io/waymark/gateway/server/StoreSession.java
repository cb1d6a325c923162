package io.waymark.gateway.server;

import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.session.Session;
import io.waymark.storage.spool.SpoolWrite;

/** A session record on its way to the store. */
final class StoreSession extends PendingWrite {
    private final MqttHandler handler;
    private final Session session;
    private final Runnable then;

    StoreSession(MqttHandler handler, Session session, byte[] record, Runnable then) {
        super(
                handler.loop(),
                new SpoolWrite(
                        null,
                        new SpoolWrite.SessionWrite.PutSession(session.key().stored(), record)));
        this.handler = handler;
        this.session = session;
        this.then = then;
    }

    @Override
    void settled(boolean durable) {
        if (durable) {
            then.run();
            handler.touch();
        } else {
            session.notStored();
            handler.fail(ReasonCode.UNSPECIFIED_ERROR, "the session could not be stored");
        }
    }

    @Override
    void abandoned() {
        session.notStored();
    }
}
