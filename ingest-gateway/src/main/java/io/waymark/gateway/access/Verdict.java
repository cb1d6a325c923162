package io.waymark.gateway.access;

/** What came of checking credentials. */
public enum Verdict {
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
