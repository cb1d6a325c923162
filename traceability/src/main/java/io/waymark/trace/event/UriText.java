package io.waymark.trace.event;

import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986 §2.1) with a chosen set of characters left as they are. */
public final class UriText {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private UriText() {}

    /**
     * Encodes.
     *
     * @param text any text
     * @param alsoPlain characters left alone beside the unreserved ones
     */
    public static String encode(String text, String alsoPlain) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (UNRESERVED.indexOf(c) >= 0 || alsoPlain.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(hex(c >> 4)).append(hex(c));
            }
        }
        return out.toString();
    }

    /** Decodes once; a {@code %} that opens no pair of digits stays, octets that are no UTF-8 become U+FFFD. */
    public static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int octet = in[i] == '%' && i + 2 < in.length ? pair(in[i + 1], in[i + 2]) : -1;
            if (octet >= 0) {
                i += 2;
            }
            out[length++] = octet >= 0 ? (byte) octet : in[i];
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static int pair(byte high, byte low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : (h << 4) | l;
    }

    private static char hex(int nibble) {
        return "0123456789ABCDEF".charAt(nibble & 15);
    }
}
