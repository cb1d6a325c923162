package io.waymark.identifier.epc;

import java.util.Arrays;

/** Writes unsigned numbers and characters as bits, most significant first; the counterpart of {@link BitReader}. */
public final class BitWriter {
    private byte[] bits = new byte[32];
    private int position;

    /** Bits written. */
    public int position() {
        return position;
    }

    /**
     * Appends the lowest {@code count} bits of the value.
     *
     * @throws IllegalArgumentException if the value needs more, or is negative
     */
    public BitWriter number(long value, int count) {
        if (value < 0 || (count < 63 && value >> count != 0)) {
            throw new IllegalArgumentException(value + " does not fit in " + count + " bits");
        }
        for (int i = count - 1; i >= 0; i--) {
            bit((int) (value >> i & 1));
        }
        return this;
    }

    /** Appends ASCII, seven bits each, and zeros up to {@code chars} characters. */
    public BitWriter sevenBitText(String text, int chars) {
        if (text.length() > chars) {
            throw new IllegalArgumentException("\"" + text + "\" is longer than " + chars + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            number(text.charAt(i), 7);
        }
        return zeros(7 * (chars - text.length()));
    }

    /** Appends characters of six bits and six zero bits behind them. */
    public BitWriter sixBitText(String text) {
        for (int i = 0; i < text.length(); i++) {
            number(text.charAt(i) & 0x3f, 6);
        }
        return zeros(6);
    }

    /** Appends zeros. */
    public BitWriter zeros(int count) {
        position += count;
        reserve();
        return this;
    }

    /** The octets, zero-padded to whole words of 16 bits as in tag memory. */
    public byte[] toWords() {
        return Arrays.copyOf(bits, (position + 15) / 16 * 2);
    }

    private void bit(int bit) {
        reserve();
        bits[position >> 3] |= (byte) (bit << (7 - (position & 7)));
        position++;
    }

    private void reserve() {
        if (position >> 3 >= bits.length) {
            bits = Arrays.copyOf(bits, Math.max(bits.length * 2, (position >> 3) + 1));
        }
    }
}
