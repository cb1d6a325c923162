package io.waymark.gateway.command;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.command.CommandRefusedException.Why;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.CommandWatch;
import io.waymark.gateway.session.HandedOver;
import io.waymark.gateway.session.LiveRouter;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.SessionRestore;
import io.waymark.storage.note.NoteChange;
import io.waymark.storage.spool.Spool;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All commands of this gateway: which are accepted, what became of them, and their time. {@link CommandHandOver} gives them to
 * sessions, {@link CommandJournal} writes every change.
 *
 * <p>Any thread; one lock, that of the book, under which nothing blocks.
 */
public final class Commands implements CommandDoor {
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
    private final Function<String, Known> devices;
    private final CommandMetrics metrics;
    private final Clock clock;
    private final CommandBook book = new CommandBook();
    private final CommandJournal journal;
    private final CommandHandOver handOver;

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
        this.devices = devices;
        this.clock = clock;
        this.metrics = new CommandMetrics(registry);
        this.journal = new CommandJournal(voice, spool, book, deliver, metrics);
        this.handOver = new CommandHandOver(limits, router, book, journal, clock);
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

    private int open() {
        synchronized (book) {
            return book.open();
        }
    }

    /** What is to hear of the sessions commands are handed to. */
    public CommandWatch watch() {
        return handOver;
    }

    // ---- the start

    /** An entry of a session's queue, found at start. */
    public void found(long queue, long sequence, byte[] entry) {
        if (!book.isHandedTo(queue)) {
            return;
        }
        LiveMessage message = SessionRestore.message(entry);
        if (message != null && message.isCommand()) {
            synchronized (book) {
                book.found(queue, sequence, message, limits);
            }
        }
    }

    /**
     * Every entry was found. What had been put into a queue and is not there any more was acknowledged just before the end, or
     * expired there.
     */
    public void restored(SessionRestore sessions) {
        long now = clock.millis();
        synchronized (book) {
            for (Pending pending : book.openOnes()) {
                if (pending.queue > 0 && !sessions.hasQueue(pending.queue)) {
                    book.take(pending);
                    journal.change(pending, CommandState.QUEUED, "", now);
                } else if (pending.queue > 0 && pending.sequence == 0) {
                    boolean expired = pending.expiresAtMillis <= now;
                    journal.change(pending, expired ? CommandState.EXPIRED : CommandState.DELIVERED, "", now);
                } else if (pending.state != pending.told) {
                    book.unwritten(pending);
                }
            }
            LOG.info("{} commands wait for their devices", book.open());
        }
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
        synchronized (book) {
            Pending before = book.find(command.deviceId(), command.id());
            if (before != null) {
                return again(before, command);
            }
            if (!hasRoomFor(command)) {
                metrics.count(CommandState.REFUSED);
                return CompletableFuture.failedFuture(tooMany());
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
        return status(before);
    }

    private boolean hasRoomFor(Command command) {
        return book.openOf(command.deviceId()) < limits.openPerDeviceMax()
                && book.open() < limits.openMax()
                && book.openOctets() + command.payload().length <= limits.openBytesMax();
    }

    private CommandRefusedException tooMany() {
        return new CommandRefusedException(
                Why.TOO_MANY_COMMANDS,
                "too many commands wait: at most "
                        + limits.openPerDeviceMax() + " of a device, " + limits.openMax() + " and "
                        + limits.openBytesMax() + " octets in all");
    }

    private CompletableFuture<CommandStatus> begin(
            Command command, boolean own, List<NoteChange> notes, long sinceMillis) {
        long now = clock.millis();
        Pending pending = new Pending(command, now, sinceMillis + command.expirySeconds() * 1_000);
        book.add(pending);
        HandedOver handed = pending.expiresAtMillis <= now ? null : handOver.hand(pending, now);
        journal.begin(pending, handed, own, notes, () -> handOver.again(command.deviceId()));
        return status(pending);
    }

    /** As it stands when it is durable. */
    private CompletableFuture<CommandStatus> status(Pending pending) {
        return pending.durable.thenApply(durable -> {
            synchronized (book) {
                return pending.status();
            }
        });
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
        return journal.refuse(status, notes);
    }

    /** Notes alone. */
    Spool.Offer note(List<NoteChange> notes) {
        return journal.note(notes);
    }

    CommandLimits limits() {
        return limits;
    }

    String gateway() {
        return voice.gateway();
    }

    // ---- what happens elsewhere

    /** The device is no more. */
    public void deviceDeleted(String deviceId) {
        synchronized (book) {
            for (Pending pending : book.allOf(deviceId)) {
                journal.change(pending, CommandState.REFUSED, "device_deleted", clock.millis());
            }
        }
    }

    /** Another gateway has delivered it. */
    void deliveredElsewhere(String deviceId, String id) {
        synchronized (book) {
            Pending pending = book.find(deviceId, id);
            if (pending != null && !pending.state.isFinal()) {
                pending.told = CommandState.DELIVERED; // that is on Kafka already
                journal.change(pending, CommandState.DELIVERED, "", clock.millis());
            }
        }
    }

    // ---- time

    /** Tells what has expired, what could not be told before, and forgets what is old; call it about twice a second. */
    public void tick() {
        long now = clock.millis();
        synchronized (book) {
            for (Pending pending : book.expired(now)) {
                journal.change(pending, CommandState.EXPIRED, "", now);
            }
            for (Pending pending : book.takeUnwritten()) {
                journal.write(pending, null);
                if (!pending.isHanded() && !pending.state.isFinal()) {
                    handOver.again(pending.key.deviceId());
                }
            }
            forget(book.forgettable(
                    limits.finishedMax(), now - limits.finishedAgeMax().toMillis()));
        }
    }

    private void forget(List<Pending> old) {
        if (old.isEmpty()) {
            return;
        }
        List<NoteChange> notes = old.stream().map(Pending::forgotten).toList();
        if (journal.note(notes) == Spool.Offer.ACCEPTED) {
            old.forEach(book::forget);
        }
    }

    // ---- questions

    @Override
    public Optional<CommandStatus> find(String deviceId, String id) {
        synchronized (book) {
            return Optional.ofNullable(book.find(deviceId, id)).map(Pending::status);
        }
    }

    @Override
    public List<CommandStatus> openOf(String deviceId) {
        synchronized (book) {
            return book.allOf(deviceId).stream().map(Pending::status).toList();
        }
    }
}
