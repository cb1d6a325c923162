package io.waymark.platform.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark sign}: the node vouches for a record. */
@Command(
        name = "sign",
        header = "Sign a record with the node's key.",
        description = {
            "Adds an HS_SIGNATURE value to the record, or replaces the one this node made before.",
            "The node's key is published in the prefix handle, so that any Handle client can verify it."
        },
        exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, "4:There is no such handle."},
        footerHeading = "%nExamples:%n",
        footer = {"  waymark sign 88.118.8/TIN-1001", "  waymark sign 88.118.8/TIN-1001 --index 1 --days 30"})
public final class SignCommand extends ClientCommand {
    @Parameters(paramLabel = "HANDLE", description = "The handle, such as 88.118.8/TIN-1001.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String handle;

    @Option(
            names = "--index",
            paramLabel = "N",
            description = "Sign the value with this index only; may be repeated (default: all public values).")
    private List<Integer> indexes = new ArrayList<>();

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "366",
            description = "How long the signature holds (default: ${DEFAULT-VALUE}).")
    private int days = 366;

    @Override
    protected int run() throws IOException, InterruptedException {
        StringBuilder path = new StringBuilder("/api/signatures/" + NodeConnection.encode(handle) + "?days=" + days);
        indexes.forEach(index -> path.append("&index=").append(index));
        node.resolver().post(path.toString(), JSON.createObjectNode()).orFail();
        out().println(good("Signed " + handle) + " for " + days + (days == 1 ? " day." : " days."));
        return ExitCodes.OK;
    }
}
