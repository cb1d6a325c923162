package io.waymark.platform.config;

import java.util.Locale;

/**
 * All that is known of one key.
 *
 * @param key dotted name, such as {@code resolver.handle.port}
 * @param defaultText the default as it would be written; empty = unset
 * @param type how its text is read
 * @param meaning one sentence for people
 */
record Setting<T>(String key, String defaultText, ValueType<T> type, String meaning) {
    /** The prefix of every environment variable that configures Waymark. */
    static final String ENVIRONMENT_PREFIX = "WAYMARK_";

    /** The environment variable that sets this key. */
    String environmentName() {
        return environmentName(key);
    }

    static String environmentName(String key) {
        return ENVIRONMENT_PREFIX + key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
