package io.waymark.resolver.access;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.ValueReference;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Slows down who tries keys: after {@value #FAILURES_MAX} wrong proofs of one identity from one source within a minute,
 * that source must wait for that identity. Others, and the same identity from elsewhere, do not. Bounded, safe for any
 * thread.
 */
final class GuessLimit {
    static final int FAILURES_MAX = 10;
    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int KEYS_MAX = 16_384;
    /** What one customer is given of IPv6. */
    private static final int NETWORK_BYTES = 8;

    private record Window(int failures, long sinceNanos) {}

    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > KEYS_MAX;
        }
    };

    synchronized boolean mayTry(InetAddress source, ValueReference identity, long nowNanos) {
        Window window = windows.get(key(source, identity));
        return window == null || window.failures() < FAILURES_MAX || nowNanos - window.sinceNanos() > WINDOW_NANOS;
    }

    synchronized void failed(InetAddress source, ValueReference identity, long nowNanos) {
        windows.merge(
                key(source, identity),
                new Window(1, nowNanos),
                (old, fresh) -> nowNanos - old.sinceNanos() > WINDOW_NANOS
                        ? fresh
                        : new Window(old.failures() + 1, old.sinceNanos()));
    }

    synchronized void succeeded(InetAddress source, ValueReference identity) {
        windows.remove(key(source, identity));
    }

    private static String key(InetAddress source, ValueReference identity) {
        byte[] octets = source.getAddress();
        int network = octets.length == 4 ? 4 : NETWORK_BYTES;
        return HexFormat.of().formatHex(octets, 0, network) + ' ' + Handle.foldAscii(identity.handle());
    }
}
