package io.waymark.resolver.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;

/**
 * Where the parts of a resolution lie in the octets of its request, and whether it is one that can be answered in place: a
 * single, whole, unencrypted message outside any session that asks for no digest and no signature, with nothing odd in
 * its lengths and not too many filters. Used again and again; borrows the buffer until {@link #forget}.
 *
 * <pre>
 * envelope 20, header 24, i4 h, handle (h octets), i4 n, n × i4 index, i4 m, m × (i4 length, type), [i4 0], [i4 0]
 * </pre>
 *
 * <p>The first [i4 0] ends the body of the Chinese client's requests (it has no words of its own to add), the second is the
 * empty credential.
 */
final class PlainRequest {
    static final int HEADER_AT = EnvelopeCodec.BYTES;
    static final int BODY_AT = HEADER_AT + HeaderCodec.BYTES;
    static final int HANDLE_AT = BODY_AT + 4;
    static final int HANDLE_BYTES_MAX = 2048;
    private static final int HANDLE_BYTES_MIN = 3;
    private static final int OP_FLAGS_AT = HEADER_AT + 8;
    private static final int BODY_LENGTH_AT = HEADER_AT + 20;
    /** Index count, type count. */
    private static final int NO_FILTERS_BYTES = 8;
    /** Each is compared with each value of the record; who wants more takes the general path. */
    private static final int FILTERS_MAX = 16;

    private static final int NEEDS_GENERAL_PATH = OpFlags.CERTIFIED | OpFlags.ENCRYPT | OpFlags.REQUEST_DIGEST;

    // valid for one request
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int offset;
    private int handleBytes;
    private int indexes;
    private int types;
    private boolean plain;

    /**
     * Looks at a request.
     *
     * @param from borrowed
     * @param at where the envelope begins
     * @param length octets of the request, envelope included
     * @return whether it can be answered in place; only then the other methods mean anything
     */
    boolean read(ByteBuf from, int at, int length) {
        in = from;
        offset = at;
        plain = length >= HANDLE_AT + NO_FILTERS_BYTES && isPlainMessage(length) && isPlainBody(length);
        return plain;
    }

    void forget() {
        in = Unpooled.EMPTY_BUFFER;
        plain = false;
    }

    private boolean isPlainMessage(int length) {
        return in.getByte(offset) == ProtocolVersion.NEWEST.major()
                && in.getByte(offset + 1) >= ProtocolVersion.OLDEST.minor()
                && (in.getByte(offset + EnvelopeCodec.FLAGS_OFFSET) & EnvelopeCodec.FLAGS_MASK) == 0
                && in.getInt(offset + EnvelopeCodec.SESSION_OFFSET) == 0
                && in.getInt(offset + EnvelopeCodec.LENGTH_OFFSET) == length - EnvelopeCodec.BYTES
                && in.getInt(offset + HEADER_AT) == OpCode.RESOLUTION.code()
                && in.getInt(offset + HEADER_AT + 4) == 0
                && (opFlags() & NEEDS_GENERAL_PATH) == 0
                && answerMinor() >= ProtocolVersion.OLDEST.minor();
    }

    private boolean isPlainBody(int length) {
        handleBytes = in.getInt(offset + BODY_AT);
        int bodyBytes = in.getInt(offset + BODY_LENGTH_AT);
        if (handleBytes < HANDLE_BYTES_MIN
                || handleBytes > HANDLE_BYTES_MAX
                || bodyBytes < 4 + handleBytes + NO_FILTERS_BYTES
                || bodyBytes > length - BODY_AT) {
            return false;
        }
        int bodyEnd = BODY_AT + bodyBytes;
        int filtersAt = HANDLE_AT + handleBytes;
        indexes = in.getInt(offset + filtersAt);
        if (indexes < 0 || indexes > FILTERS_MAX || bodyEnd - filtersAt < NO_FILTERS_BYTES + 4 * indexes) {
            return false;
        }
        types = in.getInt(offset + filtersAt + 4 + 4 * indexes);
        return types >= 0
                && types <= FILTERS_MAX
                && endsBody(typesEnd(filtersAt + NO_FILTERS_BYTES + 4 * indexes, bodyEnd), bodyEnd)
                && isUnsigned(bodyEnd, length);
    }

    /** Where the types end, if every one of them is ASCII and lies within the body; else -1. */
    private int typesEnd(int typesAt, int bodyEnd) {
        int at = typesAt;
        for (int i = 0; i < types; i++) {
            if (bodyEnd - at < 4) {
                return -1;
            }
            int bytes = in.getInt(offset + at);
            at += 4;
            if (bytes < 0 || bytes > bodyEnd - at || !isAscii(at, bytes)) {
                return -1;
            }
            at += bytes;
        }
        return at;
    }

    private boolean isAscii(int at, int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (in.getByte(offset + at + i) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean endsBody(int at, int bodyEnd) {
        return at == bodyEnd || (at == bodyEnd - 4 && in.getInt(offset + at) == 0);
    }

    private boolean isUnsigned(int bodyEnd, int length) {
        return length == bodyEnd || (length == bodyEnd + 4 && in.getInt(offset + bodyEnd) == 0);
    }

    boolean isPlain() {
        return plain;
    }

    ByteBuf in() {
        return in;
    }

    int handleAt() {
        return offset + HANDLE_AT;
    }

    int handleBytes() {
        return handleBytes;
    }

    int requestId() {
        return in.getInt(offset + EnvelopeCodec.REQUEST_ID_OFFSET);
    }

    int opFlags() {
        return in.getInt(offset + OP_FLAGS_AT);
    }

    boolean wantsPublicOnly() {
        return (opFlags() & OpFlags.PUBLIC_ONLY) != 0;
    }

    boolean wantsAll() {
        return (indexes | types) == 0;
    }

    int indexes() {
        return indexes;
    }

    int types() {
        return types;
    }

    int index(int n) {
        return in.getInt(offset + HANDLE_AT + handleBytes + 4 + 4 * n);
    }

    /** Absolute place of the first type's length; each type's octets follow its length, then comes the next. */
    int typesAt() {
        return offset + HANDLE_AT + handleBytes + NO_FILTERS_BYTES + 4 * indexes;
    }

    /** The minor version to answer in; negative if the suggestion is odd. */
    int answerMinor() {
        int suggestedMajor = in.getByte(offset + EnvelopeCodec.FLAGS_OFFSET) & EnvelopeCodec.SUGGESTED_MAJOR_MASK;
        int minor = switch (suggestedMajor) {
            case 0 -> in.getByte(offset + 1) & 0xff;
            case 2 -> in.getByte(offset + EnvelopeCodec.SUGGESTED_MINOR_OFFSET) & 0xff;
            default -> -1;
        };
        return minor == 6 ? -1 : Math.min(minor, ProtocolVersion.NEWEST.minor());
    }
}
