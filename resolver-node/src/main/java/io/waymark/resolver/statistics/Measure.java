package io.waymark.resolver.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is counted for each prefix. */
public enum Measure {
    /** Resolutions answered with values. */
    FOUND(0, true),
    /** Resolutions of handles or values that do not exist, or that nobody in particular may see. */
    NOT_FOUND(1, true),
    /** Resolutions answered with the address of another node. */
    REFERRED(2, true),
    /** Resolutions not carried out: a prefix not served here, an ill-formed name, too much work, an upstream that failed. */
    REFUSED(3, true),
    /** Handles registered that did not exist. */
    CREATED(4, false),
    /** Handles given other contents. */
    REPLACED(5, false),
    /** Handles removed. */
    DELETED(6, false),
    /** Changes not made. */
    REGISTRATION_REFUSED(7, false);

    /** The measures' words in files and APIs, in order. */
    public static final List<String> WORDS =
            Arrays.stream(values()).map(Measure::word).toList();

    private final int column;
    private final boolean resolution;

    Measure(int column, boolean resolution) {
        this.column = column;
        this.resolution = resolution;
    }

    /** The place among a row's numbers. */
    public int column() {
        return column;
    }

    /** The word in files and APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it counts resolutions; else registrations. */
    public boolean isResolution() {
        return resolution;
    }
}
