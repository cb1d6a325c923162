package io.waymark.platform.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in aligned columns. On an interactive screen the last column is wrapped to the screen's width; into a file every
 * row is one line.
 */
public final class Table {
    private static final int GAP = 2;
    private static final int LAST_COLUMN_MIN = 16;

    private final List<String> heads;
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with the given column heads. */
    public Table(String... heads) {
        this.heads = List.of(heads);
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has another number of cells than there are heads
     */
    public void add(String... cells) {
        if (cells.length != heads.size()) {
            throw new IllegalArgumentException("row must have " + heads.size() + " cells but has " + cells.length);
        }
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(DisplayWidth.printable(cell));
        }
        rows.add(row);
    }

    /** The lines, heads first. */
    public List<String> draw(Screen screen) {
        int[] widths = widths();
        List<String> lines = new ArrayList<>();
        for (String line : drawRow(heads, widths, screen)) {
            lines.add(screen.paint(Style.FAINT, line));
        }
        for (List<String> row : rows) {
            lines.addAll(drawRow(row, widths, screen));
        }
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = DisplayWidth.of(heads.get(i));
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        return widths;
    }

    private static List<String> drawRow(List<String> cells, int[] widths, Screen screen) {
        StringBuilder left = new StringBuilder();
        int last = cells.size() - 1;
        for (int i = 0; i < last; i++) {
            left.append(DisplayWidth.pad(cells.get(i), widths[i])).append(" ".repeat(GAP));
        }
        int indent = DisplayWidth.of(left.toString());
        int room = Math.max(LAST_COLUMN_MIN, screen.columns() - indent);
        List<String> parts = screen.interactive() ? DisplayWidth.wrap(cells.get(last), room) : List.of(cells.get(last));
        List<String> lines = new ArrayList<>();
        for (String part : parts) {
            lines.add(((lines.isEmpty() ? left : " ".repeat(indent)) + part).stripTrailing());
        }
        return lines;
    }
}
