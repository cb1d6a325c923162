package io.waymark.platform.bulk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A small CSV file (RFC 4180, comma) row by row, as texts. Pure. */
public final class CsvRows {
    /**
     * One row.
     *
     * @param line of the file on which it begins, from 1
     * @param cells as written, without the quotation marks around them
     */
    public record Row(long line, List<String> cells) {
        /** Copies the cells. */
        public Row {
            cells = List.copyOf(cells);
        }
    }

    private CsvRows() {}

    /** All rows that are not blank, the head among them; a byte order mark is left out. */
    public static List<Row> of(byte[] file) {
        List<Row> rows = new ArrayList<>();
        CsvCells cells = new CsvCells();
        long line = 1;
        int at = startsWithMark(file) ? 3 : 0;
        while (at < file.length) {
            at = cells.read(file, at, file.length);
            if (!cells.isBlank()) {
                rows.add(new Row(line, texts(cells)));
            }
            line += cells.lines();
        }
        return rows;
    }

    private static boolean startsWithMark(byte[] file) {
        return file.length >= 3 && file[0] == (byte) 0xEF && file[1] == (byte) 0xBB && file[2] == (byte) 0xBF;
    }

    private static List<String> texts(CsvCells cells) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cells.count(); i++) {
            texts.add(
                    new String(cells.octets(), cells.start(i), cells.end(i) - cells.start(i), StandardCharsets.UTF_8));
        }
        return texts;
    }

    /** A cell as it is to be written: in quotation marks where they are needed. */
    public static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                && cell.equals(cell.strip());
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
