package io.waymark.platform.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
    @TempDir
    Path dir;

    @Test
    void isMadeOnceWithThirtyTwoRandomBytesForTheOwnerOnly() throws Exception {
        AdminToken made = AdminToken.of(dir);
        AdminToken read = AdminToken.of(dir);

        assertThat(made.isNew()).isTrue();
        assertThat(made.reveal()).matches("[A-Za-z0-9_-]{43}");
        assertThat(read.isNew()).isFalse();
        assertThat(read.matches(made.reveal())).isTrue();
        assertThat(permissions()).isEqualTo("rw-------");
        assertThat(AdminToken.of(Files.createDirectory(dir.resolve("other"))).matches(made.reveal()))
                .isFalse();
    }

    @Test
    void matchesNothingElseAndHidesItself() throws Exception {
        AdminToken token = AdminToken.of(dir);

        assertThat(token.matches("")).isFalse();
        assertThat(token.matches(token.reveal() + "x")).isFalse();
        assertThat(token.matches(token.reveal().substring(1))).isFalse();
        assertThat(token.toString()).doesNotContain(token.reveal());
    }

    @Test
    void closesAFileThatOthersCouldRead() throws Exception {
        AdminToken.of(dir);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        AdminToken.of(dir);

        assertThat(permissions()).isEqualTo("rw-------");
    }

    @Test
    void refusesATokenTooShortToProtectAnything() throws Exception {
        Files.writeString(file(), "short\n");

        assertThatThrownBy(() -> AdminToken.of(dir))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("at least 16 characters but has 5");
    }

    private Path file() {
        return dir.resolve("admin.token");
    }

    private String permissions() throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
    }
}
