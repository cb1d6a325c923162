package io.waymark.platform.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark register}: give a handle its record. */
@Command(
        name = "register",
        header = "Give a handle its record.",
        description = {
            "Registers a handle with its values, or replaces the whole record it has.",
            "Each TYPE=VALUE becomes one value with index 1, 2, 3, … in the order given."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark register 88.118.8/TIN-1001 URL=https://tea.example/1001 NAME='Rougui, 50 g' \\",
            "          --code '(01)06901234000016(21)1001'",
            "  waymark register 88.118.8/TIN-1001 EMAIL=tea@example.com --index 7",
            "  waymark register 88.118.8/TIN-1002 --file values.json --no-overwrite",
            "",
            "values.json holds the values as the JSON REST interface writes them:",
            "  [{\"index\":1,\"type\":\"URL\",\"data\":{\"format\":\"string\",\"value\":\"https://tea.example\"}}]"
        })
public final class RegisterCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "HANDLE", description = "The handle, such as 88.118.8/TIN-1001.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String handle;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "TYPE=VALUE",
            description = "A value, such as URL=https://…")
    private List<String> values = new ArrayList<>();

    @Option(
            names = "--index",
            paramLabel = "N",
            split = ",",
            description = "Index of the first, second, … value instead of 1, 2, …; may be repeated.")
    private List<Integer> indexes = new ArrayList<>();

    @Option(
            names = "--code",
            paramLabel = "GS1-CODE",
            description =
                    "A GS1 code of the same thing (Digital Link, element string, EPC URN): a scan of it finds this"
                            + " record. May be repeated.")
    private List<String> codes = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Read the values as JSON from a file; - is standard input.")
    private @Nullable String file;

    @Option(names = "--no-overwrite", description = "Fail if the handle already has a record.")
    private boolean keepExisting;

    @Override
    protected int run() throws IOException, InterruptedException {
        ArrayNode all = file == null ? JSON.createArrayNode() : valuesOfFile(file);
        addValues(all);
        addCodes(all);
        if (all.isEmpty()) {
            throw new CliException(ExitCodes.USAGE, "a record needs at least one TYPE=VALUE, --code or --file");
        }
        ObjectNode body = JSON.createObjectNode();
        body.set("values", all);
        String path = "/api/v1/handles/" + NodeConnection.encode(handle) + (keepExisting ? "?overwrite=false" : "");
        NodeConnection.Answer answer = node.put(path, body);
        if (answer.status() == 409 && keepExisting) {
            throw CliException.failed(answer.message() + " (without --no-overwrite its record is replaced)");
        }
        answer.orFail();
        String done = answer.status() == 201 ? "Registered " : "Replaced ";
        out().println(good(done + handle) + " with " + all.size() + (all.size() == 1 ? " value." : " values."));
        return ExitCodes.OK;
    }

    private static ArrayNode valuesOfFile(String name) throws IOException {
        byte[] text = name.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw CliException.failed(name + " is no JSON: " + e.getOriginalMessage() + " at line "
                    + e.getLocation().getLineNr());
        }
        JsonNode list = json.has("values") ? json.path("values") : json;
        ArrayNode values = JSON.createArrayNode();
        if (list.isArray()) {
            list.forEach(values::add);
        } else if (list.isObject()) {
            values.add(list);
        } else {
            throw CliException.failed(name + " must hold an array of values, or an object with \"values\"");
        }
        return values;
    }

    private void addValues(ArrayNode all) {
        if (indexes.size() > values.size()) {
            throw new CliException(
                    ExitCodes.USAGE, "there are " + indexes.size() + " --index for " + values.size() + " TYPE=VALUE");
        }
        for (int i = 0; i < values.size(); i++) {
            String given = values.get(i);
            int equals = given.indexOf('=');
            if (equals < 1) {
                throw new CliException(ExitCodes.USAGE, "a value must be TYPE=VALUE but was \"" + given + "\"");
            }
            int index = i < indexes.size() ? indexes.get(i) : freeIndex(all, 1);
            all.add(value(index, given.substring(0, equals), given.substring(equals + 1)));
        }
    }

    private void addCodes(ArrayNode all) {
        for (String code : codes) {
            all.add(value(freeIndex(all, 1), "GS1", code));
        }
    }

    private int freeIndex(ArrayNode all, int from) {
        Set<Integer> taken = new HashSet<>(indexes);
        all.forEach(v -> taken.add(v.path("index").asInt()));
        int index = from;
        while (taken.contains(index)) {
            index++;
        }
        return index;
    }

    private static ObjectNode value(int index, String type, String data) {
        ObjectNode value = JSON.createObjectNode().put("index", index).put("type", type);
        value.putObject("data").put("format", "string").put("value", data);
        return value;
    }
}
