package io.waymark.platform.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where configuration comes from; later ones win.
 *
 * @param file YAML, or none
 * @param environment variables {@code WAYMARK_…}; others are ignored
 * @param overrides key and value of every {@code --set}
 */
public record ConfigInput(Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
    /** Copies the maps. */
    public ConfigInput {
        environment = Map.copyOf(environment);
        overrides = Map.copyOf(overrides);
    }

    /** No file, no environment: the defaults and these. */
    public static ConfigInput of(Map<String, String> overrides) {
        return new ConfigInput(Optional.empty(), Map.of(), overrides);
    }
}
