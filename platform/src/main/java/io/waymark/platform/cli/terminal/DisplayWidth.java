package io.waymark.platform.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many terminal columns a text takes, and cutting, padding and wrapping by columns instead of characters.
 *
 * <p>Wide are the characters of East Asian Width W and F; combining and format characters take no column; those of
 * ambiguous width count as narrow, as terminals in UTF-8 draw them. Texts come from outside: {@link #printable} must be
 * applied before any of the other functions.
 *
 * @see "Unicode Standard Annex #11 East Asian Width"
 */
public final class DisplayWidth {
    // first and last code point of each wide range, ascending
    private static final int[] WIDE = {
        0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe,
        0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be,
        0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5, 0x26fa, 0x26fa,
        0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755,
        0x2757, 0x2757, 0x2795, 0x2797, 0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55,
        0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff,
        0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18d08, 0x1aff0, 0x1b2fb, 0x1f004,
        0x1f004, 0x1f0cf, 0x1f0cf, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f335, 0x1f337,
        0x1f37c, 0x1f37e, 0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0, 0x1f3f0, 0x1f3f4, 0x1f3f4, 0x1f3f8,
        0x1f43e, 0x1f440, 0x1f440, 0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b, 0x1f54e, 0x1f550, 0x1f567, 0x1f595,
        0x1f596, 0x1f5fb, 0x1f64f, 0x1f680, 0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2, 0x1f6d5, 0x1f6d7, 0x1f6dc,
        0x1f6df, 0x1f6eb, 0x1f6ec, 0x1f6f4, 0x1f6fc, 0x1f7e0, 0x1f7eb, 0x1f7f0, 0x1f7f0, 0x1f90c, 0x1f93a, 0x1f93c,
        0x1f945, 0x1f947, 0x1f9ff, 0x1fa70, 0x1faff, 0x20000, 0x2fffd, 0x30000, 0x3fffd,
    };

    private DisplayWidth() {}

    /** Columns taken by the text. */
    public static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    /** Columns taken by one code point: 0, 1 or 2. */
    public static int of(int codePoint) {
        if (codePoint < 0x300) {
            return codePoint == 0xad ? 0 : 1;
        }
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || (codePoint >= 0x1160 && codePoint <= 0x11ff)) {
            return 0;
        }
        int at = Arrays.binarySearch(WIDE, codePoint);
        // not found: -(insertion point) - 1; behind an odd number of bounds is inside a range
        return at >= 0 || (-at - 1) % 2 == 1 ? 2 : 1;
    }

    /** The text with control characters made visible, so that data can never drive the terminal. */
    public static String printable(String text) {
        boolean clean = text.codePoints().noneMatch(DisplayWidth::isControl);
        if (clean) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> appendPrintable(out, c));
        return out.toString();
    }

    private static void appendPrintable(StringBuilder out, int c) {
        if (!isControl(c)) {
            out.appendCodePoint(c);
        } else if (c < 0x100) {
            out.append("\\x").append(hexDigit(c >> 4)).append(hexDigit(c));
        } else {
            out.append("\\u").append(Integer.toHexString(c));
        }
    }

    private static char hexDigit(int nibble) {
        return Character.forDigit(nibble & 15, 16);
    }

    /** Controls, and the marks that reorder what stands beside them. */
    private static boolean isControl(int c) {
        return c < 0x20
                || (c >= 0x7f && c < 0xa0)
                || c == 0x2028
                || c == 0x2029
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    /** The text followed by blanks up to the given width; longer texts stay as they are. */
    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }

    /** The text, or as much of it as fits with an ellipsis behind it. */
    public static String cut(String text, int columns, String ellipsis) {
        if (of(text) <= columns) {
            return text;
        }
        int end = prefixEnd(text, 0, Math.max(0, columns - of(ellipsis)));
        return text.substring(0, end) + ellipsis;
    }

    /** The text in lines of at most the given width (at least 2), broken at blanks where there are any. */
    public static List<String> wrap(String text, int columns) {
        int width = Math.max(2, columns);
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (of(text.substring(start)) > width) {
            int end = prefixEnd(text, start, width);
            // a blank right behind the prefix is as good a place as one inside it
            int blank = text.lastIndexOf(' ', Math.min(end, text.length() - 1));
            if (blank > start) {
                lines.add(text.substring(start, blank));
                start = blank + 1;
            } else {
                lines.add(text.substring(start, end));
                start = end;
            }
        }
        lines.add(text.substring(start));
        return lines;
    }

    /** Index behind the longest part from {@code start} that takes no more than the given columns. */
    private static int prefixEnd(String text, int start, int columns) {
        int at = start;
        int used = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            used += of(c);
            if (used > columns) {
                return at;
            }
            at += Character.charCount(c);
        }
        return at;
    }
}
