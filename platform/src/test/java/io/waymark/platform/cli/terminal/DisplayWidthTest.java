package io.waymark.platform.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayWidthTest {
    @ParameterizedTest
    @CsvSource({
        "tea,3", "武夷岩茶,8", "ｱ,1", "ＡＢ,4", "é,1", "é,1", "한국,4", "🍵,2", "│●·,3", "a​b,2", "'',0",
    })
    void countsColumns(String text, int columns) {
        assertThat(DisplayWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void combiningMarksTakeNoColumn() {
        assertThat(DisplayWidth.of("e\u0301")).isEqualTo(1);
        assertThat(DisplayWidth.of("\u200b")).isZero();
    }

    @Test
    void cutsBetweenCharactersAndNeverExceedsTheWidth() {
        assertThat(DisplayWidth.cut("武夷岩茶", 8, "…")).isEqualTo("武夷岩茶");
        assertThat(DisplayWidth.cut("武夷岩茶", 7, "…")).isEqualTo("武夷岩…");
        assertThat(DisplayWidth.cut("武夷岩茶", 6, "…")).isEqualTo("武夷…");
    }

    @Test
    void padsByColumns() {
        assertThat(DisplayWidth.pad("武夷", 6)).isEqualTo("武夷  ");
        assertThat(DisplayWidth.pad("武夷", 3)).isEqualTo("武夷");
    }

    @Test
    void wrapsAtBlanksAndInsideLongWords() {
        assertThat(DisplayWidth.wrap("withering and roasting", 13)).containsExactly("withering and", "roasting");
        assertThat(DisplayWidth.wrap("abcdefgh", 3)).containsExactly("abc", "def", "gh");
        assertThat(DisplayWidth.wrap("武夷岩茶", 5)).containsExactly("武夷", "岩茶");
        assertThat(DisplayWidth.wrap("", 5)).containsExactly("");
    }

    @Test
    void wrappedLinesFitAndLoseNothingButBlanks() {
        long seed = System.nanoTime();
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        List<String> alphabet = List.of("a", "Z", " ", "茶", "🍵", "e\u0301", "·");
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(60);
            for (int n = 0; n < length; n++) {
                text.append(alphabet.get(random.nextInt(alphabet.size())));
            }
            int width = 2 + random.nextInt(30);
            List<String> lines = DisplayWidth.wrap(text.toString(), width);
            assertThat(lines).allSatisfy(l -> assertThat(DisplayWidth.of(l)).isLessThanOrEqualTo(width));
            assertThat(String.join("", lines).replace(" ", ""))
                    .isEqualTo(text.toString().replace(" ", ""));
        }
    }

    @Test
    void controlCharactersCannotReachTheTerminal() {
        assertThat(DisplayWidth.printable("a\u001b[31mred\u0007")).isEqualTo("a\\x1b[31mred\\x07");
        assertThat(DisplayWidth.printable("\u009b31m")).isEqualTo("\\x9b31m");
        assertThat(DisplayWidth.printable("abc\u202etxt.exe")).isEqualTo("abc\\u202etxt.exe");
        assertThat(DisplayWidth.printable("武夷")).isEqualTo("武夷");
    }
}
