package io.waymark.gateway.server;

import io.waymark.gateway.session.Session;
import io.waymark.storage.spool.SpoolWrite;

/** A session the store is to forget. */
final class ForgetSession extends PendingWrite {
    private final LoopContext loop;
    private final Runnable then;

    ForgetSession(LoopContext loop, Session session, Runnable then) {
        super(
                loop,
                new SpoolWrite(
                        null,
                        new SpoolWrite.SessionWrite.DeleteSession(
                                session.key().stored(), session.outbound().stored())));
        this.loop = loop;
        this.then = then;
    }

    @Override
    void accepted() {
        then.run();
    }

    @Override
    void settled(boolean durable) {
        // A session that could not be forgotten comes back after a restart and expires then.
    }

    @Override
    void abandoned() {
        loop.detached().submit(this);
    }

    @Override
    void closed() {
        then.run();
    }
}
