package io.waymark.identifier.gs1;

import java.util.Arrays;

/**
 * The character sets of GS1 values.
 *
 * @see "GS1 General Specifications §7.11"
 */
public enum CharacterSet {
    /** Digits. */
    N("0123456789"),
    /** Set 82, most of ISO/IEC 646. */
    X("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    /** Set 39. */
    Y("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    /** File-safe, URI-safe base64, with its padding. */
    Z("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=");

    @SuppressWarnings("ImmutableEnumChecker") // written in the constructor only
    private final byte[] values = new byte[128];

    CharacterSet(String alphabet) {
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
    }

    /** The character's place in the set, or -1. */
    public int valueOf(char c) {
        return c < 128 ? values[c] : -1;
    }

    /** Whether the character is of the set. */
    public boolean has(char c) {
        return valueOf(c) >= 0;
    }

    /** Index of the first character that is not of the set, or -1. */
    public int firstForeign(CharSequence text) {
        return firstForeign(text, 0, text.length());
    }

    /** Index of the first character in {@code [from, to)} that is not of the set, or -1. */
    public int firstForeign(CharSequence text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!has(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }
}
