package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.gateway.access.CertificateNames;
import io.waymark.gateway.access.DeviceChecks;
import io.waymark.platform.bulk.CsvRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One row of a file of devices, as the node is to be asked for it.
 *
 * @param line of the file
 * @param id of the device, as far as it could be read
 * @param body of the request
 * @param problems column and what is wrong with it; empty when it can be asked for
 */
record DeviceRow(long line, String id, ObjectNode body, List<String> problems) {
    /** The columns there may be; the first must. */
    static final List<String> COLUMNS = List.of("id", "group", "enabled", "password", "passwordless", "certificates");

    private static final char BETWEEN_CERTIFICATES = '|';

    /**
     * The columns of a head line.
     *
     * @throws CliException naming the column nobody knows
     */
    static List<String> head(CsvRows.Row row) {
        List<String> columns = new ArrayList<>();
        for (String cell : row.cells()) {
            String name = cell.strip().toLowerCase(Locale.ROOT);
            if (!COLUMNS.contains(name) || columns.contains(name)) {
                throw new CliException(
                        ExitCodes.FAILED,
                        "line " + row.line() + ": column \"" + cell.strip() + "\" is unknown or there twice; known: "
                                + String.join(", ", COLUMNS));
            }
            columns.add(name);
        }
        if (!columns.contains("id")) {
            throw new CliException(ExitCodes.FAILED, "line " + row.line() + ": there is no column id");
        }
        return columns;
    }

    /** Reads a row; ids seen before are refused. */
    static DeviceRow read(List<String> columns, CsvRows.Row row, Set<String> seen) {
        ObjectNode body = ClientCommand.JSON.createObjectNode();
        List<String> problems = new ArrayList<>();
        if (row.cells().size() != columns.size()) {
            problems.add("must have " + columns.size() + " cells but has "
                    + row.cells().size());
            return new DeviceRow(row.line(), row.cells().get(0), body, problems);
        }
        for (int i = 0; i < columns.size(); i++) {
            String cell = row.cells().get(i);
            if (!cell.isEmpty() || columns.get(i).equals("id")) {
                cell(columns.get(i), cell, body, problems);
            }
        }
        String id = body.path("id").asText("");
        if (!id.isEmpty() && !seen.add(id)) {
            problems.add("column id: device " + id + " is in the file already");
        }
        return new DeviceRow(row.line(), id, body, problems);
    }

    private static void cell(String column, String cell, ObjectNode body, List<String> problems) {
        try {
            switch (column) {
                case "id" -> body.put("id", checked(bare(cell), DeviceChecks::requireId));
                case "group" -> body.put("group", checked(bare(cell), DeviceChecks::requireGroup));
                case "password" -> body.put("password", checked(cell, DeviceChecks::requirePassword));
                case "certificates" -> certificates(cell, body.putArray("certificates"));
                default -> body.put(column, flag(cell.strip()));
            }
        } catch (IllegalArgumentException e) {
            problems.add("column " + column + ": " + e.getMessage());
        }
    }

    /** What names something is taken as it stands: blanks around it are somebody's mistake, and nobody sees them later. */
    private static String bare(String cell) {
        if (!cell.equals(cell.strip())) {
            throw new IllegalArgumentException("must not begin or end with blanks but was \"" + cell + "\"");
        }
        return cell;
    }

    private static String checked(String value, Consumer<String> check) {
        check.accept(value);
        return value;
    }

    private static boolean flag(String cell) {
        return switch (cell.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> true;
            case "false", "no", "0" -> false;
            default -> throw new IllegalArgumentException("must be true or false but was \"" + cell + "\"");
        };
    }

    private static void certificates(String cell, ArrayNode into) {
        Set<String> names = new HashSet<>();
        for (String name : cell.split("\\" + BETWEEN_CERTIFICATES, -1)) {
            if (!name.isBlank() && names.add(CertificateNames.parse(name))) {
                into.add(CertificateNames.parse(name));
            }
        }
    }
}
