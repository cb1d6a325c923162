package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import io.waymark.storage.record.Ingestion.Bulk;
import io.waymark.storage.record.Ingestion.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * An ingestion that was begun, under {@code meta/ingestion}: UTF-8 lines, paths relative to the store's directory.
 *
 * <pre>
 * at MILLIS AUTHOR
 * created BULK_ID COUNT
 * replacing BULK_ID COUNT
 * file TABLE PATH            for each file
 * </pre>
 */
record IngestionIntent(long millis, Author author, Bulk created, Bulk replacing, Map<Table, List<Path>> files) {
    byte[] encode(Path storeDirectory) {
        Path home = storeDirectory.toAbsolutePath();
        StringBuilder lines = new StringBuilder("at " + millis + ' ' + author.name() + '\n');
        lines.append("created ")
                .append(created.id())
                .append(' ')
                .append(created.count())
                .append('\n');
        lines.append("replacing ")
                .append(replacing.id())
                .append(' ')
                .append(replacing.count())
                .append('\n');
        files.forEach((table, list) -> list.forEach(file -> lines.append("file ")
                .append(table)
                .append(' ')
                .append(home.relativize(file.toAbsolutePath()))
                .append('\n')));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws StorageException if the octets are none */
    static IngestionIntent decode(byte[] stored, Path storeDirectory) {
        try {
            return read(stored, storeDirectory);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new StorageException("the intent of an import in " + storeDirectory + " is damaged: " + e, e);
        }
    }

    private static IngestionIntent read(byte[] stored, Path storeDirectory) {
        Path home = storeDirectory.toAbsolutePath();
        Map<Table, List<Path>> files = new EnumMap<>(Table.class);
        List<String> lines = new String(stored, StandardCharsets.UTF_8).lines().toList();
        for (String line : lines.subList(3, lines.size())) {
            String[] words = line.split(" ", 3);
            files.computeIfAbsent(Table.valueOf(words[1]), t -> new ArrayList<>())
                    .add(home.resolve(words[2]).normalize());
        }
        String[] at = lines.get(0).split(" ", 3);
        return new IngestionIntent(
                Long.parseLong(at[1]), new Author(at[2]), bulk(lines.get(1)), bulk(lines.get(2)), files);
    }

    private static Bulk bulk(String line) {
        String[] words = line.split(" ", 3);
        return new Bulk(Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
}
