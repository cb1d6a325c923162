package io.waymark.platform.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The head line of a CSV file: {@code handle} and then a type for each further column, with an index if wanted ({@code
 * 7:URL}); without one, columns count 1, 2, 3, ….
 *
 * @param columns behind the first
 * @param length octets of the head line
 */
record CsvHead(List<Column> columns, int length) {
    private static final int BYTES_MAX = 1 << 18;

    /** A value's index and type. */
    record Column(int index, String type, byte[] typeOctets) {}

    /** @throws ImportException if there is none */
    static CsvHead read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(file.toString(), in.readNBytes(BYTES_MAX));
        }
    }

    static CsvHead parse(String file, byte[] in) {
        CsvCells cells = new CsvCells();
        int end = cells.read(in, 0, in.length);
        if (!cell(cells, 0).replace("\ufeff", "").trim().equalsIgnoreCase("handle")) {
            throw new ImportException(file + " must begin with a head line \"handle,TYPE,TYPE,…\"");
        }
        List<Column> columns = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        for (int i = 1; i < cells.count(); i++) {
            Column column = column(file, cell(cells, i).trim(), i);
            if (!taken.add(column.index())) {
                throw new ImportException("column " + (i + 1) + " of " + file + " has index " + column.index()
                        + ", which another column has already");
            }
            columns.add(column);
        }
        return new CsvHead(columns, end);
    }

    private static String cell(CsvCells cells, int i) {
        return new String(cells.octets(), cells.start(i), cells.end(i) - cells.start(i), StandardCharsets.UTF_8);
    }

    private static Column column(String file, String head, int position) {
        int colon = head.indexOf(':');
        boolean numbered = colon > 0 && head.substring(0, colon).matches("[1-9][0-9]{0,8}");
        String type = numbered ? head.substring(colon + 1) : head;
        if (type.isEmpty()) {
            throw new ImportException("column " + (position + 1) + " of " + file + " has no type in the head line");
        }
        int index = numbered ? Integer.parseInt(head.substring(0, colon)) : position;
        return new Column(index, type, type.getBytes(StandardCharsets.UTF_8));
    }
}
