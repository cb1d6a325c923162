package io.waymark.resolver.wire;

import io.netty.buffer.ByteBuf;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.message.ResponseCode;
import java.nio.ByteBuffer;
import java.time.Clock;

/**
 * Envelopes and headers of answers written in place, and whole answers that say nothing but a code: {@code envelope 20,
 * header 24, i4 0 (no message), i4 0 (unsigned)}. Any thread.
 */
public final class BriefAnswer {
    /** Octets of an answer without values. */
    public static final int BYTES = EnvelopeCodec.BYTES + HeaderCodec.BYTES + 8;

    private static final int CREDENTIAL_BYTES = 4;
    private static final int RESOLUTION = OpCode.RESOLUTION.code();

    private final int siteSerial;
    private final Clock clock;

    /**
     * @param siteSerial serial number of this node's site record
     * @param clock tells until when answers are valid
     */
    public BriefAnswer(int siteSerial, Clock clock) {
        this.siteSerial = siteSerial;
        this.clock = clock;
    }

    /** Until when answers given now are valid, in seconds since 1970 UTC. */
    int expires() {
        return (int) (clock.millis() / 1000) + HeaderCodec.LIFE_SECONDS;
    }

    /**
     * Answers any request by SERVER_TOO_BUSY, unless that would be longer than the request or the octets are no request.
     *
     * @param in borrowed; the request begins at {@code offset} and is {@code length} long, envelope included
     * @param out written from its position on, which moves
     * @return whether there is an answer
     */
    public boolean busy(ByteBuf in, int offset, int length, ByteBuffer out) {
        if (length < BYTES
                || out.remaining() < BYTES
                || in.getByte(offset) != ProtocolVersion.NEWEST.major()
                || in.getInt(offset + PlainRequest.HEADER_AT + 4) != 0) {
            return false;
        }
        int suggestedMajor = in.getByte(offset + EnvelopeCodec.FLAGS_OFFSET) & EnvelopeCodec.SUGGESTED_MAJOR_MASK;
        int minor = in.getByte(offset + (suggestedMajor == 0 ? 1 : EnvelopeCodec.SUGGESTED_MINOR_OFFSET)) & 0xff;
        int at = out.position();
        int opFlags = in.getInt(offset + PlainRequest.HEADER_AT + 8);
        int requestId = in.getInt(offset + EnvelopeCodec.REQUEST_ID_OFFSET);
        envelope(out, at, Math.min(minor, ProtocolVersion.NEWEST.minor()), requestId, BYTES - EnvelopeCodec.BYTES);
        out.putInt(at + EnvelopeCodec.SESSION_OFFSET, in.getInt(offset + EnvelopeCodec.SESSION_OFFSET));
        header(
                out,
                at + PlainRequest.HEADER_AT,
                in.getInt(offset + PlainRequest.HEADER_AT),
                ResponseCode.SERVER_TOO_BUSY,
                opFlags,
                expires(),
                4);
        finish(out, at);
        return true;
    }

    /** A code for a plain request. */
    void write(PlainRequest request, ByteBuffer out, int at, ResponseCode code, int expires) {
        envelope(out, at, request.answerMinor(), request.requestId(), BYTES - EnvelopeCodec.BYTES);
        header(out, at + PlainRequest.HEADER_AT, RESOLUTION, code, request.opFlags(), expires, 4);
        finish(out, at);
    }

    /** Envelope and header of an answer with values. */
    void begin(PlainRequest request, ByteBuffer out, int at, int bodyBytes, int expires) {
        int messageBytes = HeaderCodec.BYTES + bodyBytes + CREDENTIAL_BYTES;
        envelope(out, at, request.answerMinor(), request.requestId(), messageBytes);
        header(
                out,
                at + PlainRequest.HEADER_AT,
                RESOLUTION,
                ResponseCode.SUCCESS,
                request.opFlags(),
                expires,
                bodyBytes);
    }

    private static void envelope(ByteBuffer out, int at, int minor, int requestId, int messageBytes) {
        out.put(at, (byte) ProtocolVersion.NEWEST.major());
        out.put(at + 1, (byte) minor);
        out.put(at + EnvelopeCodec.FLAGS_OFFSET, (byte) ProtocolVersion.NEWEST.major());
        out.put(at + EnvelopeCodec.SUGGESTED_MINOR_OFFSET, (byte) ProtocolVersion.NEWEST.minor());
        out.putInt(at + EnvelopeCodec.SESSION_OFFSET, 0);
        out.putInt(at + EnvelopeCodec.REQUEST_ID_OFFSET, requestId);
        out.putInt(at + EnvelopeCodec.SEQUENCE_OFFSET, 0);
        out.putInt(at + EnvelopeCodec.LENGTH_OFFSET, messageBytes);
    }

    private void header(
            ByteBuffer out, int at, int opCode, ResponseCode code, int opFlags, int expires, int bodyBytes) {
        out.putInt(at, opCode);
        out.putInt(at + 4, code.code());
        out.putInt(at + 8, (opFlags & OpFlags.ECHOED) | OpFlags.AUTHORITATIVE);
        out.putShort(at + 12, (short) siteSerial);
        out.putShort(at + 14, (short) 0);
        out.putInt(at + 16, expires);
        out.putInt(at + 20, bodyBytes);
    }

    private static void finish(ByteBuffer out, int at) {
        out.putLong(at + PlainRequest.BODY_AT, 0);
        out.position(at + BYTES);
    }
}
