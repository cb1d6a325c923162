package io.waymark.resolver.rate;

import java.util.List;

/**
 * How many datagrams a source may be sent. A source is a network: its addresses share a bucket.
 *
 * @param perSecond datagrams in the long run; 0 = no limit
 * @param burst datagrams at once, after a silence
 * @param slip of the requests over the limit every n-th is told that the server is too busy, in a datagram no longer than
 *     the request; the others get nothing. 1 = all, 0 = none
 * @param ipv4Bits of an IPv4 address that make the source
 * @param ipv6Bits of an IPv6 address that make the source, at most 56
 * @param sourcesMax sources remembered; rounded up to a power of two
 * @param exempt networks without a limit
 */
public record ResponseRate(
        int perSecond, int burst, int slip, int ipv4Bits, int ipv6Bits, int sourcesMax, List<Network> exempt) {
    /** Refuses what cannot be. */
    public ResponseRate {
        require("rate", perSecond, 0, 1_000_000_000);
        require("burst", burst, 1, 1_000_000_000);
        require("slip", slip, 0, 1_000_000);
        require("IPv4 bits", ipv4Bits, 1, 32);
        require("IPv6 bits", ipv6Bits, 1, 56);
        require("sources", sourcesMax, 4, 1 << 24);
        exempt = List.copyOf(exempt);
    }

    /**
     * A thousand datagrams a second to a /24 or a /56, two thousand at once: more than any resolver with a cache of its own
     * asks, and at most 4 Mbit/s towards somebody who never asked.
     */
    public static ResponseRate defaults() {
        return new ResponseRate(1_000, 2_000, 2, 24, 56, 65_536, List.of());
    }

    /** No limit for anybody. */
    public static ResponseRate unlimited() {
        return new ResponseRate(0, 1, 0, 24, 56, 4, List.of());
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "response rate: " + what + " must be in " + min + ".." + max + " but was " + value);
        }
    }
}
