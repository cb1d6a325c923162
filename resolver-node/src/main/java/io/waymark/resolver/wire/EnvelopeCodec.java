package io.waymark.resolver.wire;

import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.nio.ByteBuffer;

/**
 * The message envelope.
 *
 * <pre>
 * off 0  i1 major, i1 minor of this message
 *     2  i1 flags 0x80 compressed, 0x40 encrypted, 0x20 truncated; low 2 bits: suggested major
 *     3  i1 suggested minor (suggested major 0: both are the message's own)
 *     4  i4 session id
 *     8  i4 request id
 *    12  i4 sequence
 *    16  i4 message length, without the envelope
 * </pre>
 *
 * @see "RFC 3652 §2.2.1 Message Envelope"
 */
public final class EnvelopeCodec {
    /** Octets of an envelope. */
    public static final int BYTES = 20;
    /** The longest message, without its envelope. */
    public static final int MAX_MESSAGE_BYTES = 262_144;
    /** Octets of a message in one datagram. */
    public static final int SLICE_BYTES = 492;

    static final int FLAGS_OFFSET = 2;
    static final int SUGGESTED_MINOR_OFFSET = 3;
    /** i4: where the session number lies. */
    public static final int SESSION_OFFSET = 4;

    static final int REQUEST_ID_OFFSET = 8;
    static final int SEQUENCE_OFFSET = 12;
    static final int LENGTH_OFFSET = 16;
    static final int SUGGESTED_MAJOR_MASK = 0x03;
    static final int FLAGS_MASK = 0xe0;

    private EnvelopeCodec() {}

    /**
     * Reads an envelope at the buffer's position and leaves the position behind it. Judges nothing but its length.
     *
     * @throws MalformedMessageException if fewer than {@value #BYTES} octets are left
     */
    public static Envelope decode(ByteBuffer in) throws MalformedMessageException {
        if (in.remaining() < BYTES) {
            throw new MalformedMessageException(
                    Reason.TOO_SHORT, "envelope needs " + BYTES + " octets but only " + in.remaining() + " came");
        }
        ProtocolVersion version = new ProtocolVersion(in.get() & 0xff, in.get() & 0xff);
        int flags = in.get() & 0xff;
        int suggestedMinor = in.get() & 0xff;
        int suggestedMajor = flags & SUGGESTED_MAJOR_MASK;
        ProtocolVersion suggested = suggestedMajor == 0 ? version : new ProtocolVersion(suggestedMajor, suggestedMinor);
        return new Envelope(version, flags & FLAGS_MASK, suggested, in.getInt(), in.getInt(), in.getInt(), in.getInt());
    }

    /** Writes an envelope at the buffer's position. */
    public static void encode(Envelope e, ByteBuffer out) {
        out.put((byte) e.version().major());
        out.put((byte) e.version().minor());
        out.put((byte) ((e.flags() & FLAGS_MASK) | (e.suggested().major() & SUGGESTED_MAJOR_MASK)));
        out.put((byte) e.suggested().minor());
        out.putInt(e.sessionId());
        out.putInt(e.requestId());
        out.putInt(e.sequence());
        out.putInt(e.messageLength());
    }

    /**
     * Judges what an envelope promises.
     *
     * @throws MalformedMessageException if the version is not spoken, the length is out of bounds, or the message is
     *     compressed
     */
    public static void check(Envelope e) throws MalformedMessageException {
        if (!e.version().spoken() || !e.suggested().atLeast(ProtocolVersion.OLDEST)) {
            throw new MalformedMessageException(
                    Reason.VERSION,
                    "protocol version must be in " + ProtocolVersion.OLDEST + ".." + ProtocolVersion.NEWEST
                            + " but was " + e.version() + ", suggesting " + e.suggested());
        }
        if (e.messageLength() < HeaderCodec.BYTES || e.messageLength() > MAX_MESSAGE_BYTES) {
            throw new MalformedMessageException(
                    Reason.LENGTH,
                    "message length must be in " + HeaderCodec.BYTES + ".." + MAX_MESSAGE_BYTES + " but was "
                            + e.messageLength());
        }
        if (e.has(Envelope.COMPRESSED)) {
            throw new MalformedMessageException(Reason.ENCODING, "compressed messages are not read here");
        }
    }
}
