package io.waymark.platform.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path dir;

    @Test
    void isItsOwnersOnlyAndFreeAgainAfterClose() throws Exception {
        Path data = dir.resolve("a/b");
        try (DataDirectory held = DataDirectory.open(data)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(held.path())))
                    .isEqualTo("rwx------");
        }
        try (DataDirectory again = DataDirectory.open(data)) {
            assertThat(again.path()).isAbsolute();
        }
    }

    @Test
    void isHeldByOneAndNamesTheHolder() throws Exception {
        try (DataDirectory held = DataDirectory.open(dir)) {
            assertThatThrownBy(() -> DataDirectory.open(dir))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(held.path().toString())
                    .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")")
                    .hasMessageContaining("--data");
        }
    }

    @Test
    void namesAPathThatIsNoDirectory() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");

        assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString());
    }
}
