package io.waymark.platform.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Screen FILE = new Screen(40, false, true, false, ZoneOffset.UTC);
    private static final Screen TERMINAL = new Screen(40, true, true, false, ZoneOffset.UTC);

    @Test
    void alignsByColumnsTakenNotByCharacters() {
        Table table = new Table("NAME", "DATA");
        table.add("武夷岩茶", "x");
        table.add("tin", "y");
        assertThat(table.draw(FILE)).containsExactly("NAME      DATA", "武夷岩茶  x", "tin       y");
    }

    @Test
    void wrapsTheLastColumnOnATerminalOnly() {
        Table table = new Table("N", "DATA");
        String data = "one two three four five six seven eight nine ten";
        table.add("1", data);
        assertThat(table.draw(TERMINAL))
                .containsExactly("N  DATA", "1  one two three four five six seven", "   eight nine ten");
        assertThat(table.draw(FILE)).containsExactly("N  DATA", "1  " + data);
    }

    @Test
    void dataCannotDriveTheTerminal() {
        Table table = new Table("N", "DATA");
        table.add("1", "a\nb\u001b[2J");
        assertThat(table.draw(FILE)).containsExactly("N  DATA", "1  a\\x0ab\\x1b[2J");
    }

    @Test
    void refusesARowOfAnotherLength() {
        assertThatThrownBy(() -> new Table("A", "B").add("1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row must have 2 cells but has 1");
    }
}
