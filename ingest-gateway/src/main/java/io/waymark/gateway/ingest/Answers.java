package io.waymark.gateway.ingest;

import io.waymark.storage.note.NoteChange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What requests with a key were answered: in memory, and on disk as notes written with the messages they are about. The oldest go
 * when there are too many or when they are too old. One thread at a time.
 *
 * <pre>
 * key    u1 'i', 16 octets of SHA-256 of device id and idempotency key, each with its i4 length in front
 * value  u1 version = 1
 *        16 octets of SHA-256 of topic, content type, payloads
 *        16 octets of SHA-256 of the device id
 *        i8 when, milliseconds since 1970 UTC
 *        i8 position of the first message
 *        i4 number of messages
 * </pre>
 */
final class Answers {
    /** Whose notes they are. */
    static final byte OWNER = 'i';

    private static final byte VERSION = 1;
    private static final int POSITION_AT = 1 + 2 * Fingerprint.OCTETS + Long.BYTES;
    private static final int OCTETS = POSITION_AT + Long.BYTES + Integer.BYTES;
    /** Most forgotten at once, so that no request pays for all. */
    private static final int FORGOTTEN_AT_ONCE = 4;

    /** One request and, sooner or later, its receipt. */
    static final class Answer {
        private final Fingerprint name;
        private final Fingerprint content;
        private final Fingerprint device;
        private final long atMillis;
        private final int messages;
        private final CompletableFuture<Receipt> receipt;
        private List<Answer> forgets = List.of();

        private Answer(Fingerprint name, Fingerprint content, Fingerprint device, long atMillis, int messages) {
            this.name = name;
            this.content = content;
            this.device = device;
            this.atMillis = atMillis;
            this.messages = messages;
            this.receipt = new CompletableFuture<>();
        }

        boolean isOf(Fingerprint other) {
            return content.equals(other);
        }

        /** Fails when the messages could not be made durable. */
        CompletableFuture<Receipt> receipt() {
            return receipt;
        }

        void settle(long position) {
            receipt.complete(new Receipt(position, messages, false));
        }

        private byte[] key() {
            return name.write(ByteBuffer.allocate(1 + Fingerprint.OCTETS).put(OWNER))
                    .array();
        }

        private byte[] value() {
            ByteBuffer out = ByteBuffer.allocate(OCTETS).put(VERSION);
            Receipt known = receipt.getNow(new Receipt(0, messages, false));
            return device.write(content.write(out))
                    .putLong(atMillis)
                    .putLong(known.position())
                    .putInt(messages)
                    .array();
        }
    }

    private final IngestLimits limits;
    // In the order in which they came.
    private final Map<Fingerprint, Answer> byName = new LinkedHashMap<>();
    private final Map<Fingerprint, ArrayDeque<Answer>> byDevice = new HashMap<>();
    private final Runnable tooMany;

    /** @param tooMany told of each that went before its time */
    Answers(IngestLimits limits, Runnable tooMany) {
        this.limits = limits;
        this.tooMany = tooMany;
    }

    int size() {
        return byName.size();
    }

    /**
     * A note found at start.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    void restore(byte[] key, byte[] value) {
        if (key.length != 1 + Fingerprint.OCTETS || value.length != OCTETS || value[0] != VERSION) {
            throw new IllegalArgumentException(
                    "an answer must be version " + VERSION + " of " + OCTETS + " octets but has " + value.length);
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, OCTETS - 1);
        Fingerprint content = Fingerprint.read(in);
        Fingerprint device = Fingerprint.read(in);
        Fingerprint name = Fingerprint.read(ByteBuffer.wrap(key, 1, Fingerprint.OCTETS));
        long atMillis = in.getLong();
        long position = in.getLong();
        Answer answer = new Answer(name, content, device, atMillis, in.getInt());
        answer.settle(position);
        add(answer);
    }

    /** Puts what was restored into the order in which it came; once, behind the last {@link #restore}. */
    void restored() {
        List<Answer> all = new ArrayList<>(byName.values());
        all.sort((one, other) -> Long.compare(one.atMillis, other.atMillis));
        byName.clear();
        byDevice.clear();
        all.forEach(this::add);
    }

    private void add(Answer answer) {
        byName.put(answer.name, answer);
        byDevice.computeIfAbsent(answer.device, device -> new ArrayDeque<>(2)).add(answer);
    }

    /** The request of that name, or null when none is remembered. */
    @Nullable
    Answer find(Fingerprint name, long nowMillis) {
        Answer answer = byName.get(name);
        return answer == null || isOver(answer, nowMillis) ? null : answer;
    }

    private boolean isOver(Answer answer, long nowMillis) {
        return nowMillis - answer.atMillis >= limits.keyAgeMax().toMillis();
    }

    /** A request that nobody knows, from now on known; {@link #abandon} it unless its changes are written. */
    Answer begin(IngestRequest request, Fingerprint name, Fingerprint content, long nowMillis) {
        Answer old = byName.get(name);
        if (old != null) {
            abandon(old);
        }
        Answer answer = new Answer(
                name,
                content,
                Fingerprint.ofDevice(request.deviceId()),
                nowMillis,
                request.payloads().size());
        add(answer);
        return answer;
    }

    /**
     * What is to be written with its messages: itself, and that others are forgotten, which they are when it is
     * {@link #accepted}.
     */
    List<NoteChange> changes(Answer answer, long nowMillis) {
        answer.forgets = leaving(answer, nowMillis);
        List<NoteChange> changes = new ArrayList<>(1 + answer.forgets.size());
        changes.add(new NoteChange(answer.key(), answer.value(), null, POSITION_AT));
        for (Answer other : answer.forgets) {
            changes.add(new NoteChange(other.key(), null, other.value()));
        }
        return changes;
    }

    private List<Answer> leaving(Answer answer, long nowMillis) {
        List<Answer> leaving = new ArrayList<>(1);
        int surplus = byName.size() - limits.keysMax();
        for (Answer oldest : byName.values()) {
            boolean goes = surplus > leaving.size() || isOver(oldest, nowMillis);
            if (!goes || !oldest.receipt.isDone() || leaving.size() == FORGOTTEN_AT_ONCE) {
                break;
            }
            leaving.add(oldest);
        }
        ArrayDeque<Answer> own = byDevice.getOrDefault(answer.device, new ArrayDeque<>(0));
        if (own.size() > limits.keysPerDeviceMax()
                && own.getFirst().receipt.isDone()
                && !leaving.contains(own.getFirst())) {
            leaving.add(own.getFirst());
        }
        return leaving;
    }

    /** Its changes will be written. */
    void accepted(Answer answer, long nowMillis) {
        for (Answer other : answer.forgets) {
            if (!isOver(other, nowMillis)) {
                tooMany.run();
            }
            abandon(other);
        }
        answer.forgets = List.of();
    }

    /** Its messages are not durable, or it is forgotten. */
    void abandon(Answer answer) {
        if (byName.remove(answer.name, answer)) {
            ArrayDeque<Answer> own = byDevice.get(answer.device);
            if (own != null) {
                own.remove(answer);
                if (own.isEmpty()) {
                    byDevice.remove(answer.device);
                }
            }
        }
    }
}
