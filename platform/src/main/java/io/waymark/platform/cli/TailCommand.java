package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.cli.terminal.TailView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark tail}: what devices do, while they do it. */
@Command(
        name = "tail",
        header = "Show what a device sends, and how it comes and goes, while it does.",
        description = {
            "Short text and JSON are shown as they are, other payloads in hexadecimal. Nobody waits for whoever"
                    + " watches: what comes faster than it can be shown is left out, and how much that was is said."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  waymark tail rfid-tunnel-1", "  waymark tail --group packing --topic \"+/alarm/#\""})
public final class TailCommand extends ClientCommand {
    private static final long ALL = Long.MAX_VALUE;

    @Parameters(arity = "0..1", paramLabel = "DEVICE", description = "Only this device (default: all).")
    private String device = "";

    @Option(names = "--group", paramLabel = "GROUP", description = "Only devices of this group.")
    private String group = "";

    @Option(names = "--topic", paramLabel = "FILTER", description = "Only messages to topics that match.")
    private String topic = "";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after so many; exit code 1 if the node ends before.")
    private long count = ALL;

    @Option(names = "--json", description = "Print JSON lines as the node sends them.")
    private boolean json;

    private long shown;

    @Override
    protected int run() throws IOException, InterruptedException {
        TailView view = new TailView(screen());
        String path = "/api/v1/tail?device=" + NodeConnection.encodeWhole(device) + "&group="
                + NodeConnection.encodeWhole(group) + "&topic=" + NodeConnection.encodeWhole(topic);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(node.stream(path), StandardCharsets.UTF_8))) {
            err().println("watching; Ctrl-C ends it");
            err().flush();
            String line = "";
            while (shown < count && line != null) {
                line = lines.readLine();
                if (line != null && !line.isEmpty()) {
                    show(view, line);
                }
            }
        }
        return shown < count && count < ALL ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private void show(TailView view, String line) throws IOException {
        JsonNode event = JSON.readTree(line);
        if (!event.has("missed") && !event.has("ended")) {
            shown++;
        }
        if (json) {
            out().println(line);
        } else {
            print(view.lines(event));
        }
        out().flush();
    }
}
