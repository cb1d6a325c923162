package io.waymark.platform.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static Screen terminal(Map<String, String> env) {
        return Screen.of(env, true, OptionalInt.of(120), ZoneOffset.UTC);
    }

    @Test
    void coloursOnlyOnATerminalThatWantsThem() {
        assertThat(terminal(Map.of()).colour()).isTrue();
        assertThat(terminal(Map.of("NO_COLOR", "1")).colour()).isFalse();
        assertThat(terminal(Map.of("NO_COLOR", "")).colour()).isTrue();
        assertThat(terminal(Map.of("TERM", "dumb")).colour()).isFalse();
        assertThat(Screen.of(Map.of(), false, OptionalInt.empty(), ZoneOffset.UTC)
                        .colour())
                .isFalse();
    }

    @Test
    void localeDecidesWhetherATerminalShowsMoreThanAscii() {
        assertThat(terminal(Map.of("LANG", "zh_CN.UTF-8")).unicode()).isTrue();
        assertThat(terminal(Map.of("LANG", "C.utf8")).unicode()).isTrue();
        assertThat(terminal(Map.of("LANG", "en_US.UTF-8", "LC_ALL", "C")).unicode())
                .isFalse();
        assertThat(terminal(Map.of()).unicode()).isFalse();
    }

    @Test
    void filesAreUtf8AndHaveRoom() {
        Screen file = Screen.of(Map.of("LANG", "C"), false, OptionalInt.empty(), ZoneOffset.UTC);
        assertThat(file.unicode()).isTrue();
        assertThat(file.columns()).isEqualTo(100);
        assertThat(file.interactive()).isFalse();
    }

    @Test
    void widthComesFromTheTerminalThenFromTheEnvironment() {
        assertThat(terminal(Map.of("COLUMNS", "60")).columns()).isEqualTo(120);
        assertThat(Screen.of(Map.of("COLUMNS", "60"), true, OptionalInt.empty(), ZoneOffset.UTC)
                        .columns())
                .isEqualTo(60);
        assertThat(Screen.of(Map.of("COLUMNS", "many"), true, OptionalInt.empty(), ZoneOffset.UTC)
                        .columns())
                .isEqualTo(80);
        assertThat(Screen.of(Map.of("COLUMNS", "3"), true, OptionalInt.empty(), ZoneOffset.UTC)
                        .columns())
                .isEqualTo(Screen.COLUMNS_MIN);
    }
}
