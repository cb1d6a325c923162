package io.waymark.gateway.packet;

/**
 * How valid topic filters relate to topics and to each other. None of them shared.
 *
 * @see "MQTT 5.0 §4.7"
 */
public final class Filters {
    private Filters() {}

    /** Whether the topic matches the filter; a wildcard at the start does not match a topic that begins with {@code $}. */
    public static boolean matches(String filter, String topic) {
        return covers(filter, topic);
    }

    /** Whether every topic of the second filter, which may be a topic name, matches the first. */
    public static boolean covers(String filter, String other) {
        if (beginsWithWildcard(filter) && other.startsWith("$")) {
            return false;
        }
        int f = 0;
        int o = 0;
        while (f <= filter.length()) {
            int filterEnd = end(filter, f);
            if (isLevel(filter, f, filterEnd, '#')) {
                return true;
            }
            if (o > other.length()) {
                return false;
            }
            int otherEnd = end(other, o);
            if (isLevel(other, o, otherEnd, '#')) {
                return false;
            }
            boolean covered = isLevel(filter, f, filterEnd, '+') || isSame(filter, f, filterEnd, other, o, otherEnd);
            if (!covered) {
                return false;
            }
            f = filterEnd + 1;
            o = otherEnd + 1;
        }
        return o > other.length();
    }

    /** Whether some topic matches both. */
    public static boolean overlap(String one, String other) {
        if ((beginsWithWildcard(one) && other.startsWith("$")) || (beginsWithWildcard(other) && one.startsWith("$"))) {
            return false;
        }
        int a = 0;
        int b = 0;
        while (a <= one.length() && b <= other.length()) {
            int aEnd = end(one, a);
            int bEnd = end(other, b);
            if (isLevel(one, a, aEnd, '#') || isLevel(other, b, bEnd, '#')) {
                return true;
            }
            boolean common =
                    isLevel(one, a, aEnd, '+') || isLevel(other, b, bEnd, '+') || isSame(one, a, aEnd, other, b, bEnd);
            if (!common) {
                return false;
            }
            a = aEnd + 1;
            b = bEnd + 1;
        }
        return isOver(one, a) && isOver(other, b);
    }

    /** At its end, or only "#", which also matches the level above, is left. */
    private static boolean isOver(String filter, int at) {
        return at > filter.length() || isLevel(filter, at, filter.length(), '#');
    }

    private static boolean beginsWithWildcard(String filter) {
        return filter.startsWith("+") || filter.startsWith("#");
    }

    private static boolean isLevel(String filter, int start, int end, char wildcard) {
        return end - start == 1 && filter.charAt(start) == wildcard;
    }

    private static boolean isSame(String one, int a, int aEnd, String other, int b, int bEnd) {
        return aEnd - a == bEnd - b && one.regionMatches(a, other, b, aEnd - a);
    }

    private static int end(String text, int start) {
        int slash = text.indexOf('/', start);
        return slash < 0 ? text.length() : slash;
    }
}
