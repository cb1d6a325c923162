package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of somebody else's, or our own command line, run as a person runs it. */
final class Tool {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String program;

    private Tool(String program) {
        this.program = program;
    }

    /** What a run left. */
    record Result(int exitCode, String output, String errors) {}

    /** A program on the PATH. */
    static Tool onPath(String program, String debianPackage) {
        boolean found = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assertThat(found)
                .as("%s is missing: apt-get install %s", program, debianPackage)
                .isTrue();
        return new Tool(program);
    }

    /** Our own command line, from the built distribution. */
    static Tool waymark() {
        Path program = Path.of("target/waymark/bin/waymark").toAbsolutePath();
        assertThat(program).as("the distribution, made by mvn package").isExecutable();
        return new Tool(program.toString());
    }

    /** Runs it to its end with nothing to read. */
    Result run(String... arguments) {
        return start("", arguments).await();
    }

    /** Runs it to its end with this on its standard input. */
    Result runWithInput(String input, String... arguments) {
        return start(input, arguments).await();
    }

    /** Starts it. */
    Running start(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        try {
            Path folder = Files.createTempDirectory("waymark-tool");
            Path in = Files.writeString(folder.resolve("in"), input);
            for (Path left : List.of(folder, in, folder.resolve("out"), folder.resolve("err"))) {
                left.toFile().deleteOnExit();
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(folder.resolve("out").toFile())
                    .redirectError(folder.resolve("err").toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("WAYMARK_"));
            builder.environment().put("LANG", "C.UTF-8");
            return new Running(command, folder, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run under way. */
    static final class Running implements AutoCloseable {
        private final List<String> command;
        private final Path folder;
        private final Process process;

        private Running(List<String> command, Path folder, Process process) {
            this.command = command;
            this.folder = folder;
            this.process = process;
        }

        /** Waits for its end. */
        Result await() {
            try {
                boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(ended)
                        .as("%s ended within %s; it said: %s %s", command, PATIENCE, output(), errors())
                        .isTrue();
                return new Result(process.exitValue(), output(), errors());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            } finally {
                close();
            }
        }

        /** What it has printed so far. */
        String output() {
            return read("out");
        }

        /** What it has complained about so far. */
        String errors() {
            return read("err");
        }

        private String read(String file) {
            try {
                return Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
