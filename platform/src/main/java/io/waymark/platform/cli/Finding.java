package io.waymark.platform.cli;

/**
 * What {@code waymark doctor} found in one place.
 *
 * @param level how bad
 * @param subject what was looked at
 * @param detail what was seen, with the value
 * @param advice what to do; empty if all is well
 */
record Finding(Level level, String subject, String detail, String advice) {
    /** How bad. */
    enum Level {
        /** All is well. */
        OK,
        /** It works, but not for long or not at full strength. */
        WARN,
        /** It does not work. */
        FAIL
    }

    static Finding ok(String subject, String detail) {
        return new Finding(Level.OK, subject, detail, "");
    }

    static Finding warn(String subject, String detail, String advice) {
        return new Finding(Level.WARN, subject, detail, advice);
    }

    static Finding fail(String subject, String detail, String advice) {
        return new Finding(Level.FAIL, subject, detail, advice);
    }
}
