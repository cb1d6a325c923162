package io.waymark.storage.bulk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one check of an import has refused and counted. One thread. */
final class Ledger {
    /** Prefixes counted by name; the others are counted together. */
    private static final int PREFIXES_MAX = 100_000;

    private final LineSet refused = new LineSet();
    private final SpillingRuns reasons;
    private long records;
    private long replaced;
    private long superseded;

    /** By prefix: records that did not exist, records that did. */
    private final Map<String, long[]> perPrefix = new LinkedHashMap<>();

    private byte[] lastPrefix = new byte[0];
    private long[] lastCounts = new long[2];

    Ledger(Path directory) {
        this.reasons = new SpillingRuns(directory, "refused");
    }

    /** Refuses a line, for the first reason told. */
    void refuse(TextPlace place, String reason) throws IOException {
        if (refused.add(place.segment(), place.line())) {
            StagedEntries.addRefusal(reasons.builder(), place, reason);
        }
    }

    boolean isRefused(TextPlace place) {
        return refused.contains(place.segment(), place.line());
    }

    long refused() {
        return refused.size();
    }

    SpillingRuns reasons() {
        return reasons;
    }

    /** Begins counting anew; what is refused stays so. */
    void recount() {
        records = 0;
        replaced = 0;
        superseded = 0;
        perPrefix.clear();
        lastPrefix = new byte[0];
    }

    /** @param prefix folded; the same array for records of one prefix that follow one another */
    void countRecord(byte[] prefix, boolean replaces) {
        records++;
        replaced += replaces ? 1 : 0;
        if (prefix != lastPrefix) {
            lastPrefix = prefix;
            lastCounts = countsOf(new String(prefix, StandardCharsets.UTF_8));
        }
        lastCounts[replaces ? 1 : 0]++;
    }

    private long[] countsOf(String prefix) {
        boolean byName = perPrefix.size() < PREFIXES_MAX || perPrefix.containsKey(prefix);
        return perPrefix.computeIfAbsent(byName ? prefix : "", p -> new long[2]);
    }

    List<BulkResult.PrefixCount> prefixes() {
        List<BulkResult.PrefixCount> counts = new ArrayList<>();
        perPrefix.forEach((prefix, count) -> counts.add(new BulkResult.PrefixCount(prefix, count[0], count[1])));
        return counts;
    }

    void countSuperseded(long lines) {
        superseded += lines;
    }

    long records() {
        return records;
    }

    long replaced() {
        return replaced;
    }

    long superseded() {
        return superseded;
    }
}
