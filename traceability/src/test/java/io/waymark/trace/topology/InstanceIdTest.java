package io.waymark.trace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceIdTest {
    @TempDir
    Path directory;

    @Test
    void staysTheSameForAStateDirectory() {
        Path state = directory.resolve("new/state");

        assertThat(InstanceId.in(state)).isEqualTo(InstanceId.in(state)).isNotEqualTo(InstanceId.in(directory));
    }

    @Test
    void damagedFileIsReplaced() throws Exception {
        Files.writeString(directory.resolve("instance-id"), "half");

        assertThat(InstanceId.in(directory)).hasSize(36).isEqualTo(InstanceId.in(directory));
    }

    @Test
    void namesADirectoryItCannotUse() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> InstanceId.in(file.resolve("state")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }
}
