package io.waymark.platform.config;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A configuration file as flat keys, with the line each stands on.
 *
 * @param values dotted key → text
 * @param lines dotted key → line, from 1
 */
record ConfigFile(Map<String, String> values, Map<String, Integer> lines) {
    private static final int BYTES_MAX = 1 << 20;

    /**
     * Reads a YAML file.
     *
     * @throws ConfigException if it cannot be read, is no YAML (with line and column), or says a key twice
     */
    static ConfigFile read(Path file) throws ConfigException {
        String text = text(file);
        try {
            Node root = checkedRoot(text);
            if (root == null) {
                return new ConfigFile(Map.of(), Map.of());
            }
            if (!(root instanceof MappingNode)) {
                throw problem(file, root.getStartMark(), "must hold keys and values at its top level");
            }
            Map<String, Integer> lines = new HashMap<>();
            collectLines("", root, lines);
            return new ConfigFile(flat(file, text), lines);
        } catch (MarkedYAMLException e) {
            throw problem(file, e.getProblemMark(), e.getProblem());
        } catch (YAMLException e) {
            throw new ConfigException(List.of(file + ": " + e.getMessage()));
        }
    }

    private static String text(Path file) throws ConfigException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ConfigException(
                        List.of(file + ": must be at most " + BYTES_MAX + " bytes but has " + Files.size(file)));
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(List.of(file + ": there is no such file"));
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": cannot be read: " + e));
        }
    }

    /** The library that flattens takes the last of two equal keys; we refuse them, so the text is read once before. */
    private static @Nullable Node checkedRoot(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Yaml yaml = new Yaml(new SafeConstructor(options));
        Object unused = yaml.load(text);
        return yaml.compose(new StringReader(text));
    }

    private static Map<String, String> flat(Path file, String text) {
        Map<String, String> flat = new TreeMap<>();
        new YamlConfigSource(file.toString(), text)
                .getProperties()
                .forEach((key, value) -> flat.put(key.replace("\"", ""), value));
        return flat;
    }

    private static void collectLines(String prefix, Node node, Map<String, Integer> lines) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String name = entry.getKeyNode() instanceof ScalarNode s ? s.getValue() : "?";
                String key = prefix.isEmpty() ? name : prefix + "." + name;
                lines.put(key, entry.getKeyNode().getStartMark().getLine() + 1);
                collectLines(key, entry.getValueNode(), lines);
            }
        } else if (node instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                collectLines(prefix + "[" + i + "]", sequence.getValue().get(i), lines);
            }
        }
    }

    private static ConfigException problem(Path file, @Nullable Mark mark, String what) {
        String place = mark == null ? "" : " line " + (mark.getLine() + 1) + " column " + (mark.getColumn() + 1);
        return new ConfigException(List.of(file + place + ": " + what));
    }
}
