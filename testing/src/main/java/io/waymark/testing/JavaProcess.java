package io.waymark.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another Java of this kind with the class path of the tests: what a test kills must not be the test. */
public final class JavaProcess {
    private JavaProcess() {}

    /** The command line; its start does not wait for the second compiler. */
    public static List<String> command(int heapMib, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                program("java"),
                "-Xmx" + heapMib + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    /** With 256 MiB of heap, to be given its streams and started. */
    public static ProcessBuilder of(Class<?> main, String... arguments) {
        return new ProcessBuilder(command(256, main.getName(), arguments));
    }

    /** The path of a program of the Java that runs the tests, as {@code java} or {@code keytool}. */
    public static String program(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /**
     * Waits for the first line of its output that starts so, and returns what follows; lines before it are passed over.
     *
     * @throws AssertionError if its output ends without it
     */
    public static String awaitLine(Process process, String start) {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(start)) {
                    return line.substring(start.length());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no line '" + start + "…' before the output ended");
    }
}
