package io.waymark.platform.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and their texts from all sources, merged, each knowing where it was said. */
final class RawSettings {
    /** Ordinals of the sources: the highest wins. */
    private static final int FILE = 100;

    private static final int ENVIRONMENT = 300;
    private static final int SET = 500;

    /** Read elsewhere: by the start script and by client commands. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "WAYMARK_TOKEN", "WAYMARK_URL", "WAYMARK_DATA", "WAYMARK_CONFIG", "WAYMARK_JAVA_OPTS", "WAYMARK_HOME");

    /** What Kubernetes injects for a Service named waymark-…: never meant as configuration. */
    private static final Pattern KUBERNETES_LINK = Pattern.compile(
            "WAYMARK_(\\w*_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)");

    private final SmallRyeConfig merged;
    private final Map<String, Integer> lines;
    private final String fileName;

    private RawSettings(SmallRyeConfig merged, Map<String, Integer> lines, String fileName) {
        this.merged = merged;
        this.lines = lines;
        this.fileName = fileName;
    }

    /** Merges the sources; problems of the environment's names go to the list. */
    static RawSettings merge(ConfigInput input, List<String> problems) throws ConfigException {
        ConfigFile file =
                input.file().isPresent() ? ConfigFile.read(input.file().get()) : new ConfigFile(Map.of(), Map.of());
        SmallRyeConfig merged = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(file.values(), "file", FILE))
                .withSources(new PropertiesConfigSource(
                        environment(input.environment(), problems), "environment", ENVIRONMENT))
                .withSources(new PropertiesConfigSource(input.overrides(), "--set", SET))
                .build();
        return new RawSettings(
                merged, file.lines(), input.file().map(Object::toString).orElse(""));
    }

    /** The text of a key, without surrounding blanks; empty if it was not said or said empty. */
    Optional<String> text(String key) {
        String value = value(key).getValue();
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Every key said, in order. */
    Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        merged.getPropertyNames().forEach(keys::add);
        return keys;
    }

    /** Where a key was said, for messages. */
    String origin(String key) {
        return switch (value(key).getConfigSourceOrdinal()) {
            case FILE -> lines.containsKey(key) ? fileName + " line " + lines.get(key) : fileName;
            case ENVIRONMENT -> "environment " + Setting.environmentName(key);
            default -> "--set";
        };
    }

    private ConfigValue value(String key) {
        return merged.getConfigValue(key);
    }

    private static Map<String, String> environment(Map<String, String> variables, List<String> problems) {
        Map<String, String> keysByVariable = new HashMap<>();
        Settings.all().forEach(s -> keysByVariable.put(s.environmentName(), s.key()));
        Map<String, String> values = new TreeMap<>();
        new TreeMap<>(variables).forEach((name, value) -> {
            if (!name.startsWith(Setting.ENVIRONMENT_PREFIX) || isOther(name)) {
                return;
            }
            Optional<String> key = Optional.ofNullable(keysByVariable.get(name)).or(() -> clientKey(name));
            key.ifPresentOrElse(
                    k -> values.put(k, value),
                    () -> problems.add("environment: " + name + " sets nothing"
                            + Nearest.suggestion(name, new ArrayList<>(keysByVariable.keySet()))));
        });
        return values;
    }

    private static boolean isOther(String variable) {
        Matcher link = KUBERNETES_LINK.matcher(variable);
        return OTHER_VARIABLES.contains(variable) || link.matches();
    }

    private static Optional<String> clientKey(String variable) {
        String prefix = Setting.environmentName(Settings.KAFKA_CLIENT_PREFIX);
        return variable.startsWith(prefix) && variable.length() > prefix.length()
                ? Optional.of(Settings.KAFKA_CLIENT_PREFIX
                        + variable.substring(prefix.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'))
                : Optional.empty();
    }
}
