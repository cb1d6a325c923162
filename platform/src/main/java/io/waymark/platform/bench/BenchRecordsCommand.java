package io.waymark.platform.bench;

import io.waymark.platform.cli.ExitCodes;
import io.waymark.platform.cli.TerminalCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waymark bench records}: writes a file of records for {@code waymark import}. */
@Command(
        name = "records",
        header =
                "Write N records with one URL value each, as waymark import reads them. The same arguments always write the"
                        + " same octets.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark bench records 10000000 -o records.ndjson",
            "  waymark bench records 1000000 --shuffled -o records.csv",
            "  waymark import records.ndjson --home"
        })
final class BenchRecordsCommand extends TerminalCommand {
    private static final int BUFFER = 1 << 20;

    /** Steps through 0…n-1 in an order that is not theirs, unless n is a multiple of this prime. */
    private static final long STEP = 2_654_435_761L;

    private static final long SCATTER = 0x9e3779b97f4a7c15L;
    private static final long MULTIPLIER = 6364136223846793005L;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    @Mixin
    private RecordOptions wanted = new RecordOptions();

    @Option(
            names = "--codes",
            description = "Give each record a GS1 code too: a serial number of one product (a Digital Link).")
    private boolean codes;

    @Option(names = "--shuffled", description = "In no order; otherwise in order of the handles.")
    private boolean shuffled;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "Where to; CSV if the name ends in .csv, else NDJSON.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private Path file;

    @Override
    protected int run() throws IOException {
        long records = wanted.records();
        long start = System.nanoTime();
        write(file, records, wanted.names());
        out().printf(
                        Locale.ROOT,
                        "%,d records, %,d bytes, in %.1f s%n",
                        records,
                        Files.size(file),
                        (System.nanoTime() - start) * 1e-9);
        return ExitCodes.OK;
    }

    private void write(Path target, long records, NamePattern names) throws IOException {
        boolean csv = target.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        StringBuilder lines = new StringBuilder(2 * BUFFER);
        lines.append(csv ? "handle,URL" + (codes ? ",GS1" : "") + "\n" : "");
        try (OutputStream out = Files.newOutputStream(target)) {
            for (long n = 0; n < records; n++) {
                long number = shuffled ? n * STEP % records : n;
                String handle = names.format(number);
                if (csv) {
                    csv(lines, handle, number);
                } else {
                    json(lines, handle, number);
                }
                if (lines.length() > BUFFER) {
                    out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
                    lines.setLength(0);
                }
            }
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void json(StringBuilder lines, String handle, long number) {
        lines.append("{\"handle\":\"").append(handle);
        lines.append("\",\"values\":[{\"index\":1,\"type\":\"URL\",\"data\":{\"format\":\"string\",\"value\":\"");
        url(lines, handle, number).append("\"}}");
        if (codes) {
            lines.append(",{\"index\":2,\"type\":\"GS1\",\"data\":{\"format\":\"string\",\"value\":\"");
            code(lines, number).append("\"}}");
        }
        lines.append("]}\n");
    }

    private void csv(StringBuilder lines, String handle, long number) {
        lines.append(handle).append(',');
        url(lines, handle, number);
        if (codes) {
            code(lines.append(','), number);
        }
        lines.append('\n');
    }

    /** Padded with letters that no compression shortens much, because real addresses are not all alike either. */
    private StringBuilder url(StringBuilder lines, String handle, long number) {
        int from = lines.length();
        lines.append("https://id.example.com/").append(handle).append('?');
        long state = (number + 1) * SCATTER;
        while (lines.length() - from < wanted.valueBytes()) {
            state = state * MULTIPLIER + 1;
            lines.append(LETTERS.charAt((int) (state >>> 58)));
        }
        return lines;
    }

    private static StringBuilder code(StringBuilder lines, long number) {
        return lines.append("https://id.gs1.org/01/06901234567892/21/").append(number);
    }
}
