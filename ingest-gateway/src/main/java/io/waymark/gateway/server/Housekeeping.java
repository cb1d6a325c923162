package io.waymark.gateway.server;

import io.netty.util.concurrent.EventExecutorGroup;
import io.waymark.gateway.packet.Will;
import io.waymark.gateway.session.LiveRouter;
import io.waymark.gateway.session.SessionTable;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.retained.RetainedChange;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what has had its time and no connection holds: sessions, whose wills are published, retained messages, and what waits in the
 * queues of clients that are away.
 *
 * <p>Timed on event loops; writes go through one of them, disks are read on the loader's thread.
 */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long EXPIRE_MILLIS = 500;
    private static final long AGE_SECONDS = 10;

    private final ServerContext server;
    private final LoopContext loop;
    private final QueueAging aging;

    /** @param loop whose writes they are */
    Housekeeping(ServerContext server, LoopContext loop) {
        this.server = server;
        this.loop = loop;
        this.aging = new QueueAging(server.sessions(), server.loader().reader(), this::forget);
    }

    /** Goes on until the loops end. */
    void start(EventExecutorGroup loops) {
        loops.next().scheduleAtFixedRate(this::expire, EXPIRE_MILLIS, EXPIRE_MILLIS, TimeUnit.MILLISECONDS);
        loops.next().scheduleWithFixedDelay(this::age, AGE_SECONDS, AGE_SECONDS, TimeUnit.SECONDS);
    }

    // ---- queues of clients that are away

    /** Away from the loops: it reads the disk. */
    private void age() {
        server.loader().execute(() -> {
            try {
                aging.advance(server.clock().millis());
            } catch (RuntimeException e) {
                LOG.error("old messages cannot be removed from the queues of clients that are away", e);
            }
        });
    }

    private void forget(QueueChange done) {
        loop.execute(() -> loop.detached().submit(new ForgetDone(loop, done)));
    }

    // ---- retained messages and sessions

    private void expire() {
        try {
            expireRetained();
            for (SessionTable.Departure departure : server.sessions().expire(System.nanoTime())) {
                loop.loop().execute(() -> depart(departure));
            }
        } catch (RuntimeException e) {
            LOG.error("unexpected error while ending expired sessions", e);
        }
    }

    private void expireRetained() {
        LiveRouter router = server.sessions().router();
        for (String topic : router.retained().expired(System.nanoTime())) {
            RetainedChange none = new RetainedChange(topic, null);
            loop.execute(() -> loop.detached().submit(new ForgetRetained(loop, router, none)));
        }
    }

    private void depart(SessionTable.Departure departure) {
        Will will = departure.will();
        if (will != null) {
            Wills.publish(loop, server, departure.session(), will);
        }
        if (!departure.ended()) {
            return;
        }
        Runnable bury = () -> server.sessions().buried(departure.session());
        if (departure.session().isStored()) {
            loop.detached().submit(new ForgetSession(loop, departure.session(), bury));
        } else {
            bury.run();
        }
    }
}
