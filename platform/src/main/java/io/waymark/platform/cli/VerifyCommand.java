package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Style;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code waymark verify}: who vouches for a record, and whether he is right. */
@Command(
        name = "verify",
        header = "Verify the signatures in a record.",
        description =
                "Shows for each HS_SIGNATURE value who made it, what it covers, and why it is worth nothing if it is.",
        exitCodeList = {
            "0:The record is signed and every signature is good.",
            "1:It is not signed, or a signature is bad; or the node could not be asked.",
            ExitCodes.USAGE_TEXT,
            "4:There is no such handle."
        },
        footer = "  waymark verify 88.118.8/TIN-1001")
public final class VerifyCommand extends ReportingCommand {
    @Parameters(paramLabel = "HANDLE", description = "The handle, such as 88.118.8/TIN-1001.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String handle;

    @Override
    protected int run() throws IOException, InterruptedException {
        JsonNode answer = node.resolver()
                .get("/api/signatures/" + NodeConnection.encode(handle))
                .orFail()
                .json();
        JsonNode signatures = answer.path("signatures");
        if (json) {
            printJson(answer);
        } else {
            signatures.forEach(this::show);
        }
        if (signatures.isEmpty()) {
            throw CliException.failed(handle + " is not signed: sign it with \"waymark sign " + handle + "\"");
        }
        boolean good = true;
        for (JsonNode signature : signatures) {
            good &= signature.path("good").asBoolean();
        }
        return good ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void show(JsonNode signature) {
        String index = signature.path("index").asText() + "  ";
        String issuer = DisplayWidth.printable(signature.path("issuer").asText());
        if (signature.path("good").asBoolean()) {
            out().println(index + good("good") + "  by " + issuer + ", until "
                    + signature.path("expires").asText("ever"));
        } else {
            out().println(index + screen().paint(Style.WARNING, "bad") + "   by " + issuer);
            signature.path("faults").forEach(f -> out().println("     " + DisplayWidth.printable(f.asText())));
        }
        out().println("     values verified " + signature.path("verified") + ", unsigned "
                + signature.path("unsigned"));
    }
}
