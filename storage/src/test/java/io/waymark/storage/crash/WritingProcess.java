package io.waymark.storage.crash;

import static org.awaitility.Awaitility.await;

import io.waymark.testing.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A main class in its own JVM that writes a store and prints what was acknowledged; closing kills it with SIGKILL. */
final class WritingProcess implements AutoCloseable {
    private final Process process;
    private final Path claims;

    private WritingProcess(Process process, Path claims) {
        this.process = process;
        this.claims = claims;
    }

    static WritingProcess start(Class<?> main, String... args) throws IOException {
        return start(List.of(), main, args);
    }

    /** Under a file size limit, as {@code ulimit -f}: writing beyond it fails as on a full disk. */
    static WritingProcess startWithFilesUpTo(long kib, Class<?> main, String... args) throws IOException {
        return start(List.of("bash", "-c", "ulimit -S -f " + kib + "; exec \"$@\"", "bash"), main, args);
    }

    private static WritingProcess start(List<String> wrapper, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(JavaProcess.command(256, main.getName(), args));
        Path claims = Files.createTempFile("claims", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(claims.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new WritingProcess(process, claims);
    }

    /** Waits until it has printed lines that satisfy the condition. */
    void awaitClaims(Predicate<List<String>> condition) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofMinutes(1)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("ended by itself with status " + process.exitValue());
            }
            return condition.test(claims());
        });
    }

    /** The whole lines it has printed. */
    List<String> claims() {
        try {
            String printed = Files.readString(claims);
            return printed.substring(0, printed.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it live a while after its first line, then kills it. Not a wait for something: the moment is the experiment. */
    List<String> killAfter(long millis) throws InterruptedException {
        awaitClaims(lines -> !lines.isEmpty());
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("ended by itself with status " + process.exitValue());
        }
        return kill();
    }

    /** Kills it; returns all it claimed before it died. */
    List<String> kill() {
        process.destroyForcibly().onExit().join();
        return claims();
    }

    /** Takes the file size limit away. */
    void liftFileLimit() throws Exception {
        String pid = Long.toString(process.pid());
        int status = new ProcessBuilder("prlimit", "--pid", pid, "--fsize=unlimited")
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("prlimit ended with status " + status);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.delete(claims);
    }
}
