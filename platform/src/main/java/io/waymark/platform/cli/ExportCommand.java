package io.waymark.platform.cli;

import io.waymark.platform.cli.terminal.Screen;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waymark export}: the records as NDJSON, which {@code waymark import} reads. */
@Command(
        name = "export",
        header = "Write records as NDJSON.",
        description = {
            "Writes one {\"handle\":…,\"values\":[…]} per line; waymark import reads it.",
            "With the operator's token the secrets of administrators are part of it: FILE can be read by its owner only."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  waymark export --prefix 88.118.8 -o tea.ndjson", "  waymark export | gzip > all.ndjson.gz"})
public final class ExportCommand extends ClientCommand {
    private static final int TELL_EVERY = 10_000;

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only the records under this prefix.")
    private @Nullable String prefix;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this file instead of standard output; it appears when it is complete.")
    private @Nullable Path file;

    @Override
    protected int run() throws IOException, InterruptedException {
        String path = "/api/v1/records/export" + (prefix == null ? "" : "?prefix=" + NodeConnection.encode(prefix));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(node.stream(path), StandardCharsets.UTF_8))) {
            if (file == null) {
                copy(lines, out(), false);
            } else {
                long count = toFile(lines, file);
                out().println(good("Wrote " + count + (count == 1 ? " record" : " records")) + " to " + file + ".");
            }
        }
        return ExitCodes.OK;
    }

    /** Writes beside the file and moves, so that a broken connection never leaves half a file under its name. */
    private long toFile(BufferedReader lines, Path target) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            long count;
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(part, StandardCharsets.UTF_8))) {
                count = copy(lines, out, Screen.isTerminal(2));
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            return count;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private long copy(BufferedReader lines, PrintWriter out, boolean tell) throws IOException {
        long count = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank()) {
                continue;
            }
            out.print(line);
            out.print('\n');
            if (++count % TELL_EVERY == 0 && tell) {
                err().print("\r" + count + " records");
                err().flush();
            }
        }
        if (tell && count >= TELL_EVERY) {
            err().print("\r" + " ".repeat(24) + "\r");
            err().flush();
        }
        if (out.checkError()) {
            throw new IOException(
                    "the records could not be written: check the space and the permissions of the target");
        }
        return count;
    }
}
