package io.waymark.gateway.command;

import io.waymark.gateway.session.HandedOver;
import io.waymark.gateway.session.Routing;
import io.waymark.storage.note.NoteChange;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every change of a command, as one write of the spool: its note, what it puts into the queue of a session, and what is told
 * on Kafka about it. What finds no room is written later, from {@link CommandBook#takeUnwritten}.
 *
 * <p>Any thread, which holds the lock of the book; completions on the spool's writer thread.
 */
final class CommandJournal {
    private static final Logger LOG = LoggerFactory.getLogger(CommandJournal.class);

    private final Commands.Voice voice;
    private final Spool spool;
    private final CommandBook book;
    private final Consumer<Routing> deliver;
    private final CommandMetrics metrics;

    /** @param deliver takes a message that is durable to a session that has it in memory only */
    CommandJournal(
            Commands.Voice voice, Spool spool, CommandBook book, Consumer<Routing> deliver, CommandMetrics metrics) {
        this.voice = voice;
        this.spool = spool;
        this.book = book;
        this.deliver = deliver;
        this.metrics = metrics;
    }

    // ---- a command

    /**
     * A new command, and whether it was handed over, expired on its way or waits. Its {@link Pending#durable} fails where there is
     * no room, and it is forgotten.
     *
     * @param own whether it came to this gateway, which then tells the others
     * @param notes written with it
     * @param waits called once it is durable and was not handed over; holds the lock of the book
     */
    void begin(Pending pending, @Nullable HandedOver handed, boolean own, List<NoteChange> notes, Runnable waits) {
        List<SpoolMessage> messages = new ArrayList<>(3);
        if (own) {
            messages.add(CommandRecords.command(
                    voice.commandTopic(), pending.command, voice.gateway(), pending.acceptedAtMillis));
        }
        messages.add(told(pending));
        if (handed == null) {
            boolean expired = pending.expiresAtMillis <= pending.acceptedAtMillis;
            pending.state = expired ? CommandState.EXPIRED : CommandState.QUEUED;
            pending.told = pending.state;
            messages.add(told(pending));
        }
        NoteChange note = pending.note();
        List<NoteChange> all = new ArrayList<>(notes);
        all.add(note);
        Spool.Offer offer = offer(new Written(pending, handed, CommandState.ACCEPTED, waits), messages, all, true);
        if (offer != Spool.Offer.ACCEPTED) {
            book.forget(pending);
            pending.durable.completeExceptionally(new RejectedExecutionException(
                    offer == Spool.Offer.FULL ? "the spool is full" : "the gateway is shutting down"));
            return;
        }
        pending.noted(note);
        metrics.count(CommandState.ACCEPTED);
        if (pending.state != CommandState.ACCEPTED) {
            metrics.count(pending.state);
        }
        book.settled(pending);
    }

    /** It comes into a state, unless it is final already. */
    void change(Pending pending, CommandState state, String reason, long nowMillis) {
        if (pending.state.isFinal()) {
            return;
        }
        if (pending.state != state) {
            pending.state = state;
            pending.reason = reason;
            pending.changedAtMillis = nowMillis;
            metrics.count(state);
            book.settled(pending);
        }
        write(pending, null);
    }

    /** The note and, when there is something to tell, what is told; without room only the note, and what is told later. */
    void write(Pending pending, @Nullable HandedOver handed) {
        CommandState before = pending.told;
        List<SpoolMessage> messages = List.of();
        if (pending.state != pending.told) {
            messages = List.of(told(pending));
            pending.told = pending.state;
        }
        Written written = new Written(pending, handed, before, () -> {});
        NoteChange note = pending.note();
        Spool.Offer offer = offer(written, messages, List.of(note), messages.isEmpty());
        if (offer != Spool.Offer.ACCEPTED && !messages.isEmpty()) {
            pending.told = before;
            book.unwritten(pending);
            note = pending.note();
            offer = offer(written, List.of(), List.of(note), true);
        }
        if (offer == Spool.Offer.ACCEPTED) {
            pending.noted(note);
        } else {
            book.unwritten(pending);
        }
    }

    private SpoolMessage told(Pending pending) {
        return CommandRecords.status(voice.statusTopic(), pending.status(), voice.gateway());
    }

    /** @param last whether nothing else is tried for this hand-over when there is no room */
    private Spool.Offer offer(Written written, List<SpoolMessage> messages, List<NoteChange> notes, boolean last) {
        HandedOver handed = written.handed;
        List<QueueChange> queues = handed == null ? List.of() : handed.changes();
        SpoolWrite write = new SpoolWrite(
                messages.isEmpty() ? null : messages.get(0),
                null,
                queues,
                null,
                messages.isEmpty() ? List.of() : messages.subList(1, messages.size()),
                notes);
        Spool.Offer offer = spool.offer(write, written);
        if (offer != Spool.Offer.ACCEPTED && handed != null && last) {
            handed.failed();
            book.take(written.pending);
        }
        return offer;
    }

    /** On the spool's writer thread. */
    private final class Written implements Spool.Completion {
        private final Pending pending;
        private final @Nullable HandedOver handed;
        private final CommandState toldBefore;
        private final Runnable waits;

        Written(Pending pending, @Nullable HandedOver handed, CommandState toldBefore, Runnable waits) {
            this.pending = pending;
            this.handed = handed;
            this.toldBefore = toldBefore;
            this.waits = waits;
        }

        @Override
        public void durable(long position) {
            if (handed != null) {
                placed(handed);
                handed.durable();
                deliver.accept(handed.routing());
            }
            // The device may have come while it was being written.
            if (pending.durable.complete(true) && handed == null) {
                synchronized (book) {
                    waits.run();
                }
            }
        }

        private void placed(HandedOver to) {
            synchronized (book) {
                book.placed(pending, to.queue(), to.sequence());
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (handed != null) {
                handed.failed();
            }
            synchronized (book) {
                if (handed != null) {
                    book.take(pending);
                }
                if (pending.durable.isDone()) {
                    pending.told = toldBefore;
                    book.unwritten(pending);
                } else {
                    book.forget(pending);
                }
            }
            pending.durable.completeExceptionally(cause);
        }
    }

    // ---- without the book

    /**
     * A command that is for nobody here: told, and not looked at again. Any thread, without the lock.
     *
     * @param notes written with it
     */
    Spool.Offer refuse(CommandStatus refused, List<NoteChange> notes) {
        metrics.count(CommandState.REFUSED);
        SpoolMessage told = CommandRecords.status(voice.statusTopic(), refused, voice.gateway());
        return spool.offer(SpoolWrite.of(List.of(told), notes), new Unawaited());
    }

    /** Notes alone. Any thread, without the lock. */
    Spool.Offer note(List<NoteChange> notes) {
        return spool.offer(SpoolWrite.of(List.of(), notes), new Unawaited());
    }

    /** What is not written now is done again after the next start. */
    private static final class Unawaited implements Spool.Completion {
        @Override
        public void durable(long position) {}

        @Override
        public void failed(Throwable cause) {
            LOG.debug("a note about commands was not written: {}", cause.getMessage());
        }
    }
}
