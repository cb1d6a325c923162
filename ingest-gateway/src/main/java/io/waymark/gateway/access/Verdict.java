package io.waymark.gateway.access;

/**
 * What came of checking credentials.
 *
 * @param kind the answer
 * @param group the device's, empty unless accepted
 */
public record Verdict(Kind kind, String group) {
    /** The answer. */
    public enum Kind {
        /** They are right. */
        ACCEPTED,
        /** Unknown user or wrong password; nobody is told which. */
        WRONG,
        /** Right, but the device is disabled. */
        DISABLED,
        /** Too many are waiting to be checked; try again later. */
        BUSY,
        /** The device store failed. */
        FAILED
    }

    static Verdict of(Kind kind) {
        return new Verdict(kind, "");
    }

    static Verdict accepted(String group) {
        return new Verdict(Kind.ACCEPTED, group);
    }
}
