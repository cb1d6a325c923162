package io.waymark.storage.record;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Layout of a record in the store, big-endian. The value list is the wire form of an answer: resolving copies it.
 *
 * <pre>
 * off 0  u1 version = 1
 *     1  u1 flags: bit 0 = every value may be read by anybody
 *     2  u2 spelling length n; 0 when the handle was registered in its folded spelling
 *     4  n bytes: the handle as registered, UTF-8
 *   4+n  i4 value count, values: see {@link HandleValueCodec}
 * </pre>
 *
 * <p>The accessors take a buffer and the absolute offset at which the record starts; they neither allocate nor move the
 * buffer's position, and expect the buffer in its default, big-endian order.
 */
public final class StoredRecord {
    /** What this class writes. */
    public static final int VERSION = 1;
    /** u1. */
    public static final int VERSION_OFFSET = 0;
    /** u1, bits {@link #ALL_PUBLIC}. */
    public static final int FLAGS_OFFSET = 1;
    /** u2. */
    public static final int SPELLING_LENGTH_OFFSET = 2;
    /** UTF-8. */
    public static final int SPELLING_OFFSET = 4;

    /** Flag: every value may be read by anybody, so the list can be sent as it is. */
    public static final int ALL_PUBLIC = 1;

    private StoredRecord() {}

    /** Version octet. */
    public static int version(ByteBuffer buffer, int at) {
        return buffer.get(at + VERSION_OFFSET) & 0xff;
    }

    /** Whether every value may be read by anybody. */
    public static boolean allPublic(ByteBuffer buffer, int at) {
        return (buffer.get(at + FLAGS_OFFSET) & ALL_PUBLIC) != 0;
    }

    /** Length of the spelling; 0 when it is the folded key. */
    public static int spellingLength(ByteBuffer buffer, int at) {
        return buffer.getShort(at + SPELLING_LENGTH_OFFSET) & 0xffff;
    }

    /** Absolute offset of the value list, which reaches to the record's end. */
    public static int valuesOffset(ByteBuffer buffer, int at) {
        return at + SPELLING_OFFSET + spellingLength(buffer, at);
    }

    /**
     * Takes the spelling out of a record that lies at the buffer's position: a resolution answers with the handle as asked.
     * What is no whole record of a known version stays as it is.
     *
     * @param length of the record, at most what the buffer has left
     * @return the record's length from now on
     */
    static int dropSpelling(ByteBuffer buffer, int length) {
        int at = buffer.position();
        if (length < SPELLING_OFFSET || version(buffer, at) != VERSION) {
            return length;
        }
        int spelling = spellingLength(buffer, at);
        if (spelling == 0 || spelling > length - SPELLING_OFFSET) {
            return length;
        }
        int rest = length - SPELLING_OFFSET - spelling;
        buffer.put(at + SPELLING_OFFSET, buffer, at + SPELLING_OFFSET + spelling, rest);
        buffer.putShort(at + SPELLING_LENGTH_OFFSET, (short) 0);
        return length - spelling;
    }

    /** A record as it is stored. */
    public static byte[] encode(Handle handle, List<HandleValue> values) {
        byte[] spelling = handle.canonical().equals(handle.text()) ? new byte[0] : utf8(handle.text());
        byte[] list = HandleValueCodec.encodeList(values);
        return ByteBuffer.allocate(SPELLING_OFFSET + spelling.length + list.length)
                .put((byte) VERSION)
                .put((byte) (values.stream().allMatch(HandleValue::isPublic) ? ALL_PUBLIC : 0))
                .putShort((short) spelling.length)
                .put(spelling)
                .put(list)
                .array();
    }

    /**
     * The value list of a stored record.
     *
     * @throws MalformedRecordException if the octets are no stored record of a known version
     */
    public static List<HandleValue> values(byte[] stored) throws MalformedRecordException {
        ByteBuffer in = checked(stored);
        return HandleValueCodec.decodeList(in.position(valuesOffset(in, 0)));
    }

    /**
     * The handle of a stored record in the spelling it was registered with.
     *
     * @param key its folded handle
     * @throws MalformedRecordException as {@link #values}
     */
    public static Handle handle(byte[] key, byte[] stored) throws MalformedRecordException {
        ByteBuffer in = checked(stored);
        int length = spellingLength(in, 0);
        try {
            return new Handle(
                    length == 0
                            ? new String(key, StandardCharsets.UTF_8)
                            : new String(stored, SPELLING_OFFSET, length, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("stored record has no handle: " + e.getMessage());
        }
    }

    private static ByteBuffer checked(byte[] stored) throws MalformedRecordException {
        ByteBuffer in = ByteBuffer.wrap(stored);
        if (stored.length < SPELLING_OFFSET || valuesOffset(in, 0) > stored.length) {
            throw new MalformedRecordException("stored record of " + stored.length + " bytes is cut short");
        }
        if (version(in, 0) != VERSION) {
            throw new MalformedRecordException(
                    "stored record has version " + version(in, 0) + " but only " + VERSION + " is known");
        }
        return in;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
