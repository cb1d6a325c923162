package io.waymark.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of a few megabytes, which becomes full when told to. Needs the right to mount; without it the test is skipped. */
public final class SmallDisk implements AutoCloseable {
    private final Path directory;
    private final Path filler;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve("filler");
    }

    /** In that directory, which is made if it is absent. */
    public static SmallDisk mounted(Path directory, int mebibytes) throws IOException {
        Files.createDirectories(directory);
        boolean mounted = ran("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString());
        assumeThat(mounted).as("no small disk: this user may not mount a tmpfs").isTrue();
        return new SmallDisk(directory);
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** Takes all room there is. */
    public void fill() {
        byte[] page = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space")) {
                throw new IllegalStateException("the disk should have become full", full);
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void makeRoom() throws IOException {
        Files.delete(filler);
    }

    @Override
    public void close() {
        if (!ran("umount", directory.toString())) {
            ran("umount", "-l", directory.toString());
        }
    }

    private static boolean ran(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
