package io.waymark.gateway.command;

import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.Session;
import io.waymark.storage.note.NoteChange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command and what has become of it. Guarded by the lock of the {@link CommandBook}.
 *
 * <p>On disk, big-endian, texts and octets with u2 length in front:
 *
 * <pre>
 * key    u1 'c', device id, command id
 * value  u1 version = 1
 *        u1 state, u1 the state last told
 *        u1 QoS
 *        i8 accepted at, i8 expires at, i8 changed at: milliseconds since 1970 UTC
 *        i8 number of the stored queue it was handed to, 0 = none
 *        32 octets of SHA-256 of what was asked for
 *        name, content type, response topic, correlation data, reason
 *        payload, to the end; nothing when the state is final
 * </pre>
 */
final class Pending {
    /** Whose notes they are. */
    static final byte OWNER = 'c';

    private static final byte VERSION = 1;
    private static final int FIXED_OCTETS = 4 + 4 * Long.BYTES + 32;

    /** Its name among all. */
    record Key(String deviceId, String id) {}

    final Key key;
    final Command command;
    final long acceptedAtMillis;
    final long expiresAtMillis;
    final CompletableFuture<Boolean> durable = new CompletableFuture<>();

    private final byte[] content;
    CommandState state = CommandState.ACCEPTED;
    CommandState told = CommandState.ACCEPTED;
    String reason = "";
    long changedAtMillis;
    private byte @Nullable [] written;

    // where it is; the queue survives a crash
    long queue;
    long sequence;

    @Nullable
    Session session;

    @Nullable
    LiveMessage live;

    Pending(Command command, long nowMillis, long expiresAtMillis) {
        this(command, nowMillis, expiresAtMillis, contentOf(command));
    }

    private Pending(Command command, long acceptedAtMillis, long expiresAtMillis, byte[] content) {
        this.key = new Key(command.deviceId(), command.id());
        this.command = command;
        this.acceptedAtMillis = acceptedAtMillis;
        this.expiresAtMillis = expiresAtMillis;
        this.changedAtMillis = acceptedAtMillis;
        this.content = content;
    }

    /** Whether it asks for the same. */
    boolean isSame(Command other) {
        return Arrays.equals(content, contentOf(other));
    }

    boolean isHanded() {
        return queue > 0 || session != null;
    }

    void taken() {
        queue = 0;
        sequence = 0;
        session = null;
        live = null;
    }

    CommandStatus status() {
        return new CommandStatus(
                key.deviceId(),
                key.id(),
                command.name(),
                state,
                reason,
                acceptedAtMillis,
                expiresAtMillis,
                changedAtMillis);
    }

    /** The message on its topic; its first user property is the command's id. */
    LiveMessage message(String topic, long nowMillis, long nowNanos) {
        MessageProperties properties = new MessageProperties(
                -1,
                1,
                command.contentType(),
                command.responseTopic(),
                command.correlation(),
                List.of(LiveMessage.COMMAND, command.id()));
        long expiresAt = nowNanos + (expiresAtMillis - nowMillis) * 1_000_000;
        return new LiveMessage(topic, command.qos(), false, properties, expiresAt, command.payload());
    }

    // ---- on disk

    /** What the store is told now; {@link #noted} once it will be. */
    NoteChange note() {
        return new NoteChange(key(), encode(), written);
    }

    void noted(NoteChange note) {
        written = note.value();
    }

    /** What makes the store forget it. */
    NoteChange forgotten() {
        return new NoteChange(key(), null, written);
    }

    private byte[] key() {
        byte[] device = key.deviceId().getBytes(StandardCharsets.UTF_8);
        byte[] id = key.id().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(5 + device.length + id.length).put(OWNER);
        return octets(octets(out, device), id).array();
    }

    private byte[] encode() {
        byte[][] texts = {
            command.name().getBytes(StandardCharsets.UTF_8),
            command.contentType().getBytes(StandardCharsets.UTF_8),
            command.responseTopic().getBytes(StandardCharsets.UTF_8),
            command.correlation(),
            reason.getBytes(StandardCharsets.UTF_8)
        };
        byte[] payload = state.isFinal() ? new byte[0] : command.payload();
        int size = FIXED_OCTETS + payload.length;
        for (byte[] text : texts) {
            size += 2 + text.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size)
                .put(VERSION)
                .put(state.code())
                .put(told.code())
                .put((byte) command.qos())
                .putLong(acceptedAtMillis)
                .putLong(expiresAtMillis)
                .putLong(changedAtMillis)
                .putLong(queue)
                .put(content);
        for (byte[] text : texts) {
            octets(out, text);
        }
        return out.put(payload).array();
    }

    /** @throws IllegalArgumentException for anything {@link #note} does not write */
    static Pending decode(byte[] key, byte[] value) {
        try {
            ByteBuffer name = ByteBuffer.wrap(key, 1, key.length - 1);
            String deviceId = text(name);
            String id = text(name);
            ByteBuffer in = ByteBuffer.wrap(value);
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("command note version must be 1 but was " + version);
            }
            CommandState state = CommandState.of(in.get());
            CommandState told = CommandState.of(in.get());
            int qos = in.get();
            long acceptedAt = in.getLong();
            long expiresAt = in.getLong();
            long changedAt = in.getLong();
            long queue = in.getLong();
            byte[] content = new byte[32];
            in.get(content);
            String commandName = text(in);
            String contentType = text(in);
            String responseTopic = text(in);
            byte[] correlation = octets(in);
            String reason = text(in);
            byte[] payload = new byte[in.remaining()];
            in.get(payload);
            long seconds = Math.max(1, (expiresAt - acceptedAt) / 1_000);
            Command command = new Command(
                    deviceId, id, commandName, contentType, qos, seconds, responseTopic, correlation, payload);
            Pending pending = new Pending(command, acceptedAt, expiresAt, content);
            pending.state = state;
            pending.told = told;
            pending.reason = reason;
            pending.changedAtMillis = changedAt;
            pending.queue = queue;
            pending.written = value;
            pending.durable.complete(true);
            return pending;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("command note of " + value.length + " octets ends too early", e);
        }
    }

    private static ByteBuffer octets(ByteBuffer out, byte[] octets) {
        return out.putShort((short) octets.length).put(octets);
    }

    private static byte[] octets(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }

    private static String text(ByteBuffer in) {
        return new String(octets(in), StandardCharsets.UTF_8);
    }

    private static byte[] contentOf(Command command) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : List.of(command.name(), command.contentType(), command.responseTopic())) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            digest.update(ByteBuffer.allocate(16)
                    .putInt(command.qos())
                    .putLong(command.expirySeconds())
                    .putInt(command.correlation().length)
                    .flip());
            digest.update(command.correlation());
            return digest.digest(command.payload());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
