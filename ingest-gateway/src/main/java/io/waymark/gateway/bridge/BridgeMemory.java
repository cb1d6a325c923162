package io.waymark.gateway.bridge;

import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a bridge remembers across a crash: the filters its session at the upstream has, and the identifiers of QoS 2 messages that are
 * spooled and not yet released. An identifier enters in the commit of its message and before PUBREC, and goes before PUBCOMP, so
 * that a repetition is known as one and an identifier used again is not taken for one.
 *
 * <p>Methods that write return when that is durable; called on Paho's threads and the bridge's, never on the spool's.
 *
 * @see "MQTT 5.0 §4.3.3 QoS 2: Exactly once delivery"
 */
final class BridgeMemory {
    private static final String PREFIX = "\u0000bridge\u001F";
    private static final String NEXT = "\n";
    private static final long WANTED_MILLIS = 200;

    private final String key;
    private final Door door;
    private final Function<Arrival, Door.Message> addressing;
    private final BridgeMetrics metrics;
    private final Map<Integer, CompletableFuture<Long>> identifiers = new ConcurrentHashMap<>();
    private volatile List<String> filters = List.of();

    /** @param key from {@link #key} */
    BridgeMemory(String key, Door door, Function<Arrival, Door.Message> addressing, BridgeMetrics metrics) {
        this.key = key;
        this.door = door;
        this.addressing = addressing;
        this.metrics = metrics;
    }

    /** Under which the session of such a bridge is stored: another upstream or client identifier is another session. */
    static String key(BridgeConfig config) {
        return PREFIX
                + config.name()
                + '\u001F'
                + config.uri().getHost()
                + ':'
                + config.uri().getPort()
                + '\u001F'
                + config.clientId();
    }

    /** Whether a stored session is a bridge's. */
    static boolean isBridge(String storedKey) {
        return storedKey.startsWith(PREFIX);
    }

    /** Found in the store at start. */
    void restore(byte[] state, int[] qos2PacketIds) {
        if (state.length > 0) {
            filters = List.of(new String(state, StandardCharsets.UTF_8).split(NEXT, -1));
        }
        for (int id : qos2PacketIds) {
            identifiers.put(id, CompletableFuture.completedFuture(0L));
        }
    }

    /** What the session at the upstream is subscribed to. */
    List<String> filters() {
        return filters;
    }

    /** Stored and not yet released. */
    int unreleased() {
        return identifiers.size();
    }

    /** Takes a QoS 2 message once, however often it comes. */
    void store(Arrival arrival, BooleanSupplier stillWanted) throws InterruptedException, UpstreamException {
        Door.Message message = addressing.apply(arrival);
        String refusal = door.refusal(message);
        if (refusal != null) {
            reject(message, refusal, stillWanted);
            return;
        }
        int id = arrival.packetId();
        CompletableFuture<Long> written = new CompletableFuture<>();
        CompletableFuture<Long> before = identifiers.putIfAbsent(id, written);
        if (before != null) {
            metrics.duplicate();
            await(before, stillWanted);
            return;
        }
        try {
            offer(c -> door.offer(message, new SessionWrite.AddQos2(key, id), c), written, stillWanted);
            await(written, stillWanted);
        } catch (UpstreamException e) {
            // Unless the outcome is still open, the next delivery is a new attempt.
            if (written.isCompletedExceptionally()) {
                identifiers.remove(id, written);
            }
            throw e;
        }
    }

    private void reject(Door.Message message, String refusal, BooleanSupplier stillWanted)
            throws InterruptedException, UpstreamException {
        metrics.rejected(refusal);
        CompletableFuture<Long> written = new CompletableFuture<>();
        if (door.reject(message, refusal, new Outcome(written))) {
            await(written, stillWanted);
        }
    }

    /** The upstream has released the identifier. */
    void release(int packetId, BooleanSupplier stillWanted) throws InterruptedException, UpstreamException {
        if (identifiers.containsKey(packetId)) {
            write(new SessionWrite.RemoveQos2(key, packetId), stillWanted);
            identifiers.remove(packetId);
        }
    }

    /** The upstream has forgotten the session. */
    void forget(BooleanSupplier stillWanted) throws InterruptedException, UpstreamException {
        if (!identifiers.isEmpty() || !filters.isEmpty()) {
            write(new SessionWrite.DeleteSession(key), stillWanted);
            identifiers.clear();
            filters = List.of();
        }
    }

    /** The session at the upstream has these filters. */
    void subscribed(List<String> now, BooleanSupplier stillWanted) throws InterruptedException, UpstreamException {
        if (!now.equals(filters)) {
            write(
                    new SessionWrite.PutSession(key, String.join(NEXT, now).getBytes(StandardCharsets.UTF_8)),
                    stillWanted);
            filters = List.copyOf(now);
        }
    }

    private void write(SessionWrite change, BooleanSupplier stillWanted)
            throws InterruptedException, UpstreamException {
        CompletableFuture<Long> written = new CompletableFuture<>();
        offer(c -> door.remember(change, c), written, stillWanted);
        await(written, stillWanted);
    }

    /** Until there is room. */
    private static void offer(
            Function<Spool.Completion, Spool.Offer> attempt,
            CompletableFuture<Long> written,
            BooleanSupplier stillWanted)
            throws InterruptedException, UpstreamException {
        Outcome outcome = new Outcome(written);
        while (attempt.apply(outcome) != Spool.Offer.ACCEPTED) {
            if (!stillWanted.getAsBoolean()) {
                String why = "the connection ended before there was room";
                IllegalStateException over = new IllegalStateException(why);
                written.completeExceptionally(over);
                throw new UpstreamException(why, over);
            }
            Thread.sleep(Inbox.RETRY_MILLIS);
        }
    }

    /** Where the topic waits for Kafka, or the disk takes nothing, that may take longer than the connection lasts. */
    private static void await(CompletableFuture<Long> written, BooleanSupplier stillWanted)
            throws InterruptedException, UpstreamException {
        try {
            while (stillWanted.getAsBoolean() || written.isDone()) {
                try {
                    written.get(WANTED_MILLIS, TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    // Asked again whether anybody waits.
                }
            }
        } catch (ExecutionException e) {
            throw notWritten(e);
        }
        String why = "the connection ended before the message could be acknowledged";
        throw new UpstreamException(why, new IllegalStateException(why));
    }

    private static UpstreamException notWritten(ExecutionException e) {
        return new UpstreamException("a message could not be written: " + e.getCause(), e);
    }

    private record Outcome(CompletableFuture<Long> written) implements Spool.Completion {
        @Override
        public void durable(long position) {
            written.complete(position);
        }

        @Override
        public void failed(Throwable cause) {
            written.completeExceptionally(cause);
        }

        /** The upstream waits for its acknowledgement anyway. */
        @Override
        public boolean isPatient() {
            return true;
        }
    }
}
