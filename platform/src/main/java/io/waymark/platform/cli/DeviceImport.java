package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.bulk.CsvRows;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark device import}: many devices from a CSV file. Each row is created as a whole or refused with its reason. */
@Command(
        name = "import",
        header = "Create the devices of a CSV file with the columns id, group, enabled, password, passwordless and"
                + " certificates (several with | between them), of which only id must be there.",
        description =
                "Each row is created or refused on its own. What came of it, with the passwords the node made, is written"
                        + " to a file only its owner can read.",
        exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.PARTLY_TEXT},
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark device import ovens.csv --dry-run",
            "  waymark device import ovens.csv --result ovens.done.csv"
        })
final class DeviceImport extends ClientCommand {
    private static final long FILE_BYTES_MAX = 64L << 20;
    private static final int REFUSALS_SHOWN_MAX = 20;
    private static final int AT_ONCE = 4;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Parameters(paramLabel = "FILE", description = "CSV file with a head line.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(names = "--dry-run", description = "Only say what would be refused.")
    private boolean dryRun;

    @Option(
            names = "--result",
            paramLabel = "FILE",
            description = "Where to write the result (default: FILE.result.csv).")
    private @Nullable Path result;

    private int done;
    private int refused;
    private long nextProgressNanos = System.nanoTime() + PROGRESS_NANOS;

    /** What became of a row: the password is empty unless the node made it, the reason unless it was refused. */
    private record Outcome(DeviceRow row, String password, String reason) {}

    @Override
    protected int run() throws IOException, InterruptedException {
        List<CsvRows.Row> rows = CsvRows.of(octets());
        if (rows.isEmpty()) {
            throw CliException.failed(file + " must begin with a head line such as id,group");
        }
        List<String> columns = DeviceRow.head(rows.get(0));
        int total = rows.size() - 1;
        if (dryRun) {
            each(columns, rows, outcome -> tell(outcome, total));
        } else {
            Path to = result == null ? file.resolveSibling(file.getFileName() + ".result.csv") : result;
            try (BufferedWriter out = create(to)) {
                line(out, "line", "id", "outcome", "password", "reason");
                each(columns, rows, outcome -> {
                    write(out, outcome);
                    tell(outcome, total);
                });
            }
            err().println("what came of each row, passwords among it: " + to);
        }
        if (refused > REFUSALS_SHOWN_MAX) {
            err().println("and " + (refused - REFUSALS_SHOWN_MAX) + " more rows");
        }
        out().println(good((total - refused) + (dryRun ? " devices could be created" : " devices created"))
                + (refused == 0 ? "." : ", " + refused + " rows refused."));
        return refused == 0 ? ExitCodes.OK : ExitCodes.PARTLY;
    }

    private byte[] octets() throws IOException {
        long size = Files.size(file);
        if (size > FILE_BYTES_MAX) {
            throw CliException.failed(file + " must have at most " + FILE_BYTES_MAX + " bytes but has " + size);
        }
        return Files.readAllBytes(file);
    }

    private static BufferedWriter create(Path to) throws IOException {
        try {
            Files.createFile(to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw CliException.failed(to + " exists already and may hold passwords: name another file with --result");
        }
        return Files.newBufferedWriter(to, StandardCharsets.UTF_8);
    }

    /** Takes what became of a row. */
    private interface Sink {
        void take(Outcome outcome) throws IOException;
    }

    /** Asks for a few rows at once and takes their outcomes in order. */
    private void each(List<String> columns, List<CsvRows.Row> rows, Sink sink)
            throws IOException, InterruptedException {
        Set<String> seen = new HashSet<>();
        Deque<Future<Outcome>> running = new ArrayDeque<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            for (CsvRows.Row row : rows.subList(1, rows.size())) {
                DeviceRow read = DeviceRow.read(columns, row, seen);
                Callable<Outcome> asking = () -> ask(read);
                running.add(threads.submit(asking));
                if (running.size() > 2 * AT_ONCE) {
                    sink.take(outcome(running.remove()));
                }
            }
            while (!running.isEmpty()) {
                sink.take(outcome(running.remove()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Outcome outcome(Future<Outcome> running) throws IOException, InterruptedException {
        try {
            return running.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            if (e.getCause() instanceof CliException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Outcome ask(DeviceRow row) throws IOException, InterruptedException {
        if (!row.problems().isEmpty()) {
            return new Outcome(row, "", String.join("; ", row.problems()));
        }
        NodeConnection.Answer answer = node.post(DeviceCommand.PATH + (dryRun ? "?dryRun=true" : ""), row.body());
        if (answer.ok()) {
            return new Outcome(row, answer.json().path("password").asText(""), "");
        }
        if (answer.status() / 100 != 4 || answer.status() == 401 || answer.status() == 403) {
            // The node itself is in trouble: the rows behind would fare no better.
            answer.orFail();
        }
        return new Outcome(row, "", column(answer.json()) + answer.message());
    }

    private static String column(JsonNode refusal) {
        return switch (refusal.path("error").asText()) {
            case "device_exists" -> "column id: ";
            case "certificate_taken" -> "column certificates: ";
            default -> "";
        };
    }

    private void tell(Outcome outcome, int total) {
        done++;
        if (!outcome.reason().isEmpty() && refused++ < REFUSALS_SHOWN_MAX) {
            err().println("line " + outcome.row().line() + ": " + DisplayWidth.printable(outcome.reason()));
        }
        if (System.nanoTime() - nextProgressNanos >= 0 && Screen.isTerminal(2)) {
            nextProgressNanos = System.nanoTime() + PROGRESS_NANOS;
            err().println(done + " of " + total + " rows, " + refused + " refused");
            err().flush();
        }
    }

    private void write(BufferedWriter out, Outcome outcome) throws IOException {
        line(
                out,
                Long.toString(outcome.row().line()),
                outcome.row().id(),
                outcome.reason().isEmpty() ? "created" : "refused",
                outcome.password(),
                outcome.reason());
    }

    private static void line(BufferedWriter out, String... cells) throws IOException {
        for (int i = 0; i < cells.length; i++) {
            out.write((i == 0 ? "" : ",") + CsvRows.quoted(cells[i]));
        }
        out.write('\n');
    }
}
