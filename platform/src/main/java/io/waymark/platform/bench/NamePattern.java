package io.waymark.platform.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text around one number: {@code 88.118.8/k%07d}, {@code bench/%d/t}.
 *
 * @param before text in front of the number
 * @param width least number of digits, zeros in front
 * @param after text behind it
 */
record NamePattern(String before, int width, String after) {
    private static final int WIDTH_MAX = 18;
    private static final Pattern NUMBER = Pattern.compile("%(?:0(\\d{1,2}))?d");

    /** Reads a pattern with exactly one {@code %d} or {@code %0Nd}. */
    static NamePattern parse(String pattern) {
        Matcher number = NUMBER.matcher(pattern);
        if (!number.find()) {
            throw new IllegalArgumentException("a pattern needs one %d or %0Nd but was \"" + pattern + "\"");
        }
        String before = pattern.substring(0, number.start());
        String after = pattern.substring(number.end());
        if (before.indexOf('%') >= 0 || after.indexOf('%') >= 0) {
            throw new IllegalArgumentException("a pattern may hold one % only but was \"" + pattern + "\"");
        }
        int width = number.group(1) == null ? 1 : Integer.parseInt(number.group(1));
        if (width < 1 || width > WIDTH_MAX) {
            throw new IllegalArgumentException("the width must be in 1.." + WIDTH_MAX + " but was " + width);
        }
        return new NamePattern(before, width, after);
    }

    /** The text with this number. */
    String format(long n) {
        String digits = Long.toString(n);
        return before + "0".repeat(Math.max(0, width - digits.length())) + digits + after;
    }
}
