package io.waymark.storage.bulk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a record's text stands in the input, so that a refusal can name and quote it.
 *
 * <pre>
 * off 0  u4 segment
 *     4  u4 line in the segment, from 0
 *     8  u4 first octet of the line in the segment
 *    12  u4 octets of the line, without its end
 * </pre>
 *
 * @param segment number of the input's segment, from 0
 * @param line lines of the segment before this one
 * @param at octets of the segment before this line
 * @param length octets of the line
 */
public record TextPlace(int segment, int line, int at, int length) {
    static final int BYTES = 16;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    static TextPlace read(byte[] in, int at) {
        return new TextPlace(int4(in, at), int4(in, at + 4), int4(in, at + 8), int4(in, at + 12));
    }

    /** Appends it. */
    public void put(Octets out) {
        out.putInt(segment).putInt(line).putInt(at).putInt(length);
    }

    static int int4(byte[] in, int at) {
        return (int) INTS.get(in, at);
    }
}
