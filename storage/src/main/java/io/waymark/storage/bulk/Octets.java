package io.waymark.storage.bulk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing row of octets, integers big-endian. One thread. */
public final class Octets {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private byte[] array;
    private int size;

    /** @param bytesExpected taken at the start */
    public Octets(int bytesExpected) {
        this.array = new byte[Math.max(16, bytesExpected)];
    }

    /** Appends an octet. */
    public Octets putByte(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    /** Appends two octets. */
    public Octets putShort(int value) {
        room(2);
        SHORTS.set(array, size, (short) value);
        size += 2;
        return this;
    }

    /** Appends four octets. */
    public Octets putInt(int value) {
        room(4);
        INTS.set(array, size, value);
        size += 4;
        return this;
    }

    /** Appends a part of an array. */
    public Octets put(byte[] bytes, int at, int length) {
        room(length);
        System.arraycopy(bytes, at, array, size, length);
        size += length;
        return this;
    }

    /** Appends an array. */
    public Octets put(byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    /** Overwrites four octets. */
    public void setInt(int at, int value) {
        INTS.set(array, at, value);
    }

    /** Overwrites two octets. */
    public void setShort(int at, int value) {
        SHORTS.set(array, at, (short) value);
    }

    /** Overwrites an octet. */
    public void setByte(int at, int value) {
        array[at] = (byte) value;
    }

    /** Four octets. */
    public int getInt(int at) {
        return (int) INTS.get(array, at);
    }

    /** Two octets, unsigned. */
    public int getShort(int at) {
        return (short) SHORTS.get(array, at) & 0xffff;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** Forgets all behind the first n. */
    public void truncate(int n) {
        size = n;
    }

    /** The octets themselves, up to {@link #size}; replaced when the row grows. */
    public byte[] array() {
        return array;
    }

    private void room(int more) {
        if (array.length - size < more) {
            long wanted = Math.max((long) size + more, array.length * 3L / 2);
            if ((long) size + more > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("a run must stay below 2 GiB");
            }
            array = Arrays.copyOf(array, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }
}
