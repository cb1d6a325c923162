package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.cli.terminal.Table;
import java.io.IOException;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waymark statistics}: resolutions and registrations by prefix and day. */
@Command(
        name = "statistics",
        header = "Show resolutions and registrations by prefix and day.",
        footer = "  waymark statistics --prefix 88.118.8 --from 2026-11-01")
public final class StatisticsCommand extends ReportingCommand {
    private static final int BAR_CELLS = 24;
    private static final String EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589";

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only this prefix.")
    private String prefix = "";

    @Option(names = "--from", paramLabel = "DATE", description = "First day (default: six days before the last).")
    private String from = "";

    @Option(names = "--to", paramLabel = "DATE", description = "Last day (default: today).")
    private String to = "";

    @Option(names = "--sources", description = "Requests by the networks they came from, instead.")
    private boolean sources;

    @Override
    protected int run() throws IOException, InterruptedException {
        if (sources && !prefix.isEmpty()) {
            throw new CliException(ExitCodes.USAGE, "--sources and --prefix: networks are not counted by prefix");
        }
        String path = sources ? "/api/v1/statistics/sources" : "/api/v1/statistics";
        JsonNode answer = node.get(path + query()).orFail().json();
        if (json) {
            printJson(answer);
            return ExitCodes.OK;
        }
        JsonNode days = answer.path("days");
        if (days.isEmpty()) {
            complain("nothing was counted from " + answer.path("from").asText() + " to "
                    + answer.path("to").asText());
            return ExitCodes.OK;
        }
        print((sources ? networks(days) : prefixes(days)).draw(screen()));
        return ExitCodes.OK;
    }

    private static Table networks(JsonNode days) {
        long most = most(days, "requests");
        Table table = new Table("DAY", "NETWORK", "REQUESTS", "");
        for (JsonNode row : days) {
            long requests = row.path("requests").asLong();
            table.add(
                    row.path("day").asText(),
                    row.path("network").asText(),
                    Long.toString(requests),
                    bar(requests, most));
        }
        return table;
    }

    private static long most(JsonNode days, String column) {
        long most = 1;
        for (JsonNode row : days) {
            most = Math.max(most, row.path(column).asLong());
        }
        return most;
    }

    private static Table prefixes(JsonNode days) {
        long most = most(days, "resolutions");
        Table table = new Table("DAY", "PREFIX", "RESOLVED", "FOUND", "REGISTERED", "DELETED", "RESOLUTIONS");
        for (JsonNode row : days) {
            table.add(
                    row.path("day").asText(),
                    row.path("prefix").asText(),
                    row.path("resolutions").asText(),
                    row.path("found").asText(),
                    row.path("created").asText(),
                    row.path("deleted").asText(),
                    bar(row.path("resolutions").asLong(), most));
        }
        return table;
    }

    private String query() {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        add(query, "prefix", prefix);
        add(query, "from", from);
        add(query, "to", to);
        return query.toString();
    }

    private static void add(StringJoiner query, String name, String value) {
        if (!value.isEmpty()) {
            query.add(name + '=' + NodeConnection.encode(value));
        }
    }

    /** A bar in eighths of a cell; whatever was counted at all can be seen. */
    static String bar(long count, long most) {
        long eighths = count == 0 ? 0 : Math.max(1, Math.round((double) count / most * BAR_CELLS * 8));
        int rest = (int) (eighths % 8);
        return "\u2588".repeat((int) (eighths / 8)) + (rest == 0 ? "" : EIGHTHS.charAt(rest));
    }
}
