package io.waymark.platform.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.platform.cli.CliException;
import io.waymark.platform.cli.ClientCommand;
import io.waymark.platform.cli.ExitCodes;
import io.waymark.platform.cli.NodeConnection;
import io.waymark.platform.cli.terminal.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waymark bench load}: registers many records, so that there is something to resolve. */
@Command(
        name = "load",
        header = "Register N records with one URL value each, through the node's import.",
        footer = {"  waymark bench load 1000000 --home --data ./data"})
final class BenchLoadCommand extends ClientCommand {
    private static final int CHUNK = 1000;
    private static final int CONFLICT = 409;

    @Mixin
    private RecordOptions wanted = new RecordOptions();

    @Option(names = "--from", paramLabel = "N", description = "First number (default: 0).")
    private long from;

    @Option(names = "--home", description = "Home the prefix first, if the node does not yet.")
    private boolean home;

    @Override
    protected int run() throws IOException, InterruptedException {
        long records = wanted.records();
        NamePattern names = wanted.names();
        if (home) {
            home(names.before());
        }
        long start = System.nanoTime();
        boolean terminal = Screen.isTerminal(2);
        for (long n = from; n < from + records; n += CHUNK) {
            load(names, n, Math.min(from + records, n + CHUNK));
            if (terminal) {
                showProgress(n + CHUNK - from);
            }
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        out().printf(
                        Locale.ROOT,
                        "%,d records registered in %.1f s, %,.0f per second%n",
                        records,
                        seconds,
                        records / seconds);
        return ExitCodes.OK;
    }

    private void home(String before) throws IOException, InterruptedException {
        int slash = before.indexOf('/');
        if (slash < 1) {
            throw new CliException(
                    ExitCodes.USAGE, "--names must begin with a prefix and a slash but begins with " + before);
        }
        ObjectNode body = JSON.createObjectNode().put("prefix", before.substring(0, slash));
        NodeConnection.Answer answer = node.post("/api/v1/prefixes", body);
        if (answer.status() != CONFLICT) {
            answer.orFail();
        }
    }

    private void load(NamePattern names, long first, long end) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (long n = first; n < end; n++) {
            lines.append(record(names.format(n))).append('\n');
        }
        byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
        JsonNode answer = node.post("/api/v1/records/import", "application/x-ndjson", body)
                .orFail()
                .json();
        if (!answer.path("refused").isEmpty()) {
            JsonNode refusal = answer.path("refused").path(0);
            throw CliException.failed(names.format(first + refusal.path("line").asLong() - 1) + " was refused: "
                    + refusal.path("reason").asText());
        }
    }

    private String record(String handle) {
        ObjectNode record = JSON.createObjectNode().put("handle", handle);
        record.putArray("values")
                .addObject()
                .put("index", 1)
                .put("type", "URL")
                .put("data", padded("https://id.example.com/" + handle + "?"));
        return record.toString();
    }

    private String padded(String url) {
        return url + "x".repeat(Math.max(0, wanted.valueBytes() - url.length()));
    }

    private void showProgress(long done) {
        err().printf(Locale.ROOT, "\r%,d of %,d records \033[K", Math.min(done, wanted.records()), wanted.records());
        if (done >= wanted.records()) {
            err().print("\r\033[K");
        }
        err().flush();
    }
}
