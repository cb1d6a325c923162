package io.waymark.resolver.server;

/**
 * What happens when more is asked than can be answered.
 *
 * @param coldReads threads for what event loops cannot answer from memory
 */
public record LoadLimits(ColdPath.Limits coldReads) {
    /** Suits a node of a few cores. */
    public static LoadLimits defaults() {
        return new LoadLimits(ColdPath.Limits.defaults());
    }
}
