package io.waymark.storage.bulk;

/**
 * What may happen to records that are there already, and to lines that are refused.
 *
 * @param overwrite existing records are replaced, and of several lines for one handle the last counts; else such lines are
 *     refused
 * @param skipRefused lines that are refused are left out; else one of them stops everything
 */
public record BulkPolicy(boolean overwrite, boolean skipRefused) {}
