package io.waymark.identifier.handle;

import java.nio.ByteBuffer;

/**
 * The data of an {@code HS_ADMIN} value: who may administer the handle, and how far.
 *
 * <pre>
 * off 0  i2 permissions, bits of this class
 *     2  i4 length, administrator's handle (UTF-8)
 *     …  i4 index of the administrator's key in that handle; 0: any key of that handle
 *     …  0 or 2 octets: very old records end in two more, which are ignored
 * </pre>
 *
 * @param permissions bits of this class, 0…{@value #ALL}
 * @param handle the administrator's handle as written
 * @param index the key's index, 0 or more
 * @see "RFC 3651 §3.2.1 Handle Administrator: HS_ADMIN"
 */
public record AdminRecord(int permissions, String handle, int index) {
    /** The type of a value that holds an administrator. */
    public static final String TYPE = "HS_ADMIN";

    /** May create handles under the prefix. */
    public static final int ADD_HANDLE = 0x001;
    /** May delete handles. */
    public static final int DELETE_HANDLE = 0x002;
    /** May create derived prefixes. */
    public static final int ADD_DERIVED_PREFIX = 0x004;
    /** May delete derived prefixes. */
    public static final int DELETE_DERIVED_PREFIX = 0x008;
    /** May change values that are no administrators. */
    public static final int MODIFY_VALUE = 0x010;
    /** May remove values that are no administrators. */
    public static final int REMOVE_VALUE = 0x020;
    /** May add values that are no administrators. */
    public static final int ADD_VALUE = 0x040;
    /** May change administrators. */
    public static final int MODIFY_ADMIN = 0x080;
    /** May remove administrators. */
    public static final int REMOVE_ADMIN = 0x100;
    /** May add administrators. */
    public static final int ADD_ADMIN = 0x200;
    /** May read values that only administrators read. */
    public static final int READ_VALUE = 0x400;
    /** May list the handles under the prefix. */
    public static final int LIST_HANDLES = 0x800;
    /** Everything. */
    public static final int ALL = 0xfff;

    private static final int IGNORED_TAIL = 2;

    /** Refuses permissions outside 16 bits and negative indexes. */
    public AdminRecord {
        if (permissions < 0 || permissions > 0xffff) {
            throw new IllegalArgumentException("permissions must be in 0..65535 but were " + permissions);
        }
        if (index < 0) {
            throw new IllegalArgumentException("administrator index must not be negative but was " + index);
        }
    }

    /** Whether every bit of {@code wanted} is granted. */
    public boolean allows(int wanted) {
        return (permissions & wanted) == wanted;
    }

    /** The administrator as {@code index:handle} reference. */
    public ValueReference reference() {
        return new ValueReference(handle, index);
    }

    /** The octets of the value's data. */
    public byte[] encode() {
        byte[] name = HandleValueCodec.utf8(handle);
        ByteBuffer out = ByteBuffer.allocate(2 + 4 + name.length + 4);
        out.putShort((short) permissions);
        HandleValueCodec.putBytes(out, name);
        out.putInt(index);
        return out.array();
    }

    /**
     * Reads the data of an {@code HS_ADMIN} value.
     *
     * @throws MalformedRecordException if it is cut short, has a negative index, or more than two octets behind it
     */
    public static AdminRecord decode(byte[] data) throws MalformedRecordException {
        ByteBuffer in = ByteBuffer.wrap(data);
        HandleValueCodec.need(in, 2, "administrator permissions");
        int permissions = in.getShort() & 0xffff;
        String handle = HandleValueCodec.getText(in, "administrator handle");
        HandleValueCodec.need(in, 4, "administrator index");
        int index = in.getInt();
        if (index < 0) {
            throw new MalformedRecordException("administrator index must not be negative but was " + index);
        }
        if (in.remaining() != 0 && in.remaining() != IGNORED_TAIL) {
            throw new MalformedRecordException("administrator must end or have " + IGNORED_TAIL
                    + " old octets behind its index but has " + in.remaining());
        }
        return new AdminRecord(permissions, handle, index);
    }
}
