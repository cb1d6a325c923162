package io.waymark.gateway.command;

import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.CommandWatch;
import io.waymark.gateway.session.HandedOver;
import io.waymark.gateway.session.LiveRouter;
import io.waymark.gateway.session.Session;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each command to one connected session of its device at a time, so that the device gets it once however many connections it
 * has, and learns there what becomes of it. What a stored session holds unacknowledged stays in its queue across connections and
 * crashes; what another held in memory comes back and is given again.
 *
 * <p>Any thread; {@link #hand} and {@link #again} with the lock of the book, which the others take.
 */
final class CommandHandOver implements CommandWatch {
    private final CommandLimits limits;
    private final LiveRouter router;
    private final CommandBook book;
    private final CommandJournal journal;
    private final Clock clock;

    CommandHandOver(CommandLimits limits, LiveRouter router, CommandBook book, CommandJournal journal, Clock clock) {
        this.limits = limits;
        this.router = router;
        this.book = book;
        this.journal = journal;
        this.clock = clock;
    }

    /** Gives it to a connected session, if there is one; the write is still to come. */
    @Nullable
    HandedOver hand(Pending pending, long nowMillis) {
        LiveMessage message = pending.message(limits.topicOf(pending.command), nowMillis, System.nanoTime());
        HandedOver handed = router.handOver(message, pending.key.deviceId());
        if (handed != null) {
            book.handed(pending, handed, message);
        }
        return handed;
    }

    /** Gives what waits for a device, as far as there is a session to take it. */
    void again(String deviceId) {
        long now = clock.millis();
        for (Pending pending : book.waitingOf(deviceId)) {
            if (pending.expiresAtMillis > now && pending.durable.isDone()) {
                HandedOver handed = hand(pending, now);
                if (handed == null) {
                    return;
                }
                journal.write(pending, handed);
            }
        }
    }

    // ---- sessions come and go

    @Override
    public void arrived(Session session) {
        if (book.hasOpen(session.key().deviceId())) {
            synchronized (book) {
                again(session.key().deviceId());
            }
        }
    }

    @Override
    public void left(Session session) {
        if (book.hasOpen(session.key().deviceId())) {
            session.outbound().takeAcknowledged().forEach(this::done);
            back(session, false);
        }
    }

    @Override
    public void over(Session session) {
        if (book.hasOpen(session.key().deviceId())) {
            back(session, true);
        }
    }

    private void back(Session session, boolean over) {
        synchronized (book) {
            List<Pending> back = book.heldBy(session, over);
            long now = clock.millis();
            for (Pending pending : back) {
                book.take(pending);
                journal.change(pending, CommandState.QUEUED, "", now);
            }
            if (!back.isEmpty()) {
                again(session.key().deviceId());
            }
        }
    }

    // ---- devices acknowledge and refuse

    @Override
    public void done(long queue, long[] sequences) {
        if (!book.isHandedTo(queue)) {
            return;
        }
        synchronized (book) {
            for (long sequence : sequences) {
                done(book.at(queue, sequence));
            }
        }
    }

    @Override
    public void done(LiveMessage message) {
        synchronized (book) {
            done(book.of(message));
        }
    }

    /** What leaves a queue behind its expiry was not sent any more. */
    private void done(@Nullable Pending pending) {
        if (pending == null || pending.state == CommandState.REFUSED) {
            return;
        }
        long now = clock.millis();
        boolean expired = pending.queue > 0 && pending.expiresAtMillis <= now;
        journal.change(pending, expired ? CommandState.EXPIRED : CommandState.DELIVERED, "", now);
        again(pending.key.deviceId());
    }

    @Override
    public void refused(long queue, long sequence, String reason) {
        synchronized (book) {
            refused(book.at(queue, sequence), reason);
        }
    }

    @Override
    public void refused(LiveMessage message, String reason) {
        synchronized (book) {
            refused(book.of(message), reason);
        }
    }

    private void refused(@Nullable Pending pending, String reason) {
        if (pending != null) {
            journal.change(pending, CommandState.REFUSED, reason, clock.millis());
        }
    }
}
