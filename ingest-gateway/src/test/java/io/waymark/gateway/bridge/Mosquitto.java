package io.waymark.gateway.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.testing.FixedPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The upstream every plant has: a real mosquitto that keeps its sessions on disk, to be stopped, killed and started again. */
final class Mosquitto implements AutoCloseable {
    private static final Path BINARY = Path.of("/usr/sbin/mosquitto");

    final int port = FixedPort.choose();
    private final Path directory;
    private Process process;

    /** @param lines further lines of its configuration, of its only listener */
    Mosquitto(Path directory, String... lines) throws Exception {
        assertThat(BINARY).as("install the Debian package mosquitto").isExecutable();
        this.directory = Files.createDirectories(directory);
        List<String> config = new ArrayList<>(List.of(
                "user " + System.getProperty("user.name"),
                "persistence true",
                "persistence_location " + directory + "/",
                "autosave_on_changes true",
                "autosave_interval 1",
                "max_queued_messages 0",
                "listener " + port + " 127.0.0.1"));
        config.addAll(List.of(lines));
        if (config.stream().noneMatch(line -> line.startsWith("password_file"))) {
            config.add("allow_anonymous true");
        }
        Files.write(directory.resolve("mosquitto.conf"), config);
        start();
    }

    void start() throws IOException {
        process = new ProcessBuilder(
                        BINARY.toString(),
                        "-c",
                        directory.resolve("mosquitto.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        await().until(this::answers);
    }

    private boolean answers() throws IOException {
        assertThat(process.isAlive())
                .as("mosquitto runs: %s", Files.readString(directory.resolve("log")))
                .isTrue();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String uri(String scheme) {
        return scheme + "://127.0.0.1:" + port;
    }

    /** As an operator stops it: it saves what it holds. */
    void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
