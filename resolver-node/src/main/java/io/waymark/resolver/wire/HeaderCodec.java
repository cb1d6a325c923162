package io.waymark.resolver.wire;

import io.waymark.resolver.message.Header;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.nio.ByteBuffer;

/**
 * The message header.
 *
 * <pre>
 * off 0  i4 opCode
 *     4  i4 responseCode, 0 in a request
 *     8  i4 opFlags
 *    12  i2 serial number of the site record
 *    14  i1 recursion count, i1 reserved
 *    16  i4 expiration, seconds since 1970 UTC
 *    20  i4 body length
 * </pre>
 *
 * @see "RFC 3652 §2.2.2 Message Header"
 */
public final class HeaderCodec {
    /** Octets of a header. */
    public static final int BYTES = 24;
    /** How long an answer is valid: the reference client's own default. */
    public static final int LIFE_SECONDS = 43_200;

    private HeaderCodec() {}

    /**
     * Reads a header at the buffer's position and leaves the position behind it.
     *
     * @throws MalformedMessageException if fewer than {@value #BYTES} octets are left, or the body is said to be longer
     *     than what follows
     */
    public static Header decode(ByteBuffer in) throws MalformedMessageException {
        if (in.remaining() < BYTES) {
            throw new MalformedMessageException(
                    Reason.TOO_SHORT, "header needs " + BYTES + " octets but only " + in.remaining() + " came");
        }
        int opCode = in.getInt();
        int responseCode = in.getInt();
        int opFlags = in.getInt();
        int siteSerial = in.getShort() & 0xffff;
        int recursionCount = in.get() & 0xff;
        in.get();
        int expiration = in.getInt();
        int bodyLength = in.getInt();
        if (bodyLength < 0 || bodyLength > in.remaining()) {
            throw new MalformedMessageException(
                    Reason.LENGTH, "body length must be in 0.." + in.remaining() + " but was " + bodyLength);
        }
        return new Header(opCode, responseCode, opFlags, siteSerial, recursionCount, expiration, bodyLength);
    }

    /** Writes a header at the buffer's position. */
    public static void encode(Header h, ByteBuffer out) {
        out.putInt(h.opCode());
        out.putInt(h.responseCode());
        out.putInt(h.opFlags());
        out.putShort((short) h.siteSerial());
        out.put((byte) h.recursionCount());
        out.put((byte) 0);
        out.putInt(h.expirationSeconds());
        out.putInt(h.bodyLength());
    }
}
