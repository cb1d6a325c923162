package io.waymark.resolver.statistics;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which prefixes are counted by name: the first so many that turn out to exist. Safe for any thread. */
final class Prefixes {
    /** Row of prefixes that came when there were too many. */
    static final String OTHER = "(other)";
    /** Row of names whose prefix nobody here has heard of. */
    static final String UNKNOWN = "(unknown)";

    private final int max;
    private final Set<String> admitted = ConcurrentHashMap.newKeySet();

    Prefixes(int max) {
        this.max = max;
    }

    /** The row a prefix is counted in. */
    String rowOf(byte[] foldedPrefix) {
        String prefix = new String(foldedPrefix, StandardCharsets.UTF_8);
        return admitted.contains(prefix) || (admitted.size() < max && admit(prefix)) ? prefix : OTHER;
    }

    private synchronized boolean admit(String prefix) {
        return admitted.contains(prefix) || (admitted.size() < max && admitted.add(prefix));
    }

    int max() {
        return max;
    }

    int size() {
        return admitted.size();
    }
}
