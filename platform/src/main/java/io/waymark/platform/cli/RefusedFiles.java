package io.waymark.platform.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/** The refused lines of each input file, as they stood there, beside it as {@code FILE.refused}; readable by the owner only. */
final class RefusedFiles implements AutoCloseable {
    private final boolean wanted;
    private final boolean standardInput;
    private final Map<Path, OutputStream> open = new LinkedHashMap<>();
    private final Map<Path, Long> written = new LinkedHashMap<>();

    /**
     * @param wanted whether anything is written at all
     * @param standardInput the input is a copy of standard input: the file goes to the working directory
     */
    RefusedFiles(boolean wanted, boolean standardInput) {
        this.wanted = wanted;
        this.standardInput = standardInput;
    }

    void add(Path input, byte[] line) throws IOException {
        if (!wanted) {
            return;
        }
        Path file = standardInput ? Path.of("stdin.refused") : input.resolveSibling(input.getFileName() + ".refused");
        OutputStream out = open.get(file);
        if (out == null) {
            out = create(file);
            open.put(file, out);
        }
        out.write(line);
        if (line.length == 0 || line[line.length - 1] != '\n') {
            out.write('\n');
        }
        written.merge(file, 1L, Long::sum);
    }

    private static OutputStream create(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return new java.io.BufferedOutputStream(Files.newOutputStream(file));
    }

    /** File → how many lines. */
    Map<Path, Long> written() {
        return written;
    }

    @Override
    public void close() throws IOException {
        for (OutputStream out : open.values()) {
            out.close();
        }
    }
}
