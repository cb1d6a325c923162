package io.waymark.platform.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.platform.Distribution;
import io.waymark.platform.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program of the distribution, {@code target/waymark/bin/waymark}, as a process. */
final class Program {
    private Program() {}

    /** What a run left. */
    record Result(int exitCode, String output) {}

    /** Starts it with output and errors in one file. */
    static Process start(Path output, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(Distribution.program().toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("TZ", "UTC");
        return builder.start();
    }

    /** One of its commands, run inside this process, which spares the start of a Java for each. */
    static Result command(String... args) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output, true);
        int exitCode = Main.commandLine().setOut(writer).setErr(writer).execute(args);
        return new Result(exitCode, output.toString());
    }

    /** Runs it to its end. */
    static Result run(Path folder, Duration limit, String... args) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "out", ".txt");
        Process process = start(output, args);
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended)
                    .as("%s ended within %s; it said:%n%s", List.of(args), limit, text)
                    .isTrue();
            return new Result(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }
}
