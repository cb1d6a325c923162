package io.waymark.platform.cli;

/**
 * A command could not do what it was asked. The message is one sentence for the person at the terminal: what happened
 * and what to do. Stackless.
 */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * @param exitCode one of {@link ExitCodes}
     * @param message what happened and what to do
     */
    public CliException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** It failed, exit code 1. */
    public static CliException failed(String message) {
        return new CliException(ExitCodes.FAILED, message);
    }

    /** The command line makes no sense, and the exception says why; exit code 2. */
    public static CliException usage(IllegalArgumentException reason) {
        return new CliException(ExitCodes.USAGE, String.valueOf(reason.getMessage()));
    }

    /** What the process ends with. */
    public int exitCode() {
        return exitCode;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
