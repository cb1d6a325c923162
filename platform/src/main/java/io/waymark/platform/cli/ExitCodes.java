package io.waymark.platform.cli;

/** What a command of {@code waymark} ends with; every {@code --help} repeats those it uses. */
public final class ExitCodes {
    /** Done. */
    public static final int OK = 0;
    /** Not done; the message on standard error says why. */
    public static final int FAILED = 1;
    /** The command line makes no sense. */
    public static final int USAGE = 2;
    /** Some of it was done; what was not is listed on standard error. */
    public static final int PARTLY = 3;
    /** There is no such thing. */
    public static final int NOT_FOUND = 4;

    static final String HEADING = "%nExit codes:%n";
    static final String OK_TEXT = "0:Done.";
    static final String FAILED_TEXT = "1:Failed; the message says why and what to do.";
    static final String USAGE_TEXT = "2:Wrong usage.";
    static final String PARTLY_TEXT = "3:Done in part; what was refused is listed.";
    static final String NOT_FOUND_TEXT = "4:There is no such thing.";

    private ExitCodes() {}
}
