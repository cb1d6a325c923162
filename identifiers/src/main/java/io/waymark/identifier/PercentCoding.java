package io.waymark.identifier;

import org.jspecify.annotations.Nullable;

/** Percent-encoding of Digital Links: everything but letters, digits and {@code -._~} is escaped. */
final class PercentCoding {
    private static final String HEX = "0123456789ABCDEF";

    private PercentCoding() {}

    /** Appends a value of ASCII characters, which all GS1 values are. */
    static void append(StringBuilder out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isUnreserved(c)) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            }
        }
    }

    /**
     * Undoes escapes; what is no escape stays as it is. Escaped octets become characters of the same number, so that
     * octets beyond ASCII fail the character set of any AI.
     */
    static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && !(plusIsSpace && text.indexOf('+') >= 0)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int octet = c == '%' ? octetAt(text, i + 1) : -1;
            if (octet >= 0) {
                out.append((char) octet);
                i += 2;
            } else {
                out.append(plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        return out.toString();
    }

    private static int octetAt(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = hexDigit(text.charAt(at));
        int low = hexDigit(text.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** The digit's value, or -1. ASCII only, unlike {@link Character#digit}. */
    static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    /** Octets of an even number of hexadecimal digits of either case, or null if it is none. */
    static byte @Nullable [] octets(String hex) {
        if (hex.length() % 2 != 0) {
            return null;
        }
        byte[] octets = new byte[hex.length() / 2];
        for (int i = 0; i < octets.length; i++) {
            int high = hexDigit(hex.charAt(2 * i));
            int low = hexDigit(hex.charAt(2 * i + 1));
            if (high < 0 || low < 0) {
                return null;
            }
            octets[i] = (byte) (high << 4 | low);
        }
        return octets;
    }

    /** Upper-case hexadecimal digits. */
    static String hex(byte[] octets) {
        StringBuilder out = new StringBuilder(octets.length * 2);
        for (byte b : octets) {
            out.append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
        }
        return out.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
