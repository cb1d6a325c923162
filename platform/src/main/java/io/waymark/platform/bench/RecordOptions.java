package io.waymark.platform.bench;

import io.waymark.platform.cli.CliException;
import io.waymark.platform.cli.ExitCodes;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which records {@code bench load} and {@code bench records} make. */
final class RecordOptions {
    private static final long RECORDS_MAX = 1_000_000_000L;

    @Parameters(paramLabel = "N", description = "How many records.")
    private long records;

    @Option(
            names = "--names",
            paramLabel = "PATTERN",
            defaultValue = "88.118.8/k%07d",
            description = "Their handles: a pattern with one %%d or %%0Nd (default: ${DEFAULT-VALUE}).")
    private String pattern = "88.118.8/k%07d";

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            defaultValue = "96",
            description = "Length of each URL; 96 makes an answer of about 200 bytes (default: ${DEFAULT-VALUE}).")
    private int valueBytes;

    /** How many; refused out of bounds. */
    long records() {
        if (records < 1 || records > RECORDS_MAX) {
            throw new CliException(ExitCodes.USAGE, "N must be in 1.." + RECORDS_MAX + " but was " + records);
        }
        return records;
    }

    /** Their names; refused if the pattern is none. */
    NamePattern names() {
        try {
            return NamePattern.parse(pattern);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e);
        }
    }

    int valueBytes() {
        return valueBytes;
    }
}
