package io.waymark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The compose file with its anchors resolved. */
record Compose(JsonNode tree) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

    static Compose read() throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Object tree = yaml.load(Files.readString(Path.of("compose/compose.yaml")));
        return new Compose(new ObjectMapper().valueToTree(tree));
    }

    /** Service name to its settings. */
    Map<String, JsonNode> services() {
        Map<String, JsonNode> services = new TreeMap<>();
        tree.path("services").properties().forEach(service -> services.put(service.getKey(), service.getValue()));
        return services;
    }

    /** A service's variables, with the defaults of those taken from outside. */
    Map<String, String> environmentOf(String service) {
        Map<String, String> environment = new TreeMap<>();
        tree.path("services")
                .path(service)
                .path("environment")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(),
                        VARIABLE.matcher(variable.getValue().asText()).replaceAll("$1")));
        return environment;
    }

    /** Every published port as written. */
    List<String> ports() {
        List<String> ports = new ArrayList<>();
        tree.findValues("ports").forEach(list -> list.forEach(port -> ports.add(port.asText())));
        return ports;
    }
}
