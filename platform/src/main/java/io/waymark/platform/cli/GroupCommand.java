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

/** {@code waymark group}: what the devices of a group may do, and how much. */
@Command(
        name = "group",
        header = "Create, list, show, change and delete groups of devices: topics they may use, and quotas.",
        subcommands = {
            GroupCommand.Create.class,
            GroupCommand.ListAll.class,
            GroupCommand.Show.class,
            GroupCommand.Change.class,
            GroupCommand.Delete.class
        },
        synopsisSubcommandLabel = "(create | list | show | change | delete)",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark group create drying --rule \"allow publish hall/%%u/#\" --rule \"allow subscribe cmd/%%u/#\"",
            "  waymark group change drying --device-messages-per-second 50   # holds at once"
        })
public final class GroupCommand {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    private static final String PATH = "/api/v1/groups";

    /** A command about one group. */
    abstract static class OfOneGroup extends ClientCommand {
        @Parameters(paramLabel = "NAME", description = "The group's name.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        String name;

        final String path() {
            return PATH + "/" + NodeConnection.encodeWhole(name);
        }
    }

    /** What may be said of a group. */
    abstract static class Described extends OfOneGroup {
        @Option(
                names = "--rule",
                paramLabel = "RULE",
                description =
                        "\"allow|deny publish|subscribe|all FILTER\", in order; the first that applies decides, none"
                                + " = no. %%c, %%u, %%g stand for client identifier, device and group.")
        List<String> rules = new ArrayList<>();

        @Option(names = "--no-rules", description = "Nothing is allowed.")
        boolean noRules;

        @Option(
                names = "--rules-of-settings",
                description = "The rules of the node's settings hold, as without a group.")
        boolean settings;

        @Option(
                names = "--connections",
                paramLabel = "N",
                description = "Connections of the whole group; 0 = any number.")
        @Nullable
        Long connections;

        @Option(names = "--device-connections", paramLabel = "N", description = "Connections of one device.")
        @Nullable
        Long deviceConnections;

        @Option(names = "--messages-per-second", paramLabel = "N", description = "Messages of the whole group.")
        @Nullable
        Long messages;

        @Option(names = "--bytes-per-second", paramLabel = "N", description = "Payload bytes of the whole group.")
        @Nullable
        Long bytes;

        @Option(names = "--device-messages-per-second", paramLabel = "N", description = "Messages of one device.")
        @Nullable
        Long deviceMessages;

        @Option(names = "--device-bytes-per-second", paramLabel = "N", description = "Payload bytes of one device.")
        @Nullable
        Long deviceBytes;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        /** Adds what was said to the request. */
        final void describe(ObjectNode body, JsonNode quotaBefore) {
            if (settings) {
                body.putNull("rules");
            } else if (noRules || !rules.isEmpty()) {
                ArrayNode list = body.putArray("rules");
                rules.forEach(rule -> add(rule, list.addObject()));
            }
            ObjectNode quota = quotaBefore.isObject() ? quotaBefore.deepCopy() : JSON.createObjectNode();
            put(quota, "connections", connections);
            put(quota, "deviceConnections", deviceConnections);
            put(quota, "messagesPerSecond", messages);
            put(quota, "bytesPerSecond", bytes);
            put(quota, "deviceMessagesPerSecond", deviceMessages);
            put(quota, "deviceBytesPerSecond", deviceBytes);
            if (!quota.equals(quotaBefore)) {
                body.set("quota", quota);
            }
        }

        private static void put(ObjectNode quota, String field, @Nullable Long bound) {
            if (bound != null) {
                quota.put(field, bound.longValue());
            }
        }

        private static void add(String rule, ObjectNode into) {
            String[] words = rule.strip().split("\\s+", 3);
            if (words.length != 3) {
                throw new CliException(
                        ExitCodes.USAGE,
                        "--rule must be \"allow|deny publish|subscribe|all FILTER\" but was \"" + rule + "\"");
            }
            into.put("effect", words[0]).put("scope", words[1]).put("filter", words[2]);
        }

        final int tell(String what, JsonNode group) {
            if (json) {
                printJson(group);
            } else {
                out().println(good(what + " group " + name) + ".");
            }
            return ExitCodes.OK;
        }
    }

    /** {@code waymark group create}. */
    @Command(
            name = "create",
            header = "Register a group. Without a rule those of the node's settings hold.",
            footer = "  waymark group create drying --rule \"allow publish hall/%%u/#\" --connections 200")
    static final class Create extends Described {
        @Override
        protected int run() throws IOException, InterruptedException {
            ObjectNode body = JSON.createObjectNode().put("name", name);
            describe(body, JSON.missingNode());
            return tell("Created", node.post(PATH, body).orFail().json());
        }
    }

    /** {@code waymark group change}. */
    @Command(
            name = "change",
            header = "Replace the rules, or single quotas. Holds at once, for devices that are connected too.",
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT},
            footer = "  waymark group change drying --device-bytes-per-second 100000")
    static final class Change extends Described {
        @Override
        protected int run() throws IOException, InterruptedException {
            ObjectNode body = JSON.createObjectNode();
            describe(body, node.get(path()).orFail().json().path("quota"));
            return tell("Changed", node.patch(path(), body).orFail().json());
        }
    }

    /** {@code waymark group list}. */
    @Command(name = "list", header = "List the groups that are registered.", footer = "  waymark group list")
    static final class ListAll extends ReportingCommand {
        @Override
        protected int run() throws IOException, InterruptedException {
            JsonNode groups = node.get(PATH).orFail().json().path("groups");
            if (json) {
                printJson(groups);
                return ExitCodes.OK;
            }
            if (groups.isEmpty()) {
                complain("no group is registered; the rules of the settings hold for all devices");
                return ExitCodes.OK;
            }
            Table table = new Table("NAME", "RULES", "QUOTA");
            for (JsonNode group : groups) {
                String rules = group.has("rules")
                        ? Integer.toString(group.path("rules").size())
                        : "of the settings";
                table.add(group.path("name").asText(), rules, quota(group.path("quota")));
            }
            print(table.draw(screen()));
            return ExitCodes.OK;
        }
    }

    private static String quota(JsonNode quota) {
        List<String> bounds = new ArrayList<>();
        quota.properties().forEach(bound -> {
            if (bound.getValue().asLong() > 0) {
                bounds.add(bound.getKey() + " " + bound.getValue().asLong());
            }
        });
        return bounds.isEmpty() ? "none" : String.join(", ", bounds);
    }

    /** {@code waymark group show}. */
    @Command(
            name = "show",
            header = "Show the rules and quotas of a group.",
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT},
            footer = "  waymark group show drying")
    static final class Show extends OfOneGroup {
        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        protected int run() throws IOException, InterruptedException {
            JsonNode group = node.get(path()).orFail().json();
            if (json) {
                printJson(group);
                return ExitCodes.OK;
            }
            out().println("quota  " + quota(group.path("quota")));
            if (!group.has("rules")) {
                out().println("rules  those of the node's settings");
                return ExitCodes.OK;
            }
            Table table = new Table("EFFECT", "SCOPE", "FILTER");
            group.path("rules")
                    .forEach(rule -> table.add(
                            rule.path("effect").asText(),
                            rule.path("scope").asText(),
                            rule.path("filter").asText()));
            print(table.draw(screen()));
            return ExitCodes.OK;
        }
    }

    /** {@code waymark group delete}. */
    @Command(
            name = "delete",
            header = "Delete a group in which no device is.",
            exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT, ExitCodes.NOT_FOUND_TEXT},
            footer = "  waymark group delete drying")
    static final class Delete extends OfOneGroup {
        @Override
        protected int run() throws IOException, InterruptedException {
            node.delete(path()).orFail();
            out().println(good("Deleted group " + name) + ".");
            return ExitCodes.OK;
        }
    }
}
