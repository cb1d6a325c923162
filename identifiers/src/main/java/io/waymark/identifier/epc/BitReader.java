package io.waymark.identifier.epc;

/**
 * Reads unsigned numbers and characters from bits, most significant first. Bits behind the end read as zero; {@link
 * #overrun()} tells that it happened, so a decoder checks once at its end.
 */
public final class BitReader {
    private final byte[] bits;
    private int position;

    /**
     * @param bits read in place, not copied
     */
    public BitReader(byte[] bits) {
        this.bits = bits;
    }

    /** Index of the next bit. */
    public int position() {
        return position;
    }

    /** Bits not read yet, negative after an overrun. */
    public int remaining() {
        return bits.length * 8 - position;
    }

    /** Whether more bits were read than there are. */
    public boolean overrun() {
        return remaining() < 0;
    }

    /** Reads up to 63 bits as a number. */
    public long number(int count) {
        long value = 0;
        int left = count;
        while (left > 0) {
            int inOctet = 8 - (position & 7);
            int take = Math.min(inOctet, left);
            int octet = position >> 3 < bits.length ? bits[position >> 3] & 0xff : 0;
            value = value << take | (octet >> (inOctet - take) & (1 << take) - 1);
            position += take;
            left -= take;
        }
        return value;
    }

    /** Whether the next {@code count} bits are all zero; reads them. */
    public boolean zeros(int count) {
        boolean zero = true;
        for (int left = count; left > 0; left -= 32) {
            zero &= number(Math.min(left, 32)) == 0;
        }
        return zero;
    }

    /**
     * Reads {@code chars} characters of seven bits each: ASCII up to the first NUL.
     *
     * @return the text, or null if a character follows a NUL
     */
    public @org.jspecify.annotations.Nullable String sevenBitText(int chars) {
        char[] text = new char[chars];
        int length = 0;
        boolean ended = false;
        for (int i = 0; i < chars; i++) {
            char c = (char) number(7);
            if (c != 0 && ended) {
                return null;
            }
            ended |= c == 0;
            if (!ended) {
                text[length++] = c;
            }
        }
        return new String(text, 0, length);
    }

    /** Reads characters of six bits up to and with six zero bits, or to the end of the bits. */
    public String sixBitText() {
        StringBuilder text = new StringBuilder();
        while (remaining() >= 6) {
            int c = (int) number(6);
            if (c == 0) {
                return text.toString();
            }
            text.append((char) (c < 32 ? c + 64 : c));
        }
        position = bits.length * 8 + 1;
        return text.toString();
    }
}
