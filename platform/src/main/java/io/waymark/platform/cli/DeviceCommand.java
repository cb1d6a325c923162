package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.platform.cli.terminal.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark device}: who may publish. */
@Command(
        name = "device",
        header = "Create, show, list, change and delete devices; import and export many.",
        subcommands = {
            DeviceCommand.Create.class,
            DeviceDetails.Show.class,
            DeviceCommand.ListAll.class,
            DeviceCommand.Disable.class,
            DeviceCommand.Enable.class,
            DeviceCommand.Rotate.class,
            DeviceDetails.Move.class,
            DeviceDetails.Certificates.class,
            DeviceCommand.Delete.class,
            DeviceImport.class,
            DeviceExport.class
        },
        synopsisSubcommandLabel =
                "(create | show | list | disable | enable | rotate | move | certificates | delete | import | export)",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark device create rfid-tunnel-1 --group packing",
            "  waymark device disable rfid-tunnel-1   # it is disconnected and refused, its password kept"
        })
public final class DeviceCommand {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    static final String PATH = "/api/v1/devices";

    private static final int PASSWORD_BYTES_MAX = 1024;

    /** {@code waymark device create}. */
    @Command(
            name = "create",
            header = "Create a device that may connect over MQTT with its id as user name.",
            description =
                    "Without --password-stdin the node makes the password; it is shown once and stored only as a hash.",
            footer = "  waymark device create rfid-tunnel-1 --group packing")
    static final class Create extends ReportingCommand {
        @Parameters(paramLabel = "ID", description = "The device's id, also its MQTT user name.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String id;

        @Option(names = "--group", paramLabel = "GROUP", description = "The group it belongs to.")
        private @Nullable String group;

        @Option(names = "--password-stdin", description = "Read the password from the first line of input.")
        private boolean passwordFromInput;

        @Option(
                names = "--certificate",
                paramLabel = "NAME",
                description = "Fingerprint or subject of a client certificate that stands for it; may be repeated.")
        private List<String> certificates = new ArrayList<>();

        @Option(names = "--no-password", description = "It proves who it is by certificate alone.")
        private boolean passwordless;

        @Option(names = "--disabled", description = "Refuse it until it is enabled.")
        private boolean disabled;

        @Override
        protected int run() throws IOException, InterruptedException {
            ObjectNode body = JSON.createObjectNode().put("id", id);
            if (!certificates.isEmpty()) {
                certificates.forEach(body.putArray("certificates")::add);
            }
            if (passwordless) {
                body.put("passwordless", true);
            }
            if (disabled) {
                body.put("enabled", false);
            }
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
            header = "List the devices in the order of their ids.",
            footer = "  waymark device list --after rfid-tunnel-1 --limit 20")
    static final class ListAll extends ReportingCommand {
        @Option(names = "--after", paramLabel = "ID", description = "Begin behind this id.")
        private String after = "";

        @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
        private int limit = Integer.MAX_VALUE;

        @Option(names = "--group", paramLabel = "GROUP", description = "Only of this group.")
        private String group = "";

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only those that are enabled, disabled, connected or disconnected.")
        private String state = "";

        @Override
        protected int run() throws IOException, InterruptedException {
            ArrayNode devices = JSON.createArrayNode();
            new DevicePages(node, group, state).forEach(after, limit, devices::add);
            if (json) {
                printJson(devices);
                return ExitCodes.OK;
            }
            if (devices.isEmpty()) {
                complain("there is no such device" + (after.isEmpty() ? "" : " behind " + after));
                return ExitCodes.OK;
            }
            Table table = new Table("ID", "GROUP", "STATE", "SINCE", "LAST MESSAGE");
            for (JsonNode d : devices) {
                table.add(
                        d.path("id").asText(),
                        d.path("group").asText(""),
                        DeviceDetails.state(d),
                        DeviceDetails.time(d.path("state").path("since"), screen()),
                        DeviceDetails.time(d.path("state").path("lastMessageAt"), screen()));
            }
            print(table.draw(screen()));
            return ExitCodes.OK;
        }
    }

    /** A command that does one thing to one device. */
    @Command(exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT})
    abstract static class OfOneDevice extends ClientCommand {
        @Parameters(index = "0", paramLabel = "ID", description = "The device's id.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String id;

        final String id() {
            return id;
        }

        final String path() {
            return PATH + "/" + NodeConnection.encodeWhole(id);
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
            header = "Disconnect the device and refuse it until it is enabled again; its password is kept.",
            footer = "  waymark device disable rfid-tunnel-1")
    static final class Disable extends OfOneDevice {
        @Override
        protected int run() throws IOException, InterruptedException {
            return setEnabled(false);
        }
    }

    /** {@code waymark device enable}. */
    @Command(name = "enable", header = "Accept the device again.", footer = "  waymark device enable rfid-tunnel-1")
    static final class Enable extends OfOneDevice {
        @Override
        protected int run() throws IOException, InterruptedException {
            return setEnabled(true);
        }
    }

    /** {@code waymark device rotate}. */
    @Command(
            name = "rotate",
            header =
                    "Give the device a new password; the old one is refused from now on, and whoever is connected with it is"
                            + " disconnected.",
            description = "Without --password-stdin the node makes the password, which is shown once.",
            footer = "  waymark device rotate rfid-tunnel-1")
    static final class Rotate extends OfOneDevice {
        @Option(names = "--password-stdin", description = "Read the password from the first line of input.")
        private boolean passwordFromInput;

        @Override
        protected int run() throws IOException, InterruptedException {
            ObjectNode body = JSON.createObjectNode();
            if (passwordFromInput) {
                body.put("password", StandardInput.line("password", PASSWORD_BYTES_MAX));
            }
            JsonNode answer = node.post(path() + "/rotate", body).orFail().json();
            out().println(good("Device " + id() + " has a new password") + ".");
            if (passwordFromInput) {
                return ExitCodes.OK;
            }
            out().println("  password   " + answer.path("password").asText());
            out().println("Keep it now: it is not shown again.");
            return ExitCodes.OK;
        }
    }

    /** {@code waymark device delete}. */
    @Command(
            name = "delete",
            header = "Disconnect and delete the device, its password and its sessions. What it published stays.",
            footer = "  waymark device delete rfid-tunnel-1")
    static final class Delete extends OfOneDevice {
        @Override
        protected int run() throws IOException, InterruptedException {
            node.delete(path()).orFail();
            out().println(good("Deleted device " + id()) + ".");
            return ExitCodes.OK;
        }
    }
}
