package io.waymark.resolver.admin;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Who holds how many of a bounded kind of thing, so that one source cannot take the places of all others. A source is an
 * IPv4 address or the first half of an IPv6 address, which is what one customer is given. Not thread-safe.
 */
final class SourceQuota {
    private static final int NETWORK_BYTES = 8;

    private final int perSource;
    private final Map<ByteBuffer, LinkedHashSet<Integer>> held = new HashMap<>();

    SourceQuota(int perSource) {
        this.perSource = perSource;
    }

    /** Counts a thing; the source's oldest, which has to make room for it, if it had as many as it may. */
    OptionalInt add(InetAddress source, int id) {
        LinkedHashSet<Integer> ids = held.computeIfAbsent(key(source), k -> new LinkedHashSet<>());
        OptionalInt oldest = ids.size() < perSource
                ? OptionalInt.empty()
                : OptionalInt.of(ids.iterator().next());
        oldest.ifPresent(ids::remove);
        ids.add(id);
        return oldest;
    }

    void remove(InetAddress source, int id) {
        ByteBuffer key = key(source);
        LinkedHashSet<Integer> ids = held.get(key);
        if (ids != null && ids.remove(id) && ids.isEmpty()) {
            held.remove(key);
        }
    }

    static ByteBuffer key(InetAddress source) {
        byte[] octets = source.getAddress();
        return ByteBuffer.wrap(octets, 0, Math.min(octets.length, octets.length == 4 ? 4 : NETWORK_BYTES))
                .slice();
    }
}
