package io.waymark.gateway.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

/**
 * One file.
 *
 * @param name of the file: the normative statement
 * @param level protocol level, by directory
 * @param says the statement in short
 * @param gateway settings other than the usual
 * @param steps in order
 */
record Scenario(String name, int level, String says, Map<String, Object> gateway, List<String> steps) {
    private static final Map<String, Integer> LEVELS = Map.of("mqtt31", 3, "mqtt311", 4, "mqtt5", 5);

    static Scenario read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Map<String, Object> content = new Yaml().load(in);
            String name = file.getFileName().toString().replace(".yaml", "");
            int level = LEVELS.get(file.getParent().getFileName().toString());
            return new Scenario(
                    name,
                    level,
                    (String) content.get("says"),
                    cast(content.getOrDefault("gateway", Map.of())),
                    castList(content.get("steps")));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object map) {
        return new TreeMap<>((Map<String, Object>) map);
    }

    @SuppressWarnings("unchecked")
    private static List<String> castList(Object list) {
        return (List<String>) list;
    }

    String title() {
        return "v" + level + " " + name + ": " + says;
    }

    /** Plays it against the gateway on this port. */
    void play(int port) throws IOException {
        Map<String, ScenarioClient> clients = new HashMap<>();
        Map<String, String> bound = new HashMap<>();
        String unique = level + name;
        int number = 0;
        try {
            for (String line : steps) {
                number++;
                try {
                    step(line.replace("~", unique), port, clients, bound);
                } catch (AssertionError e) {
                    throw new AssertionError(title() + "\nstep " + number + ": " + line + "\n" + e.getMessage(), e);
                }
            }
        } finally {
            for (ScenarioClient client : clients.values()) {
                client.close();
            }
        }
    }

    private void step(String line, int port, Map<String, ScenarioClient> clients, Map<String, String> bound)
            throws IOException {
        int at = line.indexOf(' ');
        String who = line.substring(0, at - 1);
        String what = line.substring(at + 1);
        char direction = line.charAt(at - 1);
        if (direction == '!') {
            clients.remove(who).close();
            return;
        }
        ScenarioClient client = clients.get(who);
        if (client == null) {
            client = new ScenarioClient(port, level, bound);
            clients.put(who, client);
        }
        if (direction == '>') {
            client.send(what);
        } else {
            client.expect(what);
        }
    }
}
