package io.waymark.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that lives as long as a trial: below {@code -Dwaymark.bench.dir}, by default the working directory. */
public final class BenchFolder implements AutoCloseable {
    private final Path path;

    private BenchFolder(Path path) {
        this.path = path;
    }

    /** The system's temporary folder may be memory, which makes every fsync free: the working directory is a disk. */
    public static BenchFolder create() throws IOException {
        return new BenchFolder(Files.createTempDirectory(
                Path.of(System.getProperty("waymark.bench.dir", "")).toAbsolutePath(), "waymark-bench-"));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(BenchFolder::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
