package io.waymark.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {
    @TempDir
    Path dir;

    @Test
    void theShippedFileIsTheTable() throws Exception {
        assertThat(Files.readString(Path.of("src/main/dist/conf/waymark.yaml")))
                .as("bin/waymark serve --help-config > src/main/dist/conf/waymark.yaml writes it anew")
                .isEqualTo(ConfigTemplate.render());
    }

    @Test
    void theShippedFileChangesNothing() throws Exception {
        Path file = Files.writeString(dir.resolve("w.yaml"), ConfigTemplate.render());

        assertThat(PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of())))
                .isEqualTo(PlatformConfig.read(ConfigInput.of(Map.of())));
    }

    @Test
    void everyLineMayBeUncommented() throws Exception {
        // prose is "# text"; what may be uncommented is "#key" or "#  nested"
        String uncommented = ConfigTemplate.render().replaceAll("(?m)^(\\s*)#(?! \\S)", "$1");
        Path file = Files.writeString(dir.resolve("w.yaml"), uncommented);

        PlatformConfig defaults = PlatformConfig.read(ConfigInput.of(Map.of()));
        PlatformConfig config = PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of()));

        assertThat(config.resolver()).isEqualTo(defaults.resolver());
        assertThat(config.gateway().server().listeners().mqtt())
                .isEqualTo(defaults.gateway().server().listeners().mqtt());
        assertThat(config.http()).isEqualTo(defaults.http());
        assertThat(config.trace().readPoints()).hasSize(1);
        assertThat(config.kafka().client()).containsEntry("security.protocol", "SASL_SSL");
    }
}
