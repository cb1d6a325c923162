package io.waymark.resolver.admin;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much each source has under way of something bounded. A source is an IPv4 address or the first half of an IPv6 address.
 * Safe for any thread.
 */
public final class SourceCounts {
    private final int perSourceMax;
    private final Map<ByteBuffer, Integer> underWay = new ConcurrentHashMap<>();

    /**
     * @param perSourceMax as many at once
     */
    public SourceCounts(int perSourceMax) {
        this.perSourceMax = perSourceMax;
    }

    /** Whether one more may begin; who is told so must call {@link #leave}. */
    public boolean enter(InetAddress source) {
        if (underWay.merge(SourceQuota.key(source), 1, Integer::sum) <= perSourceMax) {
            return true;
        }
        leave(source);
        return false;
    }

    /** One has ended. */
    public void leave(InetAddress source) {
        underWay.computeIfPresent(SourceQuota.key(source), (k, n) -> n > 1 ? n - 1 : null);
    }
}
