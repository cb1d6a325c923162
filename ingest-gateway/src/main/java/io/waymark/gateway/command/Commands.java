package io.waymark.gateway.command;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.command.CommandRefusedException.Why;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.CommandWatch;
import io.waymark.gateway.session.HandedOver;
import io.waymark.gateway.session.LiveRouter;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.session.SessionRestore;
import io.waymark.storage.note.NoteChange;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All commands of this gateway. Each change is one write of the spool: the command's note, what it puts into the queue of a
 * session, and what is told on Kafka about it. A command is given to one connected session of its device at a time, so the device
 * gets it once however many connections it has; what a stored session holds unacknowledged stays in its queue across connections
 * and crashes, what another held in memory comes back and is given again.
 *
 * <p>Any thread; one lock, under which nothing blocks.
 */
public final class Commands implements CommandWatch, CommandDoor {
    /** Whether a device may be sent commands. */
    public enum Known {
        /** Yes. */
        ENABLED,
        /** It may not connect. */
        DISABLED,
        /** Nobody knows it. */
        UNKNOWN
    }

    /**
     * How this gateway speaks about commands.
     *
     * @param gateway its id
     * @param commandTopic where commands for all gateways are
     * @param statusTopic where it is told what became of them
     */
    public record Voice(String gateway, String commandTopic, String statusTopic) {}

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final CommandLimits limits;
    private final Voice voice;
    private final Spool spool;
    private final LiveRouter router;
    private final Consumer<Routing> deliver;
    private final Function<String, Known> devices;
    private final CommandMetrics metrics;
    private final Clock clock;
    private final CommandBook book = new CommandBook();

    /**
     * Takes in the commands the spool remembers; {@link #found} and {@link #restored} are to follow once the queues of sessions
     * are known.
     *
     * @param deliver takes a message that is durable to a session that has it in memory only
     * @param devices says who is known
     * @throws IllegalArgumentException if the template of topics gives none of a device's own
     */
    public Commands(
            CommandLimits limits,
            Voice voice,
            Spool spool,
            LiveRouter router,
            Consumer<Routing> deliver,
            Function<String, Known> devices,
            MeterRegistry registry,
            Clock clock) {
        limits.requireTopic();
        this.limits = limits;
        this.voice = voice;
        this.spool = spool;
        this.router = router;
        this.deliver = deliver;
        this.devices = devices;
        this.clock = clock;
        this.metrics = new CommandMetrics(registry);
        spool.notes(Pending.OWNER, this::restore);
        Gauge.builder("waymark.gateway.commands.open", this::open)
                .description("commands neither delivered nor expired nor refused")
                .register(registry);
    }

    private void restore(byte[] key, byte[] value) {
        try {
            book.add(Pending.decode(key, value));
        } catch (IllegalArgumentException e) {
            LOG.error("a stored command is not readable and is ignored: {}", e.getMessage());
        }
    }

    private synchronized int open() {
        return book.open();
    }

    // ---- the start

    /** An entry of a session's queue, found at start. */
    public synchronized void found(long queue, long sequence, byte[] entry) {
        if (!book.isHandedTo(queue)) {
            return;
        }
        LiveMessage message = SessionRestore.message(entry);
        if (message != null && message.isCommand()) {
            book.found(queue, sequence, message, limits);
        }
    }

    /**
     * Every entry was found. What had been put into a queue and is not there any more was acknowledged just before the end, or
     * expired there.
     */
    public synchronized void restored(SessionRestore sessions) {
        long now = clock.millis();
        for (Pending pending : book.openOnes()) {
            if (pending.queue > 0 && !sessions.hasQueue(pending.queue)) {
                book.take(pending);
                change(pending, CommandState.QUEUED, "", now);
            } else if (pending.queue > 0 && pending.sequence == 0) {
                boolean expired = pending.expiresAtMillis <= now;
                change(pending, expired ? CommandState.EXPIRED : CommandState.DELIVERED, "", now);
            } else if (pending.state != pending.told) {
                book.unwritten(pending);
            }
        }
        LOG.info("{} commands wait for their devices", book.open());
    }

    // ---- acceptance

    @Override
    public CompletableFuture<CommandStatus> send(Command command) {
        return accept(command, true, List.of(), clock.millis());
    }

    /**
     * @param own whether it came to this gateway, which then tells the others
     * @param notes written with it
     * @param sinceMillis from when its expiry counts
     */
    CompletableFuture<CommandStatus> accept(Command command, boolean own, List<NoteChange> notes, long sinceMillis) {
        check(command);
        Known known = devices.apply(command.deviceId());
        if (known != Known.ENABLED) {
            metrics.count(CommandState.REFUSED);
            return CompletableFuture.failedFuture(notFor(command, known));
        }
        synchronized (this) {
            Pending before = book.find(command.deviceId(), command.id());
            if (before != null) {
                return again(before, command);
            }
            long octets = command.payload().length;
            if (book.openOf(command.deviceId()) >= limits.openPerDeviceMax()
                    || book.open() >= limits.openMax()
                    || book.openOctets() + octets > limits.openBytesMax()) {
                metrics.count(CommandState.REFUSED);
                return CompletableFuture.failedFuture(new CommandRefusedException(
                        Why.TOO_MANY_COMMANDS,
                        "too many commands wait: at most "
                                + limits.openPerDeviceMax() + " of a device, " + limits.openMax() + " and "
                                + limits.openBytesMax() + " octets in all"));
            }
            return begin(command, own, notes, sinceMillis);
        }
    }

    private void check(Command command) {
        if (command.payload().length > limits.payloadBytesMax()) {
            throw new IllegalArgumentException("payload must have at most " + limits.payloadBytesMax()
                    + " octets but has " + command.payload().length);
        }
        if (command.expirySeconds() > limits.expiryMax().toSeconds()) {
            throw new IllegalArgumentException("expiry must be at most "
                    + limits.expiryMax().toSeconds() + " seconds but was " + command.expirySeconds());
        }
    }

    private static CommandRefusedException notFor(Command command, Known known) {
        return known == Known.UNKNOWN
                ? new CommandRefusedException(Why.UNKNOWN_DEVICE, "there is no device " + command.deviceId())
                : new CommandRefusedException(
                        Why.DEVICE_DISABLED, "device " + command.deviceId() + " is disabled and gets no commands");
    }

    private CompletableFuture<CommandStatus> again(Pending before, Command command) {
        if (!before.isSame(command)) {
            return CompletableFuture.failedFuture(new CommandRefusedException(
                    Why.COMMAND_EXISTS, "command " + command.id() + " exists and asks for something else"));
        }
        return before.durable.thenApply(durable -> status(before));
    }

    private synchronized CommandStatus status(Pending pending) {
        return pending.status();
    }

    private CompletableFuture<CommandStatus> begin(
            Command command, boolean own, List<NoteChange> notes, long sinceMillis) {
        long now = clock.millis();
        Pending pending = new Pending(command, now, sinceMillis + command.expirySeconds() * 1_000);
        List<SpoolMessage> messages = new ArrayList<>(3);
        if (own) {
            messages.add(CommandRecords.command(voice.commandTopic(), command, voice.gateway(), now));
        }
        messages.add(told(pending));
        book.add(pending);
        HandedOver handed = pending.expiresAtMillis <= now ? null : hand(pending, now);
        if (handed == null) {
            pending.state = pending.expiresAtMillis <= now ? CommandState.EXPIRED : CommandState.QUEUED;
            pending.told = pending.state;
            messages.add(told(pending));
        }
        NoteChange note = pending.note();
        List<NoteChange> all = new ArrayList<>(notes);
        all.add(note);
        Spool.Offer offer = offer(new Written(pending, handed, CommandState.ACCEPTED), messages, all, true);
        if (offer != Spool.Offer.ACCEPTED) {
            book.forget(pending);
            pending.durable.completeExceptionally(new RejectedExecutionException(
                    offer == Spool.Offer.FULL ? "the spool is full" : "the gateway is shutting down"));
        } else {
            pending.noted(note);
            metrics.count(CommandState.ACCEPTED);
            if (pending.state != CommandState.ACCEPTED) {
                metrics.count(pending.state);
            }
            book.settled(pending);
        }
        return pending.durable.thenApply(durable -> status(pending));
    }

    private SpoolMessage told(Pending pending) {
        return CommandRecords.status(voice.statusTopic(), pending.status(), voice.gateway());
    }

    // ---- to the device

    /** Gives it to a connected session, if there is one; the write is still to come. */
    private @Nullable HandedOver hand(Pending pending, long nowMillis) {
        LiveMessage message = pending.message(limits.topicOf(pending.command), nowMillis, System.nanoTime());
        HandedOver handed = router.handOver(message, pending.key.deviceId());
        if (handed != null) {
            book.handed(pending, handed, message);
        }
        return handed;
    }

    private void handAgain(String deviceId) {
        long now = clock.millis();
        for (Pending pending : book.waitingOf(deviceId)) {
            if (pending.expiresAtMillis > now && pending.durable.isDone()) {
                HandedOver handed = hand(pending, now);
                if (handed == null) {
                    return;
                }
                write(pending, handed);
            }
        }
    }

    @Override
    public void arrived(Session session) {
        if (book.hasOpen(session.key().deviceId())) {
            synchronized (this) {
                handAgain(session.key().deviceId());
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

    private synchronized void back(Session session, boolean over) {
        List<Pending> back = book.heldBy(session, over);
        long now = clock.millis();
        for (Pending pending : back) {
            book.take(pending);
            change(pending, CommandState.QUEUED, "", now);
        }
        if (!back.isEmpty()) {
            handAgain(session.key().deviceId());
        }
    }

    @Override
    public void done(long queue, long[] sequences) {
        if (book.isHandedTo(queue)) {
            taken(queue, sequences);
        }
    }

    private synchronized void taken(long queue, long[] sequences) {
        for (long sequence : sequences) {
            Pending pending = book.at(queue, sequence);
            if (pending != null) {
                over(pending);
            }
        }
    }

    @Override
    public synchronized void done(LiveMessage message) {
        Pending pending = book.of(message);
        if (pending != null) {
            over(pending);
        }
    }

    /** What leaves a queue behind its expiry was not sent any more. */
    private void over(Pending pending) {
        long now = clock.millis();
        if (pending.state == CommandState.REFUSED) {
            return;
        }
        boolean expired = pending.queue > 0 && pending.expiresAtMillis <= now;
        change(pending, expired ? CommandState.EXPIRED : CommandState.DELIVERED, "", now);
        handAgain(pending.key.deviceId());
    }

    @Override
    public synchronized void refused(long queue, long sequence, String reason) {
        refused(book.at(queue, sequence), reason);
    }

    @Override
    public synchronized void refused(LiveMessage message, String reason) {
        refused(book.of(message), reason);
    }

    private void refused(@Nullable Pending pending, String reason) {
        if (pending != null) {
            change(pending, CommandState.REFUSED, reason, clock.millis());
        }
    }

    /** The device is no more. */
    public synchronized void deviceDeleted(String deviceId) {
        for (Pending pending : book.allOf(deviceId)) {
            change(pending, CommandState.REFUSED, "device_deleted", clock.millis());
        }
    }

    /** Another gateway has delivered it. */
    synchronized void deliveredElsewhere(String deviceId, String id) {
        Pending pending = book.find(deviceId, id);
        if (pending != null && !pending.state.isFinal()) {
            pending.told = CommandState.DELIVERED; // that is on Kafka already
            change(pending, CommandState.DELIVERED, "", clock.millis());
        }
    }

    // ---- changes

    private void change(Pending pending, CommandState state, String reason, long nowMillis) {
        if (pending.state == state || pending.state.isFinal()) {
            if (!pending.state.isFinal()) {
                write(pending, null);
            }
            return;
        }
        pending.state = state;
        pending.reason = reason;
        pending.changedAtMillis = nowMillis;
        metrics.count(state);
        book.settled(pending);
        write(pending, null);
    }

    /** The note and, when there is something to tell, what is told; without room only the note, and what is told later. */
    private void write(Pending pending, @Nullable HandedOver handed) {
        CommandState before = pending.told;
        List<SpoolMessage> messages = List.of();
        if (pending.state != pending.told) {
            messages = List.of(told(pending));
            pending.told = pending.state;
        }
        Written written = new Written(pending, handed, before);
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

        Written(Pending pending, @Nullable HandedOver handed, CommandState toldBefore) {
            this.pending = pending;
            this.handed = handed;
            this.toldBefore = toldBefore;
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
                synchronized (Commands.this) {
                    handAgain(pending.key.deviceId());
                }
            }
        }

        private void placed(HandedOver to) {
            synchronized (Commands.this) {
                book.placed(pending, to.queue(), to.sequence());
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (handed != null) {
                handed.failed();
            }
            synchronized (Commands.this) {
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

    /**
     * A command on Kafka that is for nobody here: told, and not looked at again.
     *
     * @param notes written with it
     */
    Spool.Offer refuse(Command command, String reason, List<NoteChange> notes) {
        long now = clock.millis();
        CommandStatus status = new CommandStatus(
                command.deviceId(), command.id(), command.name(), CommandState.REFUSED, reason, now, now, now);
        metrics.count(CommandState.REFUSED);
        SpoolMessage told = CommandRecords.status(voice.statusTopic(), status, voice.gateway());
        return spool.offer(SpoolWrite.of(List.of(told), notes), new Forgotten());
    }

    /** Notes alone. */
    Spool.Offer note(List<NoteChange> notes) {
        return spool.offer(SpoolWrite.of(List.of(), notes), new Forgotten());
    }

    CommandLimits limits() {
        return limits;
    }

    String gateway() {
        return voice.gateway();
    }

    // ---- time

    /** Tells what has expired, what could not be told before, and forgets what is old; call it about twice a second. */
    public synchronized void tick() {
        long now = clock.millis();
        for (Pending pending : book.expired(now)) {
            change(pending, CommandState.EXPIRED, "", now);
        }
        for (Pending pending : book.takeUnwritten()) {
            write(pending, null);
            if (!pending.isHanded() && !pending.state.isFinal()) {
                handAgain(pending.key.deviceId());
            }
        }
        List<Pending> old = book.forgettable(
                limits.finishedMax(), now - limits.finishedAgeMax().toMillis());
        if (!old.isEmpty()) {
            forget(old);
        }
    }

    private void forget(List<Pending> old) {
        List<NoteChange> notes = old.stream().map(Pending::forgotten).toList();
        if (spool.offer(SpoolWrite.of(List.of(), notes), new Forgotten()) == Spool.Offer.ACCEPTED) {
            old.forEach(book::forget);
        }
    }

    /** Nobody waits: what is not written now is done again after the next start. */
    private static final class Forgotten implements Spool.Completion {
        @Override
        public void durable(long position) {}

        @Override
        public void failed(Throwable cause) {
            LOG.debug("a note about commands was not written: {}", cause.getMessage());
        }
    }

    // ---- questions

    @Override
    public synchronized Optional<CommandStatus> find(String deviceId, String id) {
        return Optional.ofNullable(book.find(deviceId, id)).map(Pending::status);
    }

    @Override
    public synchronized List<CommandStatus> openOf(String deviceId) {
        return book.allOf(deviceId).stream().map(Pending::status).toList();
    }
}
