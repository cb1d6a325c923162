package io.waymark.storage.spool;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;

/** SKELETON: signatures are the contract, bodies follow. */
public final class Spool implements AutoCloseable {
    /** Whether a write was taken. */
    public enum Offer {
        /** The callback will be called exactly once. */
        ACCEPTED,
        /** No room; the callback will not be called. */
        FULL,
        /** Closing; the callback will not be called. */
        CLOSED
    }

    /** Told on the spool's writer thread; must not block. */
    public interface Completion {
        /** The write is fsynced. position = the message's place, or 0 for a write without message. */
        void durable(long position);

        /** The write did not happen and will not. */
        void failed(Throwable cause);
    }

    /** A persistent session as found at start. */
    public record StoredSession(String clientId, byte[] state, int[] qos2PacketIds) {}

    public static Spool open(SpoolConfig config, MeterRegistry metrics) {
        throw new UnsupportedOperationException("being built");
    }

    /** Any thread. Order of ACCEPTED offers of one thread = order of positions and of completions. */
    public Offer offer(SpoolWrite write, Completion completion) {
        throw new UnsupportedOperationException("being built");
    }

    /** Durable entries from position on (inclusive), at most maxEntries and about maxBytes of payload. Forwarder thread. */
    public List<SpoolEntry> read(long position, int maxEntries, long maxBytes) {
        throw new UnsupportedOperationException("being built");
    }

    /** Waits until lastDurable() >= position, or time is up. */
    public boolean awaitPosition(long position, Duration timeout) throws InterruptedException {
        throw new UnsupportedOperationException("being built");
    }

    /** Entries up to and including position are committed in Kafka; they go after the retention. */
    public void trim(long position) {
        throw new UnsupportedOperationException("being built");
    }

    /** Lowest position still held; lastDurable() + 1 when empty. */
    public long first() {
        throw new UnsupportedOperationException("being built");
    }

    /** Highest durable position, 0 if there never was one. */
    public long lastDurable() {
        throw new UnsupportedOperationException("being built");
    }

    /** An id made when the spool was created; positions mean something only together with it. */
    public String epoch() {
        throw new UnsupportedOperationException("being built");
    }

    /** Visits every stored session; at start. */
    public void sessions(java.util.function.Consumer<StoredSession> visitor) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }
}
