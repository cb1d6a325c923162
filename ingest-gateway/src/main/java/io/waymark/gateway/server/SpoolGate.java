package io.waymark.gateway.server;

import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one connection into the spool: in order, and when the spool is full in order again later. Event loop only.
 */
final class SpoolGate {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolGate.class);

    private final LoopContext loop;
    private final Journal journal;
    private final Runnable onBlocked;
    private final Runnable onOpen;
    private final ArrayDeque<PendingWrite> waiting = new ArrayDeque<>(0);

    /**
     * @param onBlocked the spool is full: bring no more
     * @param onOpen everything waiting has been taken
     */
    SpoolGate(LoopContext loop, Journal journal, Runnable onBlocked, Runnable onOpen) {
        this.loop = loop;
        this.journal = journal;
        this.onBlocked = onBlocked;
        this.onOpen = onOpen;
    }

    /** Writes that wait for room. */
    int waiting() {
        return waiting.size();
    }

    /** Hands it over now or, behind what waits already, as soon as there is room. */
    void submit(PendingWrite write) {
        if (waiting.isEmpty() && offered(write)) {
            return;
        }
        waiting.add(write);
        if (waiting.size() == 1) {
            onBlocked.run();
            loop.block(this);
        }
    }

    /** False while the spool is full. */
    boolean retry() {
        for (PendingWrite write = waiting.peek(); write != null; write = waiting.peek()) {
            if (!offered(write)) {
                return false;
            }
            waiting.remove();
        }
        onOpen.run();
        return true;
    }

    private boolean offered(PendingWrite write) {
        Spool.Offer offer = offer(write.write(), write);
        switch (offer) {
            case ACCEPTED -> write.accepted();
            case CLOSED -> write.closed();
            case FULL -> {}
        }
        return offer != Spool.Offer.FULL;
    }

    /** One attempt, not in order with what waits. A write the spool throws at has failed. */
    Spool.Offer offer(SpoolWrite write, Spool.Completion completion) {
        try {
            return journal.offer(write, completion);
        } catch (RuntimeException e) {
            LOG.error("the spool refused a write", e);
            completion.failed(e);
            return Spool.Offer.ACCEPTED;
        }
    }

    /** Gives up what waits. */
    void abandon() {
        for (PendingWrite write = waiting.poll(); write != null; write = waiting.poll()) {
            write.abandoned();
        }
    }
}
