package io.waymark.identifier.handle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Handle values as octets, on the wire and in the store.
 *
 * <pre>
 * array(HandleValue) = i4 count, count × HandleValue
 * HandleValue:
 *   off 0  i4 index
 *       4  i4 timestamp, seconds since 1970 UTC
 *       8  i1 ttl type: 0 relative, 1 absolute
 *       9  i4 ttl, seconds
 *      13  i1 permissions
 *      14  i4 type length, type (UTF-8)
 *       …  i4 data length, data
 *       …  i4 reference count, each: i4 length, handle (UTF-8), i4 index
 * </pre>
 *
 * @see "RFC 3652 §2.2.3 and RFC 3651 §3.1"
 */
public final class HandleValueCodec {
    /** Offset of the permissions octet in an encoded value. */
    public static final int PERMISSIONS_OFFSET = 13;
    /** Offset of the type's length in an encoded value. */
    public static final int TYPE_LENGTH_OFFSET = 14;
    /** The smallest encoded value. */
    public static final int MIN_BYTES = 26;
    /** Most values in one record or message. */
    public static final int MAX_VALUES = 2048;
    /** Longest type, data or reference, in bytes. */
    public static final int MAX_FIELD_BYTES = 1 << 20;

    private HandleValueCodec() {}

    /** Encodes a value list with its count. */
    public static byte[] encodeList(List<HandleValue> values) {
        int size = 4;
        for (HandleValue v : values) {
            size += encodedSize(v);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(values.size());
        for (HandleValue v : values) {
            encode(v, out);
        }
        return out.array();
    }

    /** Octets that {@link #encode} writes for the value. */
    public static int encodedSize(HandleValue v) {
        int size = MIN_BYTES + utf8(v.type()).length + v.data().length;
        for (ValueReference r : v.references()) {
            size += 8 + utf8(r.handle()).length;
        }
        return size;
    }

    /** Writes one value at the buffer's position. */
    public static void encode(HandleValue v, ByteBuffer out) {
        out.putInt(v.index());
        out.putInt(v.timestampSeconds());
        out.put((byte) (v.ttl().absolute() ? 1 : 0));
        out.putInt(v.ttl().seconds());
        out.put((byte) v.permissions());
        putBytes(out, utf8(v.type()));
        putBytes(out, v.data());
        putReferences(out, v.references());
    }

    /**
     * Reads a counted value list from the buffer's position and leaves the position behind it.
     *
     * @throws MalformedRecordException if a length or count runs past the end or its bound
     */
    public static List<HandleValue> decodeList(ByteBuffer in) throws MalformedRecordException {
        int count = getCount(in, MAX_VALUES, "value count");
        List<HandleValue> values = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            values.add(decode(in));
        }
        return values;
    }

    /**
     * Reads one value.
     *
     * @throws MalformedRecordException as {@link #decodeList}
     */
    public static HandleValue decode(ByteBuffer in) throws MalformedRecordException {
        need(in, TYPE_LENGTH_OFFSET, "value");
        int index = in.getInt();
        if (index < 1) {
            throw new MalformedRecordException("value index must be at least 1 but was " + index);
        }
        int timestamp = in.getInt();
        boolean absolute = absolute(in.get());
        int ttl = in.getInt();
        int permissions = in.get() & 0xff;
        String type = getText(in, "type");
        byte[] data = getBytes(in, "data");
        List<ValueReference> references = decodeReferences(in);
        return new HandleValue(index, type, data, new TimeToLive(absolute, ttl), timestamp, permissions, references);
    }

    private static boolean absolute(byte ttlType) throws MalformedRecordException {
        if (ttlType != 0 && ttlType != 1) {
            throw new MalformedRecordException("ttl type must be 0 or 1 but was " + ttlType);
        }
        return ttlType == 1;
    }

    /** Encodes a counted reference list: the data of an {@code HS_VLIST} value. */
    public static byte[] encodeReferences(List<ValueReference> references) {
        int size = 4;
        for (ValueReference r : references) {
            size += 8 + utf8(r.handle()).length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        putReferences(out, references);
        return out.array();
    }

    /**
     * Reads a counted reference list from the buffer's position: the data of an {@code HS_VLIST} value.
     *
     * @throws MalformedRecordException as {@link #decodeList}
     */
    public static List<ValueReference> decodeReferences(ByteBuffer in) throws MalformedRecordException {
        int count = getCount(in, MAX_VALUES, "reference count");
        List<ValueReference> references = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String handle = getText(in, "reference");
            need(in, 4, "reference index");
            references.add(new ValueReference(handle, in.getInt()));
        }
        return references;
    }

    private static void putReferences(ByteBuffer out, List<ValueReference> references) {
        out.putInt(references.size());
        for (ValueReference r : references) {
            putBytes(out, utf8(r.handle()));
            out.putInt(r.index());
        }
    }

    /** Reads {@code i4 length + UTF-8}, refusing what is no UTF-8: it could not be written back. */
    static String getText(ByteBuffer in, String what) throws MalformedRecordException {
        byte[] bytes = getBytes(in, what);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(utf8(text), bytes)) {
            throw new MalformedRecordException(what + " is no UTF-8");
        }
        return text;
    }

    /** Reads {@code i4 length + bytes}. */
    static byte[] getBytes(ByteBuffer in, String what) throws MalformedRecordException {
        int length = getCount(in, MAX_FIELD_BYTES, what + " length");
        need(in, length, what);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static int getCount(ByteBuffer in, int max, String what) throws MalformedRecordException {
        need(in, 4, what);
        int count = in.getInt();
        if (count < 0 || count > max) {
            throw new MalformedRecordException(what + " must be in 0.." + max + " but was " + count);
        }
        return count;
    }

    static void need(ByteBuffer in, int bytes, String what) throws MalformedRecordException {
        if (in.remaining() < bytes) {
            throw new MalformedRecordException(
                    what + " needs " + bytes + " bytes but only " + in.remaining() + " are left");
        }
    }

    static void putBytes(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length);
        out.put(bytes);
    }

    static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
