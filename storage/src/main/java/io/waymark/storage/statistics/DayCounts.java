package io.waymark.storage.statistics;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was counted on one day.
 *
 * @param day in the zone of whoever counts
 * @param columns what the numbers of a row mean, in order
 * @param rows name → numbers, as many as columns; names hold no control characters. Owned by the value, never written
 */
public record DayCounts(LocalDate day, List<String> columns, Map<String, long[]> rows) {
    /** Copies; refuses rows of another length. */
    public DayCounts {
        columns = List.copyOf(columns);
        Map<String, long[]> copy = new TreeMap<>(rows);
        for (Map.Entry<String, long[]> row : copy.entrySet()) {
            if (row.getValue().length != columns.size()) {
                throw new IllegalArgumentException("row " + row.getKey() + " must have " + columns.size()
                        + " numbers but had " + row.getValue().length);
            }
        }
        rows = java.util.Collections.unmodifiableMap(copy);
    }

    /** A number; empty if there is no such row, 0 if the row has no such column. */
    public Optional<Long> count(String row, String column) {
        long[] numbers = rows.get(row);
        int at = columns.indexOf(column);
        return Optional.ofNullable(numbers).map(n -> at < 0 ? 0L : n[at]);
    }

    /** The same with these columns: unknown ones are left out, new ones are 0. */
    public DayCounts withColumns(List<String> wanted) {
        if (columns.equals(wanted)) {
            return this;
        }
        Map<String, long[]> mapped = new TreeMap<>();
        rows.forEach((name, numbers) -> mapped.put(
                name,
                wanted.stream()
                        .mapToLong(c -> columns.contains(c) ? numbers[columns.indexOf(c)] : 0)
                        .toArray()));
        return new DayCounts(day, wanted, mapped);
    }
}
