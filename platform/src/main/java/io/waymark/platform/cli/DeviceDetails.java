package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import io.waymark.platform.cli.terminal.Table;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is known of one device, and what may be changed about it. */
final class DeviceDetails {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private DeviceDetails() {}

    /** A time of the node in the screen's zone; a dash for none. */
    static String time(JsonNode text, Screen screen) {
        return text.isTextual() ? TIME.format(Instant.parse(text.asText()).atZone(screen.zone())) : "-";
    }

    /** Whether it may connect, and whether it is. */
    static String state(JsonNode device) {
        boolean connected = device.path("state").path("connected").asBoolean();
        return (device.path("enabled").asBoolean(true) ? "" : "disabled, ")
                + (connected ? "connected" : "not connected");
    }

    /** {@code waymark device show}. */
    @Command(
            name = "show",
            header = "Show what is registered of a device, when it was last there, and its connections.",
            footer = "  waymark device show rfid-tunnel-1")
    static final class Show extends DeviceCommand.OfOneDevice {
        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        protected int run() throws IOException, InterruptedException {
            JsonNode device = node.get(path()).orFail().json();
            if (json) {
                printJson(device);
                return ExitCodes.OK;
            }
            JsonNode state = device.path("state");
            line("id", device.path("id").asText());
            line("group", device.path("group").asText());
            line("state", state(device));
            line("since", time(state.path("since"), screen()));
            line("last message", time(state.path("lastMessageAt"), screen()));
            line("created", time(device.path("createdAt"), screen()));
            line("password", device.path("hasPassword").asBoolean() ? "yes" : "none");
            device.path("certificates").forEach(name -> line("certificate", name.asText()));
            connections(device.path("connections"));
            return ExitCodes.OK;
        }

        private void line(String what, String value) {
            out().println(String.format(Locale.ROOT, "%-13s %s", what, DisplayWidth.printable(value)));
        }

        private void connections(JsonNode connections) {
            if (connections.isEmpty()) {
                return;
            }
            Table table = new Table("CLIENT", "PROTOCOL", "ADDRESS", "SINCE", "LAST MESSAGE");
            for (JsonNode one : connections) {
                table.add(
                        one.path("clientId").asText(),
                        one.path("protocol").asText(),
                        one.path("address").asText(),
                        time(one.path("since"), screen()),
                        time(one.path("lastMessageAt"), screen()));
            }
            out().println();
            print(table.draw(screen()));
        }
    }

    /** {@code waymark device move}. */
    @Command(
            name = "move",
            header = "Move the device to another group. Its connections are under the new group's rules at once.",
            footer = "  waymark device move rfid-tunnel-1 shipping")
    static final class Move extends DeviceCommand.OfOneDevice {
        @Parameters(index = "1", paramLabel = "GROUP", description = "The group.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String group;

        @Override
        protected int run() throws IOException, InterruptedException {
            node.patch(path(), JSON.createObjectNode().put("group", group)).orFail();
            out().println(good("Device " + id() + " is in group " + group + " now") + ".");
            return ExitCodes.OK;
        }
    }

    /** {@code waymark device certificates}. */
    @Command(
            name = "certificates",
            header =
                    "Name the client certificates that stand for the device, by SHA-256 fingerprint or by subject. Add the new"
                            + " one, roll over, then remove the old one: whoever is connected with it is disconnected.",
            description = "A device that names certificates accepts no others, whatever the settings say.",
            footer = "  waymark device certificates oven-1 --add \"CN=oven-1,O=Plant\" --remove SHA256-OF-THE-OLD-ONE")
    static final class Certificates extends DeviceCommand.OfOneDevice {
        @Option(
                names = "--add",
                paramLabel = "NAME",
                description = "A certificate to stand for the device; may be repeated.")
        private List<String> added = new ArrayList<>();

        @Option(
                names = "--remove",
                paramLabel = "NAME",
                description = "A certificate that no longer does; may be repeated.")
        private List<String> removed = new ArrayList<>();

        @Override
        protected int run() throws IOException, InterruptedException {
            ObjectNode body = JSON.createObjectNode();
            if (!added.isEmpty()) {
                added.forEach(body.putArray("addCertificates")::add);
            }
            if (!removed.isEmpty()) {
                removed.forEach(body.putArray("removeCertificates")::add);
            }
            NodeConnection.Answer answer = body.isEmpty() ? node.get(path()) : node.patch(path(), body);
            JsonNode names = answer.orFail().json().path("certificates");
            names.forEach(name -> out().println(name.asText()));
            if (names.isEmpty()) {
                complain("device " + id() + " names no certificate; those that the settings give to it stand for it");
            }
            return ExitCodes.OK;
        }
    }
}
