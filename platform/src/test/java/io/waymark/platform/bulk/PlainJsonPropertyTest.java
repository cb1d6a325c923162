package io.waymark.platform.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.Recognizer;
import io.waymark.resolver.admin.RegistrationRules;
import io.waymark.storage.bulk.MergedRuns;
import io.waymark.storage.bulk.Run;
import io.waymark.storage.bulk.RunBuilder;
import io.waymark.storage.bulk.TextPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick reader may decline any line, but what it takes is what the general reader makes of the same line. */
class PlainJsonPropertyTest {
    private static final int NOW = 1_763_800_000;
    private static final TextPlace PLACE = new TextPlace(1, 2, 3, 4);
    private static final RegistrationRules RULES =
            new RegistrationRules(code -> Recognizer.recognize(code).identifier());

    @TempDir
    Path directory;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final RunBuilder records = new RunBuilder(16);
    private final RunBuilder codes = new RunBuilder(16);
    private final RunBuilder refusals = new RunBuilder(16);
    private final PlainJson plain = new PlainJson(new RecordEncoder(records, codes, RULES, NOW));
    private final GeneralReader general = new GeneralReader(records, codes, refusals, RULES, NOW);

    @Test
    void takesTheLinesThatExportsWrite() throws IOException {
        assertSame(
                "{\"handle\":\"88.118.8/k1\",\"values\":[{\"index\":1,\"type\":\"URL\",\"data\":{\"format\":"
                        + "\"string\",\"value\":\"https://a.example/茶\"},\"ttl\":86400,\"timestamp\":\"2026-11-22T08:00:00Z\"}]}");
        assertSame(
                "{\"handle\":\"a/B\",\"values\":[{\"index\":7,\"type\":\"NOTE\",\"data\":\"\",\"permissions\":\"1100\","
                        + "\"ttl\":0},{\"index\":8,\"type\":\"gs1\",\"data\":\"(01)06901234567892(21)7\"}]} \r");
    }

    private void assertSame(String line) throws IOException {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        assertThat(plain.read(octets, 0, octets.length, PLACE)).as(line).isTrue();
        List<String> quick = drain();
        general.read(octets, 0, octets.length, PLACE);
        assertThat(quick).as(line).isNotEmpty().isEqualTo(drain());
    }

    @Test
    void agreesWithTheGeneralReaderOnWhateverItTakes() throws IOException {
        int taken = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] line = line();
            if (plain.read(line, 0, line.length, PLACE)) {
                taken++;
                List<String> quick = drain();
                general.read(line, 0, line.length, PLACE);
                assertThat(quick)
                        .as("seed %d, line %d: %s", seed, i, new String(line, StandardCharsets.UTF_8))
                        .isEqualTo(drain());
            } else {
                assertThat(records.entries() + codes.entries() + refusals.entries())
                        .as("seed %d: a line declined leaves nothing", seed)
                        .isZero();
            }
        }
        assertThat(taken).as("seed %d", seed).isBetween(100, 2_900);
    }

    /** A good line, often with one thing changed. */
    private byte[] line() {
        StringBuilder line = new StringBuilder(
                "{\"handle\":\"" + pick("88.1/a", "P/x y", "é/茶", "nohandle", "/x", "a/") + "\",\"values\":[");
        for (int n = random.nextInt(4); n >= 0; n--) {
            line.append("{\"index\":")
                    .append(pick(Integer.toString(n + 1), Integer.toString(n + 9), "3", "0", "007", "2147483647", "-1"))
                    .append(",\"type\":\"")
                    .append(pick("URL", "GS1", "alias", "类型", "x".repeat(256), "x".repeat(257), ""))
                    .append("\",\"data\":")
                    .append(pick(
                            "\"https://a.example/\"",
                            "{\"format\":\"string\",\"value\":\"(01)06901234567892\"}",
                            "\"01234\"",
                            "{\"format\":\"hex\",\"value\":\"00ff\"}"))
                    .append(pick("", ",\"ttl\":60", ",\"ttl\":\"2026-01-01T00:00:00Z\""))
                    .append(pick(
                            "", ",\"permissions\":\"1110\"", ",\"permissions\":\"0000\"", ",\"permissions\":\"12\""))
                    .append(pick(
                            "", ",\"timestamp\":\"2026-02-31T00:00:00Z\"", ",\"timestamp\":\"2025-12-30T23:59:59Z\""))
                    .append(n > 0 ? "}," : "}");
        }
        byte[] octets = line.append("]}").toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(3) == 0) {
            octets[random.nextInt(octets.length)] =
                    (byte) pick("\"", "}", ",", "\\", "\u0000", "9", "é", " ").charAt(0);
        }
        return octets;
    }

    /** The first ones most of the time. */
    private String pick(String... from) {
        return from[random.nextInt(4) == 0 ? random.nextInt(from.length) : random.nextInt(Math.min(2, from.length))];
    }

    private List<String> drain() throws IOException {
        List<Run> runs = new ArrayList<>();
        for (RunBuilder builder : List.of(records, codes, refusals)) {
            if (builder.entries() > 0) {
                runs.add(builder.write(directory.resolve("run-" + runs.size())));
            }
        }
        List<String> entries = new ArrayList<>();
        try (MergedRuns merged = MergedRuns.open(runs, directory)) {
            while (merged.next()) {
                entries.add(HexFormat.of()
                        .formatHex(merged.buffer(), merged.keyAt(), merged.payloadAt() + merged.payloadLength()));
            }
        }
        return entries;
    }
}
