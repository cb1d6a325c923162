package io.waymark.resolver.server;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The open connections of one transport: how many, and how many of each source. Any thread. */
final class ConnectionTable {
    /** Of an IPv6 address: what one customer is given. */
    private static final int NETWORK_BYTES = 8;

    private static final ByteBuffer NOWHERE = ByteBuffer.allocate(0);

    private final ConnectionLimits limits;
    private final AtomicInteger open;
    private final Map<ByteBuffer, Integer> ofSource = new ConcurrentHashMap<>();

    /** @param open shown in metrics */
    ConnectionTable(ConnectionLimits limits, AtomicInteger open) {
        this.limits = limits;
        this.open = open;
    }

    /** Why a connection is refused. */
    enum Verdict {
        ADMITTED(""),
        TOO_MANY("too-many"),
        TOO_MANY_OF_SOURCE("too-many-of-source");

        private final String tag;

        Verdict(String tag) {
            this.tag = tag;
        }

        String tag() {
            return tag;
        }
    }

    /** Counts a connection, refused or not: {@link #leave} when it has ended. */
    Verdict enter(ByteBuffer source) {
        int all = open.incrementAndGet();
        int some = ofSource.merge(source, 1, Integer::sum);
        if (all > limits.max()) {
            return Verdict.TOO_MANY;
        }
        return some > limits.perSourceMax() ? Verdict.TOO_MANY_OF_SOURCE : Verdict.ADMITTED;
    }

    void leave(ByteBuffer source) {
        open.decrementAndGet();
        ofSource.computeIfPresent(source, (key, n) -> n > 1 ? n - 1 : null);
    }

    /** Where a connection comes from, as long as it is open. */
    static ByteBuffer source(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote) || remote.getAddress() == null) {
            return NOWHERE;
        }
        byte[] octets = remote.getAddress().getAddress();
        return ByteBuffer.wrap(octets.length == 4 ? octets : Arrays.copyOf(octets, NETWORK_BYTES));
    }
}
