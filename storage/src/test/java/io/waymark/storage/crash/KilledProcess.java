package io.waymark.storage.crash;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class in its own JVM, lets it work a while after its first line, kills it with SIGKILL. */
final class KilledProcess {
    private KilledProcess() {}

    /** The whole lines it printed: what it claimed before it died. */
    static List<String> run(Class<?> main, long lifeMillis, String... args) throws Exception {
        Path claims = Files.createTempFile("claims", ".txt");
        Process process = start(main, claims, args);
        try {
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Files.size(claims) > 0 || !process.isAlive());
            // Not a wait for something: the moment of death is the experiment.
            if (process.waitFor(lifeMillis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("ended by itself with status " + process.exitValue());
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        String printed = Files.readString(claims);
        Files.delete(claims);
        return printed.substring(0, printed.lastIndexOf('\n') + 1).lines().toList();
    }

    private static Process start(Class<?> main, Path claims, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectOutput(claims.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
