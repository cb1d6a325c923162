package io.waymark.gateway.packet;

import java.util.Set;

/**
 * What is a topic name and what is a topic filter. Strings are well-formed UTF-8 of at most 65535 octets already.
 *
 * @see "MQTT 5.0 §4.7"
 */
public final class Topics {
    private static final String SHARE = "$share/";
    /** First levels that are the server's own: its state, what filters begin with, what it tells Kafka itself. */
    private static final Set<String> RESERVED = Set.of("$SYS", "$share", "$kafka", "$waymark");

    private Topics() {}

    /** Whether a message may be published to it: not empty, no wildcard, no control or non-character. */
    public static boolean isName(String topic) {
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            if (c == '+' || c == '#' || isControl(c)) {
                return false;
            }
        }
        return !topic.isEmpty();
    }

    /** Whether it begins with {@code $}: nothing that clients exchange with each other [MQTT 5.0 §4.7.2]. */
    public static boolean isSpecial(String topic) {
        return topic.charAt(0) == '$';
    }

    /** Whether no client may publish to it. */
    public static boolean isReserved(String topic) {
        if (!isSpecial(topic)) {
            return false;
        }
        int slash = topic.indexOf('/');
        return RESERVED.contains(slash < 0 ? topic : topic.substring(0, slash));
    }

    /**
     * Whether it may be subscribed to: not empty, {@code #} alone in the last level, {@code +} alone in its level, no
     * control or non-character, and for a shared subscription a share name and a filter.
     */
    public static boolean isFilter(String filter) {
        if (isShared(filter)) {
            int slash = filter.indexOf('/', SHARE.length());
            return slash > SHARE.length()
                    && isName(filter.substring(SHARE.length(), slash))
                    && isPlainFilter(filter.substring(slash + 1));
        }
        return isPlainFilter(filter);
    }

    private static boolean isPlainFilter(String filter) {
        for (int i = 0; i < filter.length(); i++) {
            char c = filter.charAt(i);
            if (isControl(c) || (c == '#' && i != filter.length() - 1) || (isWildcard(c) && !isAlone(filter, i))) {
                return false;
            }
        }
        return !filter.isEmpty();
    }

    private static boolean isAlone(String filter, int at) {
        return (at == 0 || filter.charAt(at - 1) == '/') && (at == filter.length() - 1 || filter.charAt(at + 1) == '/');
    }

    private static boolean isWildcard(char c) {
        return c == '+' || c == '#';
    }

    /** Whether the filter asks for a shared subscription. */
    public static boolean isShared(String filter) {
        return filter.startsWith(SHARE);
    }

    /** The filter a valid shared subscription is about; any other filter is its own. */
    public static String unshared(String filter) {
        return isShared(filter) ? filter.substring(filter.indexOf('/', SHARE.length()) + 1) : filter;
    }

    /** Whether the filter holds a wildcard. */
    public static boolean hasWildcard(String filter) {
        return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
    }

    /** Whether the text has control characters or non-characters, which this server refuses in names and identifiers. */
    public static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isControl(char c) {
        return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xFDD0 && c <= 0xFDEF) || c >= 0xFFFE;
    }
}
