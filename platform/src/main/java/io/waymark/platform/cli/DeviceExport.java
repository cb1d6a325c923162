package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.bulk.CsvRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waymark device export}: all devices as CSV or JSON lines, without secrets. */
@Command(
        name = "export",
        header = "Write all devices without their secrets: CSV as import takes it, or JSON lines with --json.",
        footer = "  waymark device export --group packing > packing.csv")
final class DeviceExport extends ClientCommand {
    @Option(names = "--group", paramLabel = "GROUP", description = "Only of this group.")
    private String group = "";

    @Option(names = "--json", description = "JSON lines, with state and times.")
    private boolean json;

    @Override
    protected int run() throws IOException, InterruptedException {
        DevicePages pages = new DevicePages(node, group, "");
        if (!json) {
            out().println("id,group,enabled,passwordless,certificates");
        }
        pages.forEach("", Integer.MAX_VALUE, device -> out().println(json ? device.toString() : csv(device)));
        return ExitCodes.OK;
    }

    private static String csv(JsonNode device) {
        List<String> certificates = new ArrayList<>();
        device.path("certificates").forEach(name -> certificates.add(name.asText()));
        return String.join(
                ",",
                CsvRows.quoted(device.path("id").asText()),
                CsvRows.quoted(device.path("group").asText()),
                Boolean.toString(device.path("enabled").asBoolean()),
                Boolean.toString(!device.path("hasPassword").asBoolean()),
                CsvRows.quoted(String.join("|", certificates)));
    }
}
