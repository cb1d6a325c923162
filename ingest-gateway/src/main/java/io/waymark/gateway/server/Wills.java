package io.waymark.gateway.server;

import io.waymark.gateway.packet.Will;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.Session;

/** Publishes will messages: into the spool like any other message, waiting for room if need be. Event loop only. */
final class Wills {
    /** Most messages of one loop that wait for room without anybody holding them back. */
    private static final int WAITING_MAX = 10_000;

    private Wills() {}

    static void publish(LoopContext loop, ServerContext server, Session session, Will will) {
        if (loop.detached().waiting() >= WAITING_MAX) {
            server.metrics().dropped("will_spool_full");
            return;
        }
        LiveMessage message = new LiveMessage(
                will.topic(),
                will.qos(),
                will.retain(),
                will.properties(),
                LiveMessage.expiry(will.properties(), System.nanoTime()),
                will.payload());
        loop.detached().submit(new WillWrite(loop, server, session, message));
    }

    private static final class WillWrite extends MessageWrite {
        private final ServerMetrics metrics;

        WillWrite(LoopContext loop, ServerContext server, Session session, LiveMessage message) {
            super(
                    loop,
                    spooled(message, session, server.clock().millis()),
                    null,
                    server.sessions().router().decide(message, null));
            this.metrics = server.metrics();
        }

        @Override
        void settled(boolean durable) {
            if (durable) {
                route();
            } else {
                metrics.dropped("will_not_written");
            }
        }
    }
}
