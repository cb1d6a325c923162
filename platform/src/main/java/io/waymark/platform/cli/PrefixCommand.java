package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.platform.cli.terminal.DisplayWidth;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark prefix}: which prefixes this node is home to. */
@Command(
        name = "prefix",
        header = "Make a node the home of a prefix, or list its prefixes.",
        subcommands = {PrefixCommand.Add.class, PrefixCommand.ListAll.class},
        synopsisSubcommandLabel = "(add | list)")
public final class PrefixCommand {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    private static final String PATH = "/api/v1/prefixes";

    /** {@code waymark prefix add}. */
    @Command(
            name = "add",
            header = "Make the node the home of PREFIX.",
            description =
                    "Registers the prefix handle 0.NA/PREFIX and its administrator PREFIX/ADMIN with a secret key at index"
                            + " 300, so that any Handle client that knows the secret can administer the prefix.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  waymark prefix add 88.118.8                          # the node makes the secret and shows it once",
                "  waymark prefix add 88.118.8 --secret-stdin < secret  # you choose it",
                "  waymark prefix add 88.118.9 --site 203.0.113.9:2641,tcp,udp  # an enterprise's own node serves it"
            })
    static final class Add extends ClientCommand {
        private static final int SECRET_BYTES_MAX = 1024;

        @Parameters(paramLabel = "PREFIX", description = "The prefix, such as 88.118.8.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String prefix;

        @Option(names = "--secret-stdin", description = "Read the administrator's secret from the first line of input.")
        private boolean secretFromInput;

        @Option(
                names = "--site",
                paramLabel = "ADDRESS:PORT[,tcp][,udp][,http]|FILE",
                description =
                        "Clients are sent to this node, which serves the prefix (default: tcp,udp). A file holds its"
                                + " site record, siteinfo.json or what GET /api/site of it answers: then its key is known too.")
        private @Nullable String site;

        @Override
        protected int run() throws IOException, InterruptedException {
            ObjectNode body = JSON.createObjectNode().put("prefix", prefix);
            if (site != null) {
                body.set("site", SiteOption.toJson(site));
                JsonNode made = node.post(PATH, body).orFail().json();
                out().println(good("Clients are sent to "
                                + made.path("delegatedTo").path(0).asText(site) + " now") + ".");
                out().println("  prefix handle  " + made.path("prefixHandle").asText());
                return ExitCodes.OK;
            }
            if (secretFromInput) {
                body.put("secret", StandardInput.line("secret", SECRET_BYTES_MAX));
            }
            JsonNode made = node.post(PATH, body).orFail().json();
            out().println(good("This node is now home of " + made.path("prefix").asText(prefix)) + ".");
            out().println("  prefix handle  " + made.path("prefixHandle").asText());
            out().println("  administrator  " + made.path("adminIndex").asText() + ":"
                    + made.path("adminHandle").asText());
            String secret = made.path("secret").asText("");
            if (!secret.isEmpty()) {
                out().println("  secret         " + secret);
                out().println("Keep the secret now: it is not shown again.");
            }
            return ExitCodes.OK;
        }
    }

    /** {@code waymark prefix list}. */
    @Command(
            name = "list",
            header = "List the prefixes the node is home to, one per line.",
            footer = "  waymark prefix list --json")
    static final class ListAll extends ReportingCommand {
        @Override
        protected int run() throws IOException, InterruptedException {
            JsonNode answer = node.get(PATH).orFail().json();
            if (json) {
                printJson(answer);
                return ExitCodes.OK;
            }
            for (JsonNode prefix : answer.path("prefixes")) {
                String text = prefix.isTextual()
                        ? prefix.asText()
                        : prefix.path("prefix").asText();
                out().println(DisplayWidth.printable(text) + route(answer, text));
            }
            if (answer.path("prefixes").isEmpty()) {
                complain("this node is home to no prefix yet: add one with \"waymark prefix add PREFIX\"");
            }
            return ExitCodes.OK;
        }

        private static String route(JsonNode answer, String prefix) {
            for (JsonNode d : answer.path("delegated")) {
                if (d.path("prefix").asText().equals(prefix)) {
                    StringBuilder to = new StringBuilder("  delegated to");
                    d.path("delegatedTo").forEach(a -> to.append(' ').append(a.asText()));
                    return DisplayWidth.printable(to.toString());
                }
            }
            return "";
        }
    }
}
