package io.waymark.trace.reading;

import java.util.Locale;

/** The shapes of message we understand. */
public enum Profile {
    /** Impinj R700 IoT device interface events. */
    IMPINJ,
    /** Smart POS and scanner terminals: one flat object. */
    POS,
    /** Any other JSON object with a code, a time or measured values. */
    GENERIC,
    /** A scanner that publishes the bare text. */
    TEXT;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The metric tag. */
    public String word() {
        return word;
    }

    /**
     * The profile of a metric tag.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Profile of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
