package io.waymark.resolver;

import io.waymark.testing.Tool;

/** The real curl, as a process. */
final class Curl {
    /**
     * What it printed and how it ended.
     *
     * @param exit 0 = an answer came
     * @param status of the answer, 0 if none came
     * @param body of the answer
     */
    record Result(int exit, int status, String body) {}

    private static final Tool CURL =
            Tool.onPath("curl", "curl").with("-sS", "--max-time", "15", "-w", "\n%{http_code}");

    private Curl() {}

    static Result run(String... arguments) {
        Tool.Result said = CURL.run(arguments);
        String output = said.output();
        int line = output.lastIndexOf('\n');
        int status = line < 0 ? 0 : Integer.parseInt(output.substring(line + 1).strip());
        return new Result(said.exitCode(), status, line < 0 ? "" : output.substring(0, line));
    }
}
