package io.waymark.storage.statistics;

import io.waymark.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A day's counts as text, UTF-8, lines ended by LF, fields by TAB.
 *
 * <pre>
 * waymark-counts TAB 1 TAB 2026-11-22
 * name TAB column…
 * 88.118.8 TAB number…
 * …
 * crc32c TAB 8 hex digits of everything before this line
 * </pre>
 */
final class DayCountsCodec {
    private static final String MAGIC = "waymark-counts";
    private static final String VERSION = "1";
    private static final String CHECK = "crc32c\t";
    private static final int CHECK_BYTES = CHECK.length() + 8 + 1;

    private DayCountsCodec() {}

    static byte[] encode(DayCounts counts) {
        StringBuilder text = new StringBuilder();
        text.append(MAGIC)
                .append('\t')
                .append(VERSION)
                .append('\t')
                .append(counts.day())
                .append('\n');
        text.append("name\t").append(String.join("\t", counts.columns())).append('\n');
        counts.rows().forEach((name, numbers) -> {
            text.append(name);
            for (long n : numbers) {
                text.append('\t').append(n);
            }
            text.append('\n');
        });
        String crc = crc(utf8(text.toString()));
        text.append(CHECK).append(crc).append('\n');
        return utf8(text.toString());
    }

    /**
     * Reads.
     *
     * @param where named in errors
     * @throws StorageException if the text is damaged or of a newer version
     */
    static DayCounts decode(byte[] octets, String where) {
        int body = octets.length - CHECK_BYTES;
        String check = body < 0 ? "" : text(octets, body, octets.length);
        if (!check.equals(CHECK + (body < 0 ? "" : crc(Arrays.copyOf(octets, body))) + '\n')) {
            throw new StorageException(where + " is damaged: its checksum does not fit");
        }
        try {
            return lines(text(octets, 0, body).split("\n", -1), where);
        } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new StorageException(where + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static DayCounts lines(String[] lines, String where) {
        String[] head = lines[0].split("\t", -1);
        if (!head[0].equals(MAGIC) || !head[1].equals(VERSION)) {
            throw new StorageException(where + " is of version " + head[1] + ", this program reads " + VERSION);
        }
        List<String> names = List.of(lines[1].split("\t", -1));
        List<String> columns = names.subList(1, names.size());
        Map<String, long[]> rows = new TreeMap<>();
        for (int i = 2; i < lines.length - 1; i++) {
            String[] fields = lines[i].split("\t", -1);
            rows.put(
                    fields[0],
                    Arrays.stream(fields, 1, 1 + columns.size())
                            .mapToLong(Long::parseLong)
                            .toArray());
        }
        return new DayCounts(LocalDate.parse(head[2]), columns, rows);
    }

    private static String crc(byte[] octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] octets, int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.UTF_8);
    }
}
