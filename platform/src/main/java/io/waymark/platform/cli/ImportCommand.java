package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.bulk.ImportException;
import io.waymark.platform.bulk.ImportJob;
import io.waymark.platform.bulk.ImportThreads;
import io.waymark.platform.bulk.InputFormat;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import io.waymark.platform.node.StartException;
import io.waymark.platform.node.StoppedNode;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.storage.StorageException;
import io.waymark.storage.bulk.BulkInterruptedException;
import io.waymark.storage.bulk.BulkPolicy;
import io.waymark.storage.bulk.BulkProgress.Phase;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.StoreChangedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark import}: very many records at one stroke. */
@Command(
        name = "import",
        header = "Load the records of files, all of them or none.",
        description = {
            "Reads and checks everything, sorts it, writes table files and makes them part of the node's record store at"
                    + " one stroke. If a line is refused nothing is loaded, unless --skip-bad is given. An import that was"
                    + " killed goes on where it was when it is started again.",
            "The node may run or not. With --url the files are sent to it.",
            "NDJSON has one {\"handle\":\"…\",\"values\":[…]} per line. CSV has a head line \"handle,TYPE,TYPE,…\";"
                    + " a TYPE may have an index in front (7:URL)."
        },
        exitCodeList = {
            ExitCodes.OK_TEXT,
            "1:Nothing was loaded; the message says why, and which lines were refused.",
            ExitCodes.USAGE_TEXT,
            "3:Loaded without the lines that were refused; they are listed on standard error."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark import tea.ndjson",
            "  waymark import tins.csv --home            # handle,URL,GS1",
            "  waymark import monday.ndjson tuesday.ndjson --overwrite",
            "  zcat all.ndjson.gz | waymark import - --skip-bad"
        })
public final class ImportCommand extends ClientCommand {
    private static final int REFUSALS_SHOWN_MAX = 50;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "NDJSON, or CSV if the name ends in .csv; - reads NDJSON from standard input.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--overwrite",
            description = "Replace records that exist; of several lines for one handle the last counts.")
    private boolean overwrite;

    @Option(
            names = "--skip-bad",
            description = "Load without the lines that are refused, and write those to FILE.refused.")
    private boolean skipBad;

    @Option(
            names = "--home",
            description = "Have prefixes that do not live on the node live there; new administrators' keys are shown.")
    private boolean home;

    private long beginNanos;

    /** What came of it, wherever it was done. */
    private record Summary(
            boolean loaded, long records, long replaced, long superseded, long refused, JsonNode secrets) {
        static Summary of(JsonNode result) {
            return new Summary(
                    result.path("loaded").asBoolean(),
                    result.path("records").asLong(),
                    result.path("replaced").asLong(),
                    result.path("superseded").asLong(),
                    result.path("refused").asLong(),
                    result.path("secrets"));
        }

        static Summary of(ImportJob.Loaded loaded) {
            return new Summary(
                    loaded.result().loaded(),
                    loaded.result().records(),
                    loaded.result().replaced(),
                    loaded.result().superseded(),
                    loaded.result().refused(),
                    JSON.valueToTree(loaded.secrets()));
        }
    }

    @Override
    protected int run() throws IOException, InterruptedException {
        beginNanos = System.nanoTime();
        QuietLogs.off();
        try (ImportView view = new ImportView(err(), screen(), Screen.isTerminal(2))) {
            return node.hasUrl() ? send(view) : importHere(view);
        } catch (ImportException | StorageException | StoreChangedException | BulkInterruptedException e) {
            throw CliException.failed(String.valueOf(e.getMessage()));
        }
    }

    // ---- a node on this machine -----------------------------------------------------------------------------------

    private int importHere(ImportView view) throws IOException, InterruptedException {
        Path imports = node.data().resolve("import");
        Path input = files.contains("-") ? spoolStandardInput(imports) : null;
        try (ImportJob job =
                ImportJob.begin(imports, paths(input), format(), (int) (System.currentTimeMillis() / 1000))) {
            if (job.bytesStaged() > 0) {
                err().println("going on with an import that was cut off");
            }
            Summary summary = stageAndLoad(job, view);
            view.close();
            showRefusals(job, summary.loaded());
            job.delete();
            return tell(summary);
        } finally {
            if (input != null) {
                Files.deleteIfExists(input);
            }
        }
    }

    private static Path spoolStandardInput(Path imports) throws IOException {
        Files.createDirectories(imports);
        Path copy = Files.createTempFile(imports, "stdin-", ".ndjson");
        Files.copy(System.in, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    private List<Path> paths(@Nullable Path standardInput) {
        return files.stream()
                .map(name -> name.equals("-") && standardInput != null ? standardInput : Path.of(name))
                .toList();
    }

    private InputFormat format() {
        Set<InputFormat> formats = new HashSet<>();
        files.forEach(name -> formats.add(InputFormat.of(Path.of(name))));
        if (formats.size() > 1) {
            throw new CliException(ExitCodes.USAGE, "files of one import must all be NDJSON or all be CSV");
        }
        return formats.iterator().next();
    }

    private Summary stageAndLoad(ImportJob job, ImportView view) throws IOException, InterruptedException {
        try (ImportThreads threads = new ImportThreads()) {
            job.stage(threads.count(), threads.executor(), view);
            try (StoppedNode stopped = StoppedNode.hold(node.data());
                    RecordStore records = stopped.openRecords()) {
                ImportJob.Loaded loaded =
                        job.load(records, new BulkPolicy(overwrite, skipBad), home, threads.executor(), view);
                try (Statistics statistics = stopped.openStatistics()) {
                    loaded.countIn(statistics);
                }
                return Summary.of(loaded);
            } catch (StartException e) {
                return loadThroughNode(job, view, String.valueOf(e.getMessage()));
            }
        }
    }

    private Summary loadThroughNode(ImportJob job, ImportView view, String held)
            throws IOException, InterruptedException {
        if (!Files.exists(node.data().resolve(NodeConnection.READY_FILE))) {
            throw CliException.failed(held + ", and is not ready: try again in a moment");
        }
        JsonNode result;
        job.release();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                node.postForStream(
                        "/api/v1/records/bulk/" + job.name() + query(), "application/json", BodyPublishers.noBody()),
                StandardCharsets.UTF_8))) {
            result = follow(lines, view);
        } finally {
            job.reacquire();
        }
        return Summary.of(result);
    }

    // ---- a node elsewhere -----------------------------------------------------------------------------------------

    private int send(ImportView view) throws IOException, InterruptedException {
        InputFormat format = format();
        if (format == InputFormat.CSV && files.size() > 1) {
            throw new CliException(ExitCodes.USAGE, "with --url only one CSV file at a time: each has its own head");
        }
        List<BodyPublisher> bodies = new ArrayList<>();
        for (String name : files) {
            bodies.add(
                    name.equals("-")
                            ? BodyPublishers.ofInputStream(() -> System.in)
                            : BodyPublishers.ofFile(Path.of(name)));
        }
        BodyPublisher body = BodyPublishers.concat(bodies.toArray(new BodyPublisher[0]));
        String path = "/api/v1/records/bulk" + query() + "&format=" + (format == InputFormat.CSV ? "csv" : "ndjson");
        JsonNode result;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                node.postForStream(path, "application/octet-stream", body), StandardCharsets.UTF_8))) {
            result = follow(lines, view);
        }
        view.close();
        Summary summary = Summary.of(result);
        result.path("refusals")
                .forEach(r -> showRefusal(
                        r.path("line").asLong(), "", r.path("reason").asText()));
        tellRest(summary.refused());
        return tell(summary);
    }

    private String query() {
        return "?overwrite=" + overwrite + "&skipBad=" + skipBad + "&home=" + home;
    }

    /** Shows what the node tells until it tells the result. */
    private static JsonNode follow(BufferedReader lines, ImportView view) throws IOException {
        Phase phase = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode told = JSON.readTree(line);
            if (told.has("result")) {
                return told.path("result");
            }
            if (told.has("error")) {
                throw CliException.failed(told.path("message").asText());
            }
            Phase now = Phase.valueOf(told.path("phase").asText());
            if (now != phase) {
                view.begin(now, told.path("total").asLong());
                phase = now;
            }
            view.moveTo(told.path("done").asLong());
        }
        throw CliException.failed("the node hung up before the import ended; start it again to go on");
    }

    // ---- telling --------------------------------------------------------------------------------------------------

    private long shown;

    private void showRefusals(ImportJob job, boolean loaded) throws IOException {
        try (RefusedFiles out = new RefusedFiles(loaded, files.contains("-"))) {
            job.forEachRefused(line -> {
                Path file = line.place().file();
                showRefusal(line.place().line(), files.size() > 1 ? file.getFileName() + " " : "", line.reason());
                out.add(file, job.quote(line.text()));
                return true;
            });
            out.written()
                    .forEach((file, count) ->
                            err().println(count + (count == 1 ? " line" : " lines") + " written to " + file));
        }
        tellRest(shown);
    }

    private void showRefusal(long line, String file, String reason) {
        if (shown++ < REFUSALS_SHOWN_MAX) {
            err().println(file + "line " + line + ": " + DisplayWidth.printable(reason));
        }
    }

    private void tellRest(long refused) {
        if (refused > REFUSALS_SHOWN_MAX) {
            err().println("… and " + (refused - REFUSALS_SHOWN_MAX) + " more");
        }
    }

    private int tell(Summary summary) {
        summary.secrets()
                .properties()
                .forEach(secret -> out().println("Prefix " + secret.getKey()
                        + " lives here now. Secret key 300 of " + secret.getKey() + "/ADMIN, shown this once: "
                        + secret.getValue().asText()));
        if (!summary.loaded() && summary.refused() > 0) {
            complain("nothing was loaded, because " + counted(summary.refused(), "line") + " of "
                    + (summary.records() + summary.refused()) + " cannot be: correct them, or see --skip-bad and"
                    + " --overwrite");
            return ExitCodes.FAILED;
        }
        double seconds = (System.nanoTime() - beginNanos) * 1e-9;
        out().println(good(counted(summary.loaded() ? summary.records() : 0, "record") + " loaded")
                + String.format(
                        java.util.Locale.ROOT, " in %.1f s, %,.0f per second", seconds, summary.records() / seconds)
                + (summary.replaced() == 0 ? "" : ", " + summary.replaced() + " of them in place of existing ones")
                + (summary.superseded() == 0
                        ? ""
                        : ", " + counted(summary.superseded(), "line") + " superseded by later ones")
                + (summary.refused() == 0 ? "." : ", " + counted(summary.refused(), "line") + " refused."));
        return summary.refused() == 0 ? ExitCodes.OK : ExitCodes.PARTLY;
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
