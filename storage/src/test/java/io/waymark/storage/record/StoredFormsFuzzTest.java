package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged row is refused with the declared exception; a whole one is read as it was written. */
class StoredFormsFuzzTest {
    private static final Author AUTHOR = new Author("300:88.1/ADMIN");

    static Stream<byte[]> records() {
        return Stream.of(
                StoredRecord.encode(new Handle("88.1/a"), List.of(HandleValue.text(1, "URL", "https://a.example", 7))),
                StoredRecord.encode(new Handle("88.1/武"), List.of()));
    }

    @MethodSource("records")
    @FuzzTest
    void records(byte[] stored) {
        try {
            List<HandleValue> values = StoredRecord.values(stored);
            Handle handle = StoredRecord.handle("88.1/A".getBytes(StandardCharsets.UTF_8), stored);
            assertThat(StoredRecord.values(StoredRecord.encode(handle, values))).isEqualTo(values);
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    static Stream<byte[]> aliasLists() {
        return Stream.of(AliasList.encode(Set.of("https://id.gs1.org/01/06901234567892")), AliasList.encode(List.of()));
    }

    @MethodSource("aliasLists")
    @FuzzTest
    void aliasLists(byte[] stored) {
        try {
            Set<String> aliases = AliasList.decode("88.1/A", stored);
            assertThat(AliasList.decode("88.1/A", AliasList.encode(aliases))).isEqualTo(aliases);
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("88.1/A");
        }
    }

    static Stream<byte[]> heads() {
        return Stream.of(new RecordHead(Action.REPLACED, true, 7, 1L << 40, 1_763_800_000_000L, 3, 9, AUTHOR).encode());
    }

    @MethodSource("heads")
    @FuzzTest
    void heads(byte[] stored) {
        try {
            RecordHead head = RecordHead.decode(stored);
            assertThat(RecordHead.decode(head.encode())).isEqualTo(head);
        } catch (StorageException | IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    static Stream<byte[]> ingestions() {
        return Stream.of(new IngestionIntent(
                        9,
                        AUTHOR,
                        new Ingestion.Bulk(1, 2),
                        new Ingestion.Bulk(3, 4),
                        java.util.Map.of(Ingestion.Table.RECORDS, List.of(Path.of("/d/import/r.sst"))))
                .encode(Path.of("/d/records")));
    }

    @MethodSource("ingestions")
    @FuzzTest
    void ingestions(byte[] stored) {
        try {
            Path home = Path.of("/d/records");
            IngestionIntent intent = IngestionIntent.decode(stored, home);
            assertThat(IngestionIntent.decode(intent.encode(home), home)).isEqualTo(intent);
        } catch (StorageException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    static Stream<byte[]> notes() {
        byte[] key = OutboxTable.key(1L << 33);
        return Stream.of(Arrays.copyOf(key, key.length + 60));
    }

    @MethodSource("notes")
    @FuzzTest
    void notes(byte[] octets) {
        try {
            OutboxTable.Note note = OutboxTable.decode(
                    Arrays.copyOf(octets, Long.BYTES),
                    Arrays.copyOfRange(octets, Math.min(octets.length, Long.BYTES), octets.length));
            assertThat(note.author()).isNotNull();
        } catch (StorageException | IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    static Stream<byte[]> formerVersions() {
        byte[] key = HistoryTable.key("88.1/A".getBytes(StandardCharsets.UTF_8), 7, 9);
        byte[] row = HistoryTable.encode(new HistoryTable.Row(Action.CREATED, 1, 9, 7, AUTHOR, new byte[] {1, 2, 3}));
        byte[] both = Arrays.copyOf(key, key.length + row.length);
        System.arraycopy(row, 0, both, key.length, row.length);
        return Stream.of(both);
    }

    @MethodSource("formerVersions")
    @FuzzTest
    void formerVersions(byte[] octets) {
        int split = Math.min(octets.length, "88.1/A".length() + 17);
        try {
            HistoryTable.Row row =
                    HistoryTable.decode(Arrays.copyOf(octets, split), Arrays.copyOfRange(octets, split, octets.length));
            assertThat(HistoryTable.encode(row)).isNotEmpty();
        } catch (StorageException | IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
