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
 */
public record BulkResult(
        boolean loaded, long records, long replaced, long superseded, long refused, Refusals refusals) {

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
