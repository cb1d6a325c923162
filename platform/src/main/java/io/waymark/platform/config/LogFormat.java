package io.waymark.platform.config;

/** How log lines look. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object per line, for collectors. */
    JSON
}
