package io.waymark.resolver.wire;

import io.waymark.resolver.message.Envelope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests together that came in several datagrams. Slice <i>n</i> holds the octets from <i>n</i>×{@value
 * EnvelopeCodec#SLICE_BYTES}; only slices that really came take memory. Belongs to one event loop.
 *
 * @see "RFC 3652 §2.3 Message Transmission"
 */
public final class FragmentAssembler {
    /**
     * What incomplete requests may cost.
     *
     * @param messages most of them at once
     * @param messagesPerSource most of one address
     * @param bytes most octets held
     * @param ageNanos older ones are forgotten
     */
    public record Limits(int messages, int messagesPerSource, int bytes, long ageNanos) {
        /** 256 messages, 8 per address, 4 MiB, 5 s. */
        public static Limits defaults() {
            return new Limits(256, 8, 4 << 20, 5_000_000_000L);
        }
    }

    /** Why a slice did not complete a request. */
    public enum Outcome {
        /** Others are still to come. */
        WAITING("waiting"),
        /** The message is whole: see {@link FragmentAssembler#take()}. */
        COMPLETE("complete"),
        /** Its number, length or total cannot be. */
        MALFORMED("malformed"),
        /** A limit was reached. */
        REFUSED("refused");

        private final String tag;

        Outcome(String tag) {
            this.tag = tag;
        }

        /** The word in metrics. */
        public String tag() {
            return tag;
        }
    }

    private record Key(InetSocketAddress source, int requestId) {}

    private static final class Partial {
        final int messageLength;
        final byte[][] slices;
        final long bornNanos;
        int missing;
        int bytes;

        Partial(int messageLength, long nowNanos) {
            this.messageLength = messageLength;
            this.slices = new byte[slicesOf(messageLength)][];
            this.missing = slices.length;
            this.bornNanos = nowNanos;
        }
    }

    private final Limits limits;
    private final Map<Key, Partial> partials = new LinkedHashMap<>(); // oldest first
    private final Map<InetAddress, Integer> perSource = new HashMap<>();
    private int bytes;
    private byte @Nullable [] whole;

    /**
     * @param limits what incomplete requests may cost
     */
    public FragmentAssembler(Limits limits) {
        this.limits = limits;
    }

    /** Datagrams a message of this length takes. */
    public static int slicesOf(int messageLength) {
        return (messageLength + EnvelopeCodec.SLICE_BYTES - 1) / EnvelopeCodec.SLICE_BYTES;
    }

    /**
     * Takes one slice.
     *
     * @param envelope of the datagram, its length within the protocol's bounds
     * @param slice what followed the envelope; kept
     */
    public Outcome add(InetSocketAddress source, Envelope envelope, byte[] slice, long nowNanos) {
        expire(nowNanos);
        int number = envelope.sequence();
        int slices = slicesOf(envelope.messageLength());
        if (number < 0 || number >= slices || slice.length != expectedBytes(envelope.messageLength(), number)) {
            return Outcome.MALFORMED;
        }
        Key key = new Key(source, envelope.requestId());
        Partial partial = partials.get(key);
        if (partial == null) {
            partial = open(key, envelope.messageLength(), nowNanos);
        } else if (partial.messageLength != envelope.messageLength()) {
            return Outcome.MALFORMED;
        }
        if (partial == null || bytes + slice.length > limits.bytes()) {
            return Outcome.REFUSED;
        }
        return place(key, partial, number, slice);
    }

    private Outcome place(Key key, Partial partial, int number, byte[] slice) {
        if (partial.slices[number] != null) {
            return Outcome.WAITING; // sent again
        }
        partial.slices[number] = slice;
        partial.missing--;
        partial.bytes += slice.length;
        bytes += slice.length;
        if (partial.missing > 0) {
            return Outcome.WAITING;
        }
        partials.remove(key);
        forget(key, partial);
        whole = join(partial);
        return Outcome.COMPLETE;
    }

    /** The request that the last slice completed. */
    public byte[] take() {
        byte[] taken = whole;
        if (taken == null) {
            throw new IllegalStateException("take() without a COMPLETE");
        }
        whole = null;
        return taken;
    }

    /** Incomplete requests held. */
    public int pending() {
        return partials.size();
    }

    /** Octets held. */
    public int pendingBytes() {
        return bytes;
    }

    private @Nullable Partial open(Key key, int messageLength, long nowNanos) {
        int ofSource = perSource.getOrDefault(key.source().getAddress(), 0);
        if (partials.size() >= limits.messages() || ofSource >= limits.messagesPerSource()) {
            return null;
        }
        Partial partial = new Partial(messageLength, nowNanos);
        partials.put(key, partial);
        perSource.put(key.source().getAddress(), ofSource + 1);
        return partial;
    }

    private void expire(long nowNanos) {
        Iterator<Map.Entry<Key, Partial>> oldest = partials.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Key, Partial> entry = oldest.next();
            if (nowNanos - entry.getValue().bornNanos < limits.ageNanos()) {
                return;
            }
            oldest.remove();
            forget(entry.getKey(), entry.getValue());
        }
    }

    private void forget(Key key, Partial partial) {
        bytes -= partial.bytes;
        perSource.computeIfPresent(key.source().getAddress(), (source, count) -> count == 1 ? null : count - 1);
    }

    private static int expectedBytes(int messageLength, int number) {
        return Math.min(EnvelopeCodec.SLICE_BYTES, messageLength - number * EnvelopeCodec.SLICE_BYTES);
    }

    private static byte[] join(Partial partial) {
        ByteBuffer out = ByteBuffer.allocate(partial.messageLength);
        for (byte[] slice : partial.slices) {
            out.put(slice);
        }
        return out.array();
    }
}
