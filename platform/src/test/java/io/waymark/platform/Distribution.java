package io.waymark.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.testing.Tool;
import java.nio.file.Path;
import java.util.List;

/** What {@code mvn package} made and operators install. */
public final class Distribution {
    private Distribution() {}

    /** {@code bin/waymark}. */
    public static Path program() {
        Path program = Path.of("target/waymark/bin/waymark").toAbsolutePath();
        assertThat(program).as("the distribution, made by mvn package").isExecutable();
        return program;
    }

    /** Its command line, run as a person runs it. */
    public static Tool waymark() {
        return Tool.of(List.of(program().toString()));
    }
}
