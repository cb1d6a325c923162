package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.platform.cli.terminal.Table;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark device}: who may publish. */
@Command(
        name = "device",
        header = "Create, list, disable, enable and delete devices, or give one a new password.",
        subcommands = {
            DeviceCommand.Create.class,
            DeviceCommand.ListAll.class,
            DeviceCommand.Disable.class,
            DeviceCommand.Enable.class,
            DeviceCommand.Rotate.class,
            DeviceCommand.Delete.class
        },
        synopsisSubcommandLabel = "(create | list | disable | enable | rotate | delete)",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark device create rfid-tunnel-1 --group packing",
            "  waymark device disable rfid-tunnel-1   # its next connection is refused, its password kept"
        })
public final class DeviceCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    private static final String PATH = "/api/v1/devices";

    /** {@code waymark device create}. */
    @Command(
            name = "create",
            description = {
                "Create a device that may connect over MQTT with its id as user name.",
                "Without --password-stdin the node makes the password; it is shown once and stored only as a hash."
            },
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT},
            footerHeading = "%nExample:%n",
            footer = "  waymark device create rfid-tunnel-1 --group packing")
    static final class Create extends ClientCommand {
        private static final int PASSWORD_BYTES_MAX = 1024;

        @Parameters(paramLabel = "ID", description = "The device's id, also its MQTT user name.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String id;

        @Option(names = "--group", paramLabel = "GROUP", description = "The group it belongs to.")
        private @Nullable String group;

        @Option(names = "--password-stdin", description = "Read the password from the first line of input.")
        private boolean passwordFromInput;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Mixin
        private NodeConnection node = new NodeConnection();

        @Override
        int run() throws IOException, InterruptedException {
            ObjectNode body = JSON.createObjectNode().put("id", id);
            if (group != null) {
                body.put("group", group);
            }
            if (passwordFromInput) {
                body.put("password", StandardInput.line("password", PASSWORD_BYTES_MAX));
            }
            JsonNode made = node.post(PATH, body).orFail().json();
            if (json) {
                printJson(made);
                return ExitCodes.OK;
            }
            out().println(good("Created device " + made.path("id").asText(id)) + ".");
            String password = made.path("password").asText("");
            if (!password.isEmpty()) {
                out().println("  user name  " + made.path("id").asText(id));
                out().println("  password   " + password);
                out().println("Keep the password now: it is not shown again.");
            }
            return ExitCodes.OK;
        }
    }

    /** {@code waymark device list}. */
    @Command(
            name = "list",
            description = "List the devices in the order of their ids.",
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT},
            footerHeading = "%nExample:%n",
            footer = "  waymark device list --after rfid-tunnel-1 --limit 20")
    static final class ListAll extends ClientCommand {
        private static final int PAGE = 500;

        @Option(names = "--after", paramLabel = "ID", description = "Begin behind this id.")
        private String after = "";

        @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
        private int limit = Integer.MAX_VALUE;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Mixin
        private NodeConnection node = new NodeConnection();

        @Override
        int run() throws IOException, InterruptedException {
            ArrayNode devices = readAll();
            if (json) {
                printJson(JSON.createObjectNode().set("devices", devices));
                return ExitCodes.OK;
            }
            if (devices.isEmpty()) {
                complain("there is no device" + (after.isEmpty() ? "" : " behind " + after));
                return ExitCodes.OK;
            }
            Table table = new Table("ID", "GROUP", "STATE");
            for (JsonNode d : devices) {
                String state = d.path("enabled").asBoolean(true) ? "enabled" : "disabled";
                table.add(d.path("id").asText(), d.path("group").asText(""), state);
            }
            print(table.draw(screen()));
            return ExitCodes.OK;
        }

        private ArrayNode readAll() throws IOException, InterruptedException {
            ArrayNode all = JSON.createArrayNode();
            String last = after;
            while (all.size() < limit) {
                int wanted = Math.min(PAGE, limit - all.size());
                JsonNode page = node.get(PATH + "?limit=" + wanted
                                + (last.isEmpty() ? "" : "&after=" + NodeConnection.encode(last)))
                        .orFail()
                        .json()
                        .path("devices");
                page.forEach(all::add);
                // fewer than asked for, or a node that does not go on: that was all
                if (page.size() < wanted
                        || page.get(page.size() - 1).path("id").asText("").equals(last)) {
                    break;
                }
                last = page.get(page.size() - 1).path("id").asText("");
            }
            return all;
        }
    }

    /** A command that does one thing to one device. */
    abstract static class OfOneDevice extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "The device's id.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String id;

        @Mixin
        private NodeConnection node = new NodeConnection();

        final String id() {
            return id;
        }

        final NodeConnection node() {
            return node;
        }

        final String path() {
            return PATH + "/" + NodeConnection.encode(id).replace("/", "%2F");
        }

        final int setEnabled(boolean enabled) throws IOException, InterruptedException {
            node.patch(path(), JSON.createObjectNode().put("enabled", enabled)).orFail();
            out().println(good((enabled ? "Enabled device " : "Disabled device ") + id) + ".");
            return ExitCodes.OK;
        }
    }

    /** {@code waymark device disable}. */
    @Command(
            name = "disable",
            description = "Refuse the device until it is enabled again; its password is kept.",
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT},
            footerHeading = "%nExample:%n",
            footer = "  waymark device disable rfid-tunnel-1")
    static final class Disable extends OfOneDevice {
        @Override
        int run() throws IOException, InterruptedException {
            return setEnabled(false);
        }
    }

    /** {@code waymark device enable}. */
    @Command(
            name = "enable",
            description = "Accept the device again.",
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT},
            footerHeading = "%nExample:%n",
            footer = "  waymark device enable rfid-tunnel-1")
    static final class Enable extends OfOneDevice {
        @Override
        int run() throws IOException, InterruptedException {
            return setEnabled(true);
        }
    }

    /** {@code waymark device rotate}. */
    @Command(
            name = "rotate",
            description = "Give the device a new password, shown once; the old one is refused from now on.",
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT},
            footerHeading = "%nExample:%n",
            footer = "  waymark device rotate rfid-tunnel-1")
    static final class Rotate extends OfOneDevice {
        @Override
        int run() throws IOException, InterruptedException {
            JsonNode answer = node().post(path() + "/rotate", JSON.createObjectNode())
                    .orFail()
                    .json();
            out().println(good("Device " + id() + " has a new password") + ".");
            out().println("  password   " + answer.path("password").asText());
            out().println("Keep it now: it is not shown again.");
            return ExitCodes.OK;
        }
    }

    /** {@code waymark device delete}. */
    @Command(
            name = "delete",
            description = "Delete the device and its password. What it published stays.",
            exitCodeListHeading = ExitCodes.HEADING,
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT},
            footerHeading = "%nExample:%n",
            footer = "  waymark device delete rfid-tunnel-1")
    static final class Delete extends OfOneDevice {
        @Override
        int run() throws IOException, InterruptedException {
            node().delete(path()).orFail();
            out().println(good("Deleted device " + id()) + ".");
            return ExitCodes.OK;
        }
    }
}
