package io.waymark.storage.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * 64-bit hash and comparison of octets in any buffer, eight at a time, without allocating. Multiply-and-fold, as in
 * wyhash; the seed is drawn per process, because who registers names must not choose buckets.
 */
final class KeyHash {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long K1 = 0xa0761d6478bd642fL;
    private static final long K2 = 0xe7037ed1a0b428dbL;

    private final long seed;

    KeyHash(long seed) {
        this.seed = seed;
    }

    /** Hash of {@code length} octets from absolute index {@code at}. */
    long hash(ByteBuffer buffer, int at, int length) {
        long h = seed ^ (length * K2);
        int last = at + length - Long.BYTES;
        for (int i = at; i < last; i += Long.BYTES) {
            h = fold(h ^ word(buffer, i), K1) + K2;
        }
        long tail = length >= Long.BYTES ? word(buffer, last) : shortWord(buffer, at, length);
        return fold(fold(h ^ tail, K1) ^ length, K2);
    }

    /** Whether the octets are equal; bounds are the caller's duty. */
    static boolean equal(ByteBuffer a, int aAt, ByteBuffer b, int bAt, int length) {
        if (length < Long.BYTES) {
            return shortWord(a, aAt, length) == shortWord(b, bAt, length);
        }
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if (word(a, aAt + i) != word(b, bAt + i)) {
                return false;
            }
        }
        return word(a, aAt + last) == word(b, bAt + last);
    }

    private static long fold(long a, long b) {
        return Math.multiplyHigh(a, b) ^ (a * b);
    }

    private static long word(ByteBuffer buffer, int at) {
        return (long) LONGS.get(buffer, at);
    }

    private static long shortWord(ByteBuffer buffer, int at, int length) {
        long word = 0;
        for (int i = 0; i < length; i++) {
            word = word << 8 | (buffer.get(at + i) & 0xff);
        }
        return word;
    }
}
