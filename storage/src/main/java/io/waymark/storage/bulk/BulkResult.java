package io.waymark.storage.bulk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What became of an import.
 *
 * @param loaded whether the records are in the store; false if lines were refused and none may be
 * @param records how many were (or would have been) loaded
 * @param replaced how many of them existed before
 * @param superseded lines that gave way to a later line for the same handle
 * @param refused lines refused
 * @param refusals which, in order of the input
 * @param prefixes how many of the records are of which prefix
 */
public record BulkResult(
        boolean loaded,
        long records,
        long replaced,
        long superseded,
        long refused,
        Refusals refusals,
        List<PrefixCount> prefixes) {

    /**
     * Records of one prefix.
     *
     * @param foldedPrefix in upper case; empty for all those that came when there were too many prefixes to count
     * @param created that did not exist
     * @param replaced that did
     */
    public record PrefixCount(String foldedPrefix, long created, long replaced) {}

    /** A line that was refused. */
    public record Refusal(TextPlace place, String reason) {}

    /** Does something with a refusal. */
    @FunctionalInterface
    public interface RefusalConsumer {
        /** Returns whether to go on. */
        boolean accept(Refusal refusal) throws IOException;
    }

    /** Refusals in files of the import's directory. */
    public record Refusals(List<Run> runs, Path directory) {
        /** In order of the input, until the consumer has enough. */
        public void forEach(RefusalConsumer consumer) throws IOException {
            try (MergedRuns merged = MergedRuns.open(runs, directory)) {
                while (merged.next()) {
                    if (!consumer.accept(refusal(merged))) {
                        return;
                    }
                }
            }
        }

        private static Refusal refusal(MergedRuns here) {
            int at = here.payloadAt();
            return new Refusal(
                    TextPlace.read(here.buffer(), at),
                    new String(
                            here.buffer(),
                            at + StagedEntries.REASON,
                            here.payloadLength() - StagedEntries.REASON,
                            StandardCharsets.UTF_8));
        }
    }
}
