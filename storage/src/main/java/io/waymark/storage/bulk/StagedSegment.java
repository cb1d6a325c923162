package io.waymark.storage.bulk;

import java.util.Optional;

/**
 * A part of the input, read and sorted.
 *
 * @param number from 0, in the order of the input
 * @param lines how many lines it has
 * @param records its records
 * @param codes the codes they claim
 * @param refusals its lines that are no records
 */
public record StagedSegment(
        int number, int lines, Optional<Run> records, Optional<Run> codes, Optional<Run> refusals) {}
