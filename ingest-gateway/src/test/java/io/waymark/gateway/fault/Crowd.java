package io.waymark.gateway.fault;

import com.sun.management.UnixOperatingSystemMXBean;
import io.waymark.testing.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Many clients in a process of their own: a connection takes an open file at either end, and how many of these a process may
 * have is limited.
 */
final class Crowd implements AutoCloseable {
    /** Files of a process that are no connections of clients: libraries, the spool's tables, the broker's logs. */
    private static final int OTHER_FILES = 1_500;

    private static final int PATIENCE_SECONDS = 240;

    private final Process process;
    private final BufferedReader said;

    private Crowd(Process process) {
        this.process = process;
        this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** As many as are wanted, or as a process may have open files. */
    static int possible(int wanted) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (!(system instanceof UnixOperatingSystemMXBean files)) {
            return wanted;
        }
        long most = files.getMaxFileDescriptorCount() - OTHER_FILES;
        if (most < wanted) {
            System.err.println("only " + most + " of " + wanted + " clients: a process may have "
                    + files.getMaxFileDescriptorCount() + " open files");
        }
        return (int) Math.min(wanted, most);
    }

    /** All connected when it returns. */
    static Crowd connected(int port, int clients, int each, int octets) throws Exception {
        Process process = new ProcessBuilder(JavaProcess.command(
                        384,
                        CrowdProcess.class.getName(),
                        Integer.toString(port),
                        Integer.toString(clients),
                        Integer.toString(each),
                        Integer.toString(octets)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Crowd crowd = new Crowd(process);
        crowd.expect("connected");
        return crowd;
    }

    /** Everybody sends; on return the sockets have everything. */
    void publish() throws Exception {
        order("publish");
        expect("sent");
    }

    /** Every acknowledgement was read, each client's in order: so many there must be. */
    void collect(int acknowledgements) throws Exception {
        order("collect");
        expect("acknowledged " + acknowledgements);
    }

    private void order(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private void expect(String line) throws Exception {
        String answer = CompletableFuture.supplyAsync(this::line).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!line.equals(answer)) {
            throw new AssertionError("the crowd should have said \"" + line + "\" but said \"" + answer + "\"");
        }
    }

    private String line() {
        try {
            return String.valueOf(said.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
