package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark import}: many records at once. */
@Command(
        name = "import",
        header = "Register the records of a file.",
        description = {
            "Works in chunks. A record that is refused is listed with its line; the others are"
                    + " registered. Running the same import again is harmless.",
            "NDJSON has one {\"handle\":\"…\",\"values\":[…]} per line. CSV has a head line \"handle,TYPE,TYPE,…\";"
                    + " a TYPE may have an index in front (7:URL)."
        },
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {
            ExitCodes.OK_TEXT,
            ExitCodes.FAILED_TEXT,
            ExitCodes.USAGE_TEXT,
            "3:Some lines were refused; they are listed on standard error."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark import tea.ndjson",
            "  waymark import tins.csv                     # handle,URL,GS1",
            "  waymark import tea.ndjson --from-line 40001 # go on where an import stopped",
            "  zcat all.ndjson.gz | waymark import -"
        })
public final class ImportCommand extends ClientCommand {
    private static final int CHUNK_LINES_MAX = 1000;
    private static final int CHUNK_CHARS_MAX = 1 << 20;
    private static final int REFUSALS_SHOWN_MAX = 50;
    private static final int TRIES_MAX = 6;

    @Parameters(paramLabel = "FILE", description = "An .ndjson or .csv file; - reads NDJSON from standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String file;

    @Option(names = "--from-line", paramLabel = "N", description = "Skip the lines before this one.")
    private long fromLine = 1;

    @Mixin
    private NodeConnection node = new NodeConnection();

    private final StringBuilder chunk = new StringBuilder();
    private final long[] chunkLines = new long[CHUNK_LINES_MAX];
    private int chunkSize;
    private long decided;
    private long accepted;
    private long refused;
    private boolean barIsShown;

    @Override
    int run() throws IOException, InterruptedException {
        node.baseUrl(); // no node: say so before reading anything
        try (CountingInput counting = open();
                ProgressBar bar = progressBar();
                BufferedReader in = new BufferedReader(new InputStreamReader(counting, StandardCharsets.UTF_8))) {
            boolean csv = file.toLowerCase(Locale.ROOT).endsWith(".csv");
            importAll(csv ? ImportLines.csv(in) : ImportLines.ndjson(in), counting, bar);
        } catch (CliException | IOException e) {
            tellWhereToGoOn();
            throw e;
        }
        return summary();
    }

    private void importAll(ImportLines lines, CountingInput input, @Nullable ProgressBar bar)
            throws IOException, InterruptedException {
        for (ImportLines.Line line = lines.next(); line != null; line = lines.next()) {
            if (line.number() < fromLine) {
                continue;
            }
            String json = line.json();
            if (json == null) {
                refuse(line.number(), line.refusal());
                continue;
            }
            if (chunkSize == CHUNK_LINES_MAX || (chunkSize > 0 && chunk.length() + json.length() > CHUNK_CHARS_MAX)) {
                sendChunk();
                showProgress(input, bar);
            }
            chunk.append(json).append('\n');
            chunkLines[chunkSize++] = line.number();
        }
        if (chunkSize > 0) {
            sendChunk();
        }
        showProgress(input, bar);
    }

    private void sendChunk() throws IOException, InterruptedException {
        byte[] body = chunk.toString().getBytes(StandardCharsets.UTF_8);
        JsonNode answer = postPatiently(body).orFail().json();
        accepted += answer.path("accepted").asLong();
        for (JsonNode r : answer.path("refused")) {
            int at = r.path("line").asInt();
            refuse(
                    at >= 1 && at <= chunkSize ? chunkLines[at - 1] : chunkLines[0],
                    r.path("reason").asText());
        }
        decided = chunkLines[chunkSize - 1];
        chunk.setLength(0);
        chunkSize = 0;
    }

    /** A node that is busy or starting is asked again, each time after twice as long. */
    private NodeConnection.Answer postPatiently(byte[] body) throws IOException, InterruptedException {
        long pauseMillis = 250;
        for (int i = 1; ; i++) {
            NodeConnection.Answer answer = node.post("/api/v1/records/import", "application/x-ndjson", body);
            if (i == TRIES_MAX || (answer.status() != 429 && answer.status() != 503)) {
                return answer;
            }
            Thread.sleep(pauseMillis);
            pauseMillis *= 2;
        }
    }

    private void refuse(long line, String reason) {
        refused++;
        if (refused <= REFUSALS_SHOWN_MAX + 1 && barIsShown) {
            // the bar is drawn again below
            err().print("\r" + " ".repeat(screen().columns() - 1) + "\r");
        }
        if (refused <= REFUSALS_SHOWN_MAX) {
            err().println("line " + line + ": " + DisplayWidth.printable(reason));
        } else if (refused == REFUSALS_SHOWN_MAX + 1) {
            err().println("… further refusals are only counted");
        }
    }

    private int summary() {
        String total = accepted + (accepted == 1 ? " record" : " records") + " registered";
        if (refused == 0) {
            out().println(good(total) + ".");
            return ExitCodes.OK;
        }
        out().println(total + ", " + refused + (refused == 1 ? " line" : " lines") + " refused.");
        return ExitCodes.PARTLY;
    }

    private void tellWhereToGoOn() {
        if (decided > 0) {
            complain("everything up to line " + decided + " is done (" + accepted + " registered, " + refused
                    + " refused); go on with --from-line " + (decided + 1));
        }
    }

    // ---- progress -------------------------------------------------------------------------------------------------

    private CountingInput open() throws IOException {
        return new CountingInput(file.equals("-") ? System.in : Files.newInputStream(Path.of(file)));
    }

    private @Nullable ProgressBar progressBar() throws IOException {
        if (file.equals("-") || !Screen.isTerminal(2)) {
            return null;
        }
        barIsShown = true;
        PrintStream errors = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new ProgressBarBuilder()
                .setTaskName("import")
                .setUnit(" KiB", 1024)
                .setInitialMax(Math.max(1, Files.size(Path.of(file))))
                .setStyle(screen().unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(errors, screen().columns() - 1))
                .build();
    }

    private void showProgress(CountingInput input, @Nullable ProgressBar bar) {
        if (bar != null) {
            bar.stepTo(input.count());
            bar.setExtraMessage(" " + accepted + " records" + (refused == 0 ? "" : ", " + refused + " refused"));
        }
    }

    /** Counts what was read. */
    private static final class CountingInput extends InputStream {
        private final InputStream in;
        private long count;

        CountingInput(InputStream in) {
            this.in = in;
        }

        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = in.read(into, offset, length);
            count += Math.max(0, n);
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
