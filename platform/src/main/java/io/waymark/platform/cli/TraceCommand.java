package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.cli.terminal.TerminalTimeline;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark trace}: where has this item been? */
@Command(
        name = "trace",
        header = "Draw the timeline of an item.",
        description = "Shows where it was seen, in which step, and what the sensors said.",
        exitCodeList = {
            ExitCodes.OK_TEXT,
            ExitCodes.FAILED_TEXT,
            ExitCodes.USAGE_TEXT,
            "4:Nothing has been seen of the item (with --follow this is never the end)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark trace '(01)06901234000016(21)1001'                  # element string",
            "  waymark trace https://id.gs1.org/01/06901234000016/21/1001  # Digital Link",
            "  waymark trace 30340242201d8840000003e9                      # tag bits",
            "  waymark trace 88.118.8/TIN-1001 --follow                    # handle, and wait for more"
        })
public final class TraceCommand extends ClientCommand {
    private static final long POLL_MILLIS = 1000;

    @Parameters(paramLabel = "CODE", description = "Any code: handle, GS1 key, EPC, tag bits, VIN, …")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String code;

    @Option(names = "--json", description = "Print the JSON of the node; with --follow one event per line.")
    private boolean json;

    @Option(names = "--follow", description = "Keep running and draw further events as they come; Ctrl-C ends it.")
    private boolean follow;

    @Override
    protected int run() throws IOException, InterruptedException {
        return follow ? follow() : once();
    }

    private int once() throws IOException, InterruptedException {
        JsonNode trace = read();
        if (json) {
            printJson(trace);
        } else {
            print(new TerminalTimeline(screen()).draw(trace));
        }
        return trace.path("events").isEmpty() ? ExitCodes.NOT_FOUND : ExitCodes.OK;
    }

    private int follow() throws IOException, InterruptedException {
        TerminalTimeline timeline = new TerminalTimeline(screen());
        JsonNode trace = read();
        if (!json) {
            print(timeline.head(trace));
        }
        Set<String> shown = new HashSet<>();
        while (true) {
            for (JsonNode event : trace.path("events")) {
                if (shown.add(event.path("eventID").asText())) {
                    show(event, timeline);
                }
            }
            out().flush();
            if (out().checkError()) {
                return ExitCodes.OK; // nobody reads any more
            }
            Thread.sleep(POLL_MILLIS);
            trace = read();
        }
    }

    private void show(JsonNode event, TerminalTimeline timeline) {
        if (json) {
            out().println(event);
        } else {
            print(timeline.event(event));
        }
    }

    /** A thing is seen under the codes its tags and labels carry: a handle's record says which those are. */
    private JsonNode read() throws IOException, InterruptedException {
        JsonNode trace = read(code);
        if (!trace.path("events").isEmpty() || !trace.path("scheme").asText().equals("HANDLE")) {
            return trace;
        }
        JsonNode known =
                node.get("/api/v1/lookup?code=" + NodeConnection.encode(code)).json();
        for (JsonNode value : known.path("values")) {
            if (value.path("type").asText().equals("GS1")) {
                return read(value.path("data").path("value").asText());
            }
        }
        return trace;
    }

    private JsonNode read(String anyCode) throws IOException, InterruptedException {
        return node.get("/trace?code=" + NodeConnection.encode(anyCode))
                .orFail()
                .json();
    }
}
