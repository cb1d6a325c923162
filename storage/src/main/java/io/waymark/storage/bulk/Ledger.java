package io.waymark.storage.bulk;

import java.io.IOException;
import java.nio.file.Path;

/** What one check of an import has refused and counted. One thread. */
final class Ledger {
    private final LineSet refused = new LineSet();
    private final SpillingRuns reasons;
    private long records;
    private long replaced;
    private long superseded;

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
    }

    void countRecord(boolean replaces) {
        records++;
        replaced += replaces ? 1 : 0;
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
