package io.waymark.testing;

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

/**
 * A program of somebody else's, or our own command line, run as a person runs it: in a language and an environment that say
 * nothing of Waymark. A value; the runs it starts have an owner each.
 *
 * @param command the program and what stands before the arguments of every run
 * @param directory it runs in
 * @param patience how long a run may take before it counts as broken and is killed
 */
public record Tool(List<String> command, Path directory, Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Keeps a copy of the command. */
    public Tool {
        command = List.copyOf(command);
    }

    /** Any command, in the folder of the tests, with a minute's patience. */
    public static Tool of(List<String> command) {
        return new Tool(command, Path.of("").toAbsolutePath(), PATIENCE);
    }

    /** A program on the PATH; an error says which Debian package is missing. */
    public static Tool onPath(String program, String debianPackage) {
        assertThat(isOnPath(program))
                .as("%s is missing: apt-get install %s", program, debianPackage)
                .isTrue();
        return of(List.of(program));
    }

    /** Whether the machine has the program. */
    public static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** The same with arguments that stand before those of every run. */
    public Tool with(String... always) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(List.of(always));
        return new Tool(longer, directory, patience);
    }

    /** The same, there. */
    public Tool in(Path folder) {
        return new Tool(command, folder, patience);
    }

    /** The same, which may take so long. */
    public Tool within(Duration limit) {
        return new Tool(command, directory, limit);
    }

    /**
     * What a run left.
     *
     * @param command that ran
     * @param exitCode it ended with
     * @param output what it printed
     * @param errors what it complained about
     */
    public record Result(List<String> command, int exitCode, String output, String errors) {
        /** Printed and complained. */
        public String said() {
            return output + errors;
        }

        /** Fails with what it said unless it ended with 0. */
        public Result succeeded() {
            assertThat(exitCode).as("%s said: %s", command, said()).isZero();
            return this;
        }
    }

    /** Runs it to its end with nothing to read. */
    public Result run(String... arguments) {
        return start("", arguments).await();
    }

    /** Runs it to its end with this on its standard input. */
    public Result runWithInput(String input, String... arguments) {
        return start(input, arguments).await();
    }

    /** Starts it, with this on its standard input. */
    public Running start(String input, String... arguments) {
        List<String> whole = with(arguments).command();
        try {
            Path streams = Files.createTempDirectory("waymark-tool");
            Path in = Files.writeString(streams.resolve("in"), input);
            for (Path left : List.of(streams, in, streams.resolve("out"), streams.resolve("err"))) {
                left.toFile().deleteOnExit();
            }
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .directory(directory.toFile())
                    .redirectInput(in.toFile())
                    .redirectOutput(streams.resolve("out").toFile())
                    .redirectError(streams.resolve("err").toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("WAYMARK_"));
            builder.environment().put("LANG", "C.UTF-8");
            return new Running(whole, patience, streams, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run under way; {@link #close} kills it. */
    public static final class Running implements AutoCloseable {
        private final List<String> command;
        private final Duration patience;
        private final Path streams;
        private final Process process;

        private Running(List<String> command, Duration patience, Path streams, Process process) {
            this.command = command;
            this.patience = patience;
            this.streams = streams;
            this.process = process;
        }

        /** Waits for its end. */
        public Result await() {
            try {
                boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(ended)
                        .as("%s ended within %s; it said: %s %s", command, patience, output(), errors())
                        .isTrue();
                return new Result(command, process.exitValue(), output(), errors());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            } finally {
                close();
            }
        }

        /** What it has printed so far. */
        public String output() {
            return read("out");
        }

        /** What it has complained about so far. */
        public String errors() {
            return read("err");
        }

        private String read(String file) {
            try {
                return Files.readString(streams.resolve(file), StandardCharsets.UTF_8);
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
