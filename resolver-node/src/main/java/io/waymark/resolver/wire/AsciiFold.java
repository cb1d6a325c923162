package io.waymark.resolver.wire;

import java.nio.ByteBuffer;

/** Upper-cases a–z and nothing else in UTF-8, eight octets at a time. */
final class AsciiFold {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOPS = ONES << 7;
    private static final long LOW_SEVEN = 0x7fL * ONES;
    /** Added to seven bits, sets the top bit from 'a' on. */
    private static final long FROM_A = (0x80 - 'a') * ONES;
    /** Added to seven bits, sets the top bit beyond 'z'. */
    private static final long BEYOND_Z = (0x7f - 'z') * ONES;

    private AsciiFold() {}

    /** Folds in place from absolute index {@code from} to {@code end}. */
    static void fold(ByteBuffer octets, int from, int end) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            octets.putLong(at, fold(octets.getLong(at)));
        }
        for (; at < end; at++) {
            octets.put(at, fold(octets.get(at)));
        }
    }

    static byte fold(byte octet) {
        return octet >= 'a' && octet <= 'z' ? (byte) (octet - 32) : octet;
    }

    /** The difference between cases is the bit 0x20, two below the top one that marks a lower-case letter here. */
    static long fold(long octets) {
        long seven = octets & LOW_SEVEN;
        long lower = ((seven + FROM_A) ^ (seven + BEYOND_Z)) & ~octets & TOPS;
        return octets ^ (lower >>> 2);
    }
}
