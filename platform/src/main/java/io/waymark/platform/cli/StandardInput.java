package io.waymark.platform.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Secrets come through standard input: arguments can be read by everybody on the machine. */
final class StandardInput {
    private StandardInput() {}

    /** The first line, without its end; refuses an empty one and one longer than {@code bytesMax}. */
    static String line(String what, int bytesMax) throws IOException {
        byte[] read = System.in.readNBytes(bytesMax + 2);
        String line =
                new String(read, StandardCharsets.UTF_8).lines().findFirst().orElse("");
        if (line.isEmpty()) {
            throw new CliException(ExitCodes.USAGE, "the " + what + " is read from standard input, which was empty");
        }
        if (line.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
            throw new CliException(
                    ExitCodes.USAGE, "the " + what + " must be at most " + bytesMax + " bytes but is longer");
        }
        return line;
    }
}
