package io.waymark.resolver.client;

import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.MalformedMessageException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/** What the ways of asking have in common. */
final class Exchange {
    /** An answer's octets, envelope first, and what it took to get them. */
    record Result(byte[] frame, Duration roundTrip, int attempts) {}

    private Exchange() {}

    /** Reads one message from a stream. */
    static byte[] readFrame(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        byte[] head = new byte[EnvelopeCodec.BYTES];
        in.readFully(head);
        int length = checkedEnvelope(head).messageLength();
        byte[] frame = new byte[EnvelopeCodec.BYTES + length];
        System.arraycopy(head, 0, frame, 0, head.length);
        in.readFully(frame, head.length, length);
        return frame;
    }

    static Envelope checkedEnvelope(byte[] head) throws IOException {
        try {
            Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(head));
            EnvelopeCodec.check(envelope);
            return envelope;
        } catch (MalformedMessageException e) {
            throw new IOException("answer cannot be read: " + e.getMessage(), e);
        }
    }

    /** A socket timeout for what is left of a call: never 0, which would mean none. */
    static int millisLeft(long deadlineNanos) {
        long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }
}
