package io.waymark.resolver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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

    private static final long SECONDS_MAX = 20;

    private Curl() {}

    static Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "15", "-w", "\n%{http_code}"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("curl did not end: " + command);
        }
        int line = output.lastIndexOf('\n');
        int status = line < 0 ? 0 : Integer.parseInt(output.substring(line + 1).strip());
        return new Result(process.exitValue(), status, line < 0 ? "" : output.substring(0, line));
    }
}
