package io.waymark.platform.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> cells(String line) {
        CsvCells cells = new CsvCells();
        byte[] in = utf8(line);
        assertThat(cells.read(in, 0, in.length)).isEqualTo(in.length);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < cells.count(); i++) {
            all.add(new String(cells.octets(), cells.start(i), cells.end(i) - cells.start(i), StandardCharsets.UTF_8));
        }
        return all;
    }

    @Test
    void readsQuotedCells() {
        assertThat(cells("a/1,\"Tea, \"\"rock\"\"\",,x\"y\r\n")).containsExactly("a/1", "Tea, \"rock\"", "", "x\"y");
        assertThat(cells("\"two\nlines\",茶")).containsExactly("two\nlines", "茶");
        assertThat(cells("\"never closed,\n")).containsExactly("never closed,\n");
    }

    @Test
    void cutsWhereRecordsEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(30); n >= 0; n--) {
                text.append("a,\"\n\r ".charAt(random.nextInt(6)));
            }
            byte[] in = utf8(text.toString());
            CsvCells cells = new CsvCells();
            int end = 0;
            for (int next = 0; next < in.length; next = cells.read(in, next, in.length)) {
                end = next;
            }
            boolean whole = in[in.length - 1] == '\n' && CsvCells.endOfLastRecord(in, in.length) == in.length;
            assertThat(CsvCells.endOfLastRecord(in, in.length))
                    .as("seed %d, round %d: %s", seed, round, text)
                    .isEqualTo(whole ? in.length : end);
        }
    }

    @Test
    void headNamesTypesAndIndexes() {
        CsvHead head = CsvHead.parse("f", utf8("\ufeffhandle,URL, 7:NAME\r\na/1,u,n\n"));
        assertThat(head.columns()).extracting(CsvHead.Column::index).containsExactly(1, 7);
        assertThat(head.columns()).extracting(CsvHead.Column::type).containsExactly("URL", "NAME");
        assertThatThrownBy(() -> CsvHead.parse("f", utf8("88.1/a,https://a.example\n")))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("handle,TYPE,TYPE");
        assertThatThrownBy(() -> CsvHead.parse("f", utf8(""))).isInstanceOf(ImportException.class);
        assertThatThrownBy(() -> CsvHead.parse("f", utf8("handle,2:URL,NAME\n")))
                .hasMessage("column 3 of f has index 2, which another column has already");
    }
}
