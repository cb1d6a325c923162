package io.waymark.platform.bulk;

import java.nio.charset.StandardCharsets;

/** A part of an array that changes with the reader that fills it. One thread. */
final class Slice {
    private byte[] octets = new byte[0];
    private int from;
    private int to;

    void set(byte[] array, int start, int end) {
        octets = array;
        from = start;
        to = end;
    }

    byte[] octets() {
        return octets;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int length() {
        return to - from;
    }

    boolean isUtf8() {
        return Utf8.isValid(octets, from, to);
    }

    boolean equalsAscii(String text) {
        if (length() != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (octets[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String text() {
        return new String(octets, from, to - from, StandardCharsets.UTF_8);
    }
}
