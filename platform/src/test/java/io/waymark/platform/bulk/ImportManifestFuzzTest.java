package io.waymark.platform.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged manifest is read as far as it is true or not at all, also one whose checksums happen to be right. */
class ImportManifestFuzzTest {
    private static final Path DIRECTORY = directory();

    private static Path directory() {
        try {
            Path directory = Files.createTempDirectory("waymark-fuzz");
            directory.toFile().deleteOnExit();
            directory.resolve("manifest").toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> manifests() {
        return Stream.of(
                        List.of("import 1 NDJSON 1763800000 1048576 1", "file 100 1763800000000 /d/r.ndjson", "staged"),
                        List.of(
                                "import 1 CSV 1 2 1",
                                "file 1 2 /a b",
                                "segment 0 0 0 10 3 - - -",
                                "segment 1 0 10 10 3 1:2:ff - 1:2:0"))
                .map(lines -> String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("manifests")
    @FuzzTest
    void manifests(byte[] octets) throws IOException {
        open(octets);
        open(summed(octets));
    }

    private static byte[] summed(byte[] octets) {
        StringBuilder lines = new StringBuilder();
        for (String line : new String(octets, StandardCharsets.UTF_8).split("\n", -1)) {
            CRC32C crc = new CRC32C();
            crc.update(line.getBytes(StandardCharsets.UTF_8));
            lines.append(line)
                    .append(' ')
                    .append(Long.toHexString(crc.getValue()))
                    .append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void open(byte[] octets) throws IOException {
        Files.write(DIRECTORY.resolve("manifest"), octets);
        Optional<ImportManifest> found = ImportManifest.open(DIRECTORY);
        if (found.isPresent()) {
            try (ImportManifest manifest = found.get()) {
                assertThat(manifest.segments()).hasSameSizeAs(manifest.staged());
            }
        }
    }
}
