package io.waymark.trace.reading;

/**
 * An MQTT topic filter: {@code +} matches one level, a closing {@code #} any number of levels.
 *
 * @param text the filter
 * @see "MQTT 5.0 §4.7 Topic Names and Topic Filters"
 */
public record TopicFilter(String text) {
    /** Refuses what the standard refuses. */
    public TopicFilter {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("topic filter must have at least one character and no U+0000");
        }
        String[] levels = text.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            checkLevel(text, levels[i], i == levels.length - 1);
        }
    }

    private static void checkLevel(String text, String level, boolean last) {
        boolean wild = level.contains("+") || level.contains("#");
        if (wild && level.length() > 1) {
            throw new IllegalArgumentException("topic filter \"" + text + "\": a wildcard must fill its level");
        }
        if (level.equals("#") && !last) {
            throw new IllegalArgumentException("topic filter \"" + text + "\": # must be the last level");
        }
    }

    /** Whether the filter matches a topic name. Allocates nothing. */
    public boolean matches(String topic) {
        if (topic.startsWith("$") && !text.startsWith("$")) {
            return false;
        }
        int f = 0;
        int t = 0;
        while (true) {
            int filterEnd = levelEnd(text, f);
            if (filterEnd - f == 1 && text.charAt(f) == '#') {
                return true;
            }
            int topicEnd = levelEnd(topic, t);
            if (!levelMatches(topic, f, filterEnd, t, topicEnd)) {
                return false;
            }
            boolean filterDone = filterEnd == text.length();
            if (topicEnd == topic.length()) {
                // "a/#" matches "a" as well
                return filterDone || text.substring(filterEnd).equals("/#");
            }
            if (filterDone) {
                return false;
            }
            f = filterEnd + 1;
            t = topicEnd + 1;
        }
    }

    private boolean levelMatches(String topic, int f, int filterEnd, int t, int topicEnd) {
        if (filterEnd - f == 1 && text.charAt(f) == '+') {
            return true;
        }
        return filterEnd - f == topicEnd - t && text.regionMatches(f, topic, t, filterEnd - f);
    }

    private static int levelEnd(String s, int from) {
        int slash = s.indexOf('/', from);
        return slash < 0 ? s.length() : slash;
    }
}
