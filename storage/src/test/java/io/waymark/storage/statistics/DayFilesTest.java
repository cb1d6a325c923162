package io.waymark.storage.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DayFilesTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
    private static final List<String> COLUMNS = List.of("found", "not_found");

    @TempDir
    private Path directory;

    private static DayCounts counts() {
        return new DayCounts(
                DAY, COLUMNS, Map.of("88.118.8", new long[] {7, 2}, "福建.1", new long[] {Long.MAX_VALUE, 0}));
    }

    @Test
    void readsBackWhatWasWritten() {
        new DayFiles(directory).write(counts());

        DayCounts read = new DayFiles(directory).read(DAY).orElseThrow();

        assertThat(read.columns()).isEqualTo(COLUMNS);
        assertThat(read.rows().get("88.118.8")).containsExactly(7, 2);
        assertThat(read.rows().get("福建.1")).containsExactly(Long.MAX_VALUE, 0);
        assertThat(new DayFiles(directory).read(DAY.plusDays(1))).isEmpty();
    }

    @Test
    void writesTheLayoutThatIsDocumented() throws Exception {
        DayFiles files = new DayFiles(directory);
        files.write(new DayCounts(DAY, COLUMNS, Map.of("88.118.8", new long[] {7, 2})));

        assertThat(Files.readString(directory.resolve("2026-11-22.tsv"))).isEqualTo("""
                        waymark-counts\t1\t2026-11-22
                        name\tfound\tnot_found
                        88.118.8\t7\t2
                        crc32c\t78928aec
                        """);
    }

    @Test
    void noticesEveryChangedOctet() throws Exception {
        DayFiles files = new DayFiles(directory);
        files.write(counts());
        Path file = directory.resolve("2026-11-22.tsv");
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);

            assertThatThrownBy(() -> files.read(DAY)).as("octet " + i).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void noticesEveryCut() throws Exception {
        DayFiles files = new DayFiles(directory);
        files.write(counts());
        Path file = directory.resolve("2026-11-22.tsv");
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(good, length));

            assertThatThrownBy(() -> files.read(DAY)).as("length " + length).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void setsADamagedFileAside() throws Exception {
        DayFiles files = new DayFiles(directory);
        Files.writeString(directory.resolve("2026-11-22.tsv"), "nonsense", StandardCharsets.UTF_8);

        Path aside = files.setAside(DAY);

        assertThat(aside).hasContent("nonsense");
        assertThat(files.read(DAY)).isEmpty();
        assertThat(files.days()).isEmpty();
    }

    @Test
    void keepsOnlyTheDaysWanted() {
        DayFiles files = new DayFiles(directory);
        for (int i = 0; i < 5; i++) {
            files.write(new DayCounts(DAY.plusDays(i), COLUMNS, Map.of()));
        }

        files.deleteBefore(DAY.plusDays(3));

        assertThat(files.days()).containsExactly(DAY.plusDays(3), DAY.plusDays(4));
    }

    @Test
    void mapsColumnsOfOtherVersionsByName() {
        DayCounts mapped = counts().withColumns(List.of("new", "found"));

        assertThat(mapped.rows().get("88.118.8")).containsExactly(0, 7);
    }
}
