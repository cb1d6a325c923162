package io.waymark.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The alert rules and the dashboard, as far as tests ask about them. */
final class Alerts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:waymark|jvm|process|system|disk|logback)_[a-z0-9_]+\\b");

    private Alerts() {}

    /** Every alert's name. */
    static List<String> names() throws IOException {
        return textsAt(rules(), "alert");
    }

    /** Every metric the rules ask for. */
    static Set<String> metricsOfRules() throws IOException {
        return metrics(textsAt(rules(), "expr"));
    }

    /** Every metric the dashboard asks for. */
    static Set<String> metricsOfDashboard() throws IOException {
        return metrics(
                textsAt(JSON.readTree(Path.of("grafana/waymark-overview.json").toFile()), "expr"));
    }

    private static JsonNode rules() throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Object tree = yaml.load(Files.readString(Path.of("prometheus/waymark.rules.yml")));
        return JSON.valueToTree(tree);
    }

    private static List<String> textsAt(JsonNode tree, String field) {
        List<String> texts = new ArrayList<>();
        tree.findValues(field).forEach(value -> texts.add(value.asText()));
        return texts;
    }

    private static Set<String> metrics(List<String> expressions) {
        Set<String> names = new TreeSet<>();
        for (String expression : expressions) {
            METRIC.matcher(STRING.matcher(expression).replaceAll("")).results().forEach(m -> names.add(m.group()));
        }
        return names;
    }
}
