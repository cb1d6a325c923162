package io.waymark.resolver.server;

import io.waymark.resolver.rate.ResponseRate;

/**
 * What happens when more is asked than can be answered, or than should be.
 *
 * @param coldReads threads for what event loops cannot answer from memory
 * @param udpRate datagrams to one source
 */
public record LoadLimits(ColdPath.Limits coldReads, ResponseRate udpRate) {
    /** Suits a node of a few cores. */
    public static LoadLimits defaults() {
        return new LoadLimits(ColdPath.Limits.defaults(), ResponseRate.defaults());
    }
}
