package io.waymark.platform.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an import file record by record, as NDJSON or CSV.
 *
 * <p>CSV (RFC 4180, comma) has a head line: {@code handle} and then a type for each further column, with an index if
 * wanted ({@code 7:URL}); without one, columns count 1, 2, 3, …; empty cells give no value.
 */
final class ImportLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIELD_CHARS_MAX = 1 << 20;

    private final BufferedReader in;
    private final boolean csv;
    private final List<Column> columns;
    private long lineNumber;

    private ImportLines(BufferedReader in, boolean csv) throws IOException {
        this.in = in;
        this.csv = csv;
        this.columns = csv ? readHead() : List.of();
    }

    /**
     * One line of the file: a record as one line of JSON, or why it is none.
     *
     * @param number of its first line in the file, from 1
     * @param json null if refused
     * @param refusal empty if fine
     */
    record Line(long number, @Nullable String json, String refusal) {}

    private record Column(int index, String type) {}

    /** Reads NDJSON. */
    static ImportLines ndjson(BufferedReader in) throws IOException {
        return new ImportLines(in, false);
    }

    /**
     * Reads CSV.
     *
     * @throws CliException if the head line is missing or names no {@code handle}
     */
    static ImportLines csv(BufferedReader in) throws IOException {
        return new ImportLines(in, true);
    }

    /** The next line that is not blank, or null at the end. */
    @Nullable
    Line next() throws IOException {
        return csv ? nextCsv() : nextNdjson();
    }

    private @Nullable Line nextNdjson() throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lineNumber++;
            if (!line.isBlank()) {
                return ndjson(line);
            }
        }
        return null;
    }

    private Line ndjson(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            boolean record =
                    json.path("handle").isTextual() && json.path("values").isArray();
            return record
                    ? new Line(lineNumber, line, "")
                    : new Line(lineNumber, null, "is no {\"handle\":\"…\",\"values\":[…]}");
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            return new Line(lineNumber, null, "is no JSON: " + firstLine(e.getOriginalMessage()) + where);
        }
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private List<Column> readHead() throws IOException {
        List<String> head = readCsvRecord();
        if (head == null || !head.get(0).replace("\ufeff", "").trim().equalsIgnoreCase("handle")) {
            throw CliException.failed("a CSV file must begin with a head line \"handle,TYPE,TYPE,…\"");
        }
        List<Column> result = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        for (int i = 1; i < head.size(); i++) {
            Column column = column(head.get(i).trim(), i);
            if (!taken.add(column.index())) {
                throw CliException.failed("CSV column " + (i + 1) + " has index " + column.index()
                        + ", which another column has already");
            }
            result.add(column);
        }
        return result;
    }

    private static Column column(String head, int position) {
        int colon = head.indexOf(':');
        boolean numbered = colon > 0 && head.substring(0, colon).matches("[1-9][0-9]{0,8}");
        String type = numbered ? head.substring(colon + 1) : head;
        if (type.isEmpty()) {
            throw CliException.failed("CSV column " + (position + 1) + " has no type in the head line");
        }
        return new Column(numbered ? Integer.parseInt(head.substring(0, colon)) : position, type);
    }

    private @Nullable Line nextCsv() throws IOException {
        long first = lineNumber + 1;
        List<String> cells = readCsvRecord();
        while (cells != null && cells.size() == 1 && cells.get(0).isBlank()) {
            first = lineNumber + 1;
            cells = readCsvRecord();
        }
        if (cells == null) {
            return null;
        }
        if (cells.size() > columns.size() + 1) {
            return new Line(
                    first, null, "has " + cells.size() + " cells but the head line has " + (columns.size() + 1));
        }
        return new Line(first, record(cells), "");
    }

    private String record(List<String> cells) {
        ObjectNode record = JSON.createObjectNode().put("handle", cells.get(0).trim());
        ArrayNode values = record.putArray("values");
        for (int i = 1; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                Column column = columns.get(i - 1);
                ObjectNode value =
                        values.addObject().put("index", column.index()).put("type", column.type());
                value.putObject("data").put("format", "string").put("value", cells.get(i));
            }
        }
        return record.toString();
    }

    /** Reads one record, which spans lines where a quoted field holds line ends; null at the end of the file. */
    private @Nullable List<String> readCsvRecord() throws IOException {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int c = in.read(); c >= 0; c = in.read()) {
            any = true;
            if (quoted) {
                quoted = !(c == '"' && !nextIs('"'));
                if (quoted) {
                    append(cell, c);
                }
            } else if (c == '"' && cell.length() == 0) {
                quoted = true;
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                lineNumber++;
                break;
            } else if (c != '\r') {
                append(cell, c);
            }
            lineNumber += quoted && c == '\n' ? 1 : 0;
        }
        if (!any) {
            return null;
        }
        cells.add(cell.toString());
        return cells;
    }

    private void append(StringBuilder cell, int c) {
        if (cell.length() == FIELD_CHARS_MAX) {
            throw CliException.failed("line " + (lineNumber + 1) + " has a cell of more than " + FIELD_CHARS_MAX
                    + " characters: is a quotation mark missing?");
        }
        cell.append((char) c);
    }

    /** Consumes the next character if it is the given one. */
    private boolean nextIs(char wanted) throws IOException {
        in.mark(1);
        if (in.read() == wanted) {
            return true;
        }
        in.reset();
        return false;
    }
}
