package io.waymark.resolver.server;

import io.waymark.resolver.rate.ResponseRate;

/**
 * What happens when more is asked than can be answered, or than should be.
 *
 * @param coldReads threads for what event loops cannot answer from memory
 * @param udpRate datagrams to one source
 * @param connections of TCP and HTTP
 */
public record LoadLimits(ColdPath.Limits coldReads, ResponseRate udpRate, ConnectionLimits connections) {
    /** With the usual connections. */
    public LoadLimits(ColdPath.Limits coldReads, ResponseRate udpRate) {
        this(coldReads, udpRate, ConnectionLimits.defaults());
    }

    /** Suits a node of a few cores. */
    public static LoadLimits defaults() {
        return new LoadLimits(ColdPath.Limits.defaults(), ResponseRate.defaults());
    }
}
