package io.waymark.resolver;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.resolver.admin.Registrar;
import io.waymark.storage.record.RecordStore;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Predicate;

/** SKELETON: signatures are the contract, bodies follow. */
public final class ResolverNode implements AutoCloseable {
    /**
     * Binds every listener and answers when it returns.
     *
     * @param keyDirectory keeps the node's RSA key (made at first start, owner-only)
     * @param isOperatorToken decides whether a bearer token may write (constant-time; owned by platform)
     */
    public static ResolverNode start(
            ResolverConfig config,
            RecordStore records,
            Path keyDirectory,
            Predicate<String> isOperatorToken,
            MeterRegistry metrics,
            Clock clock) {
        throw new UnsupportedOperationException("being built");
    }

    public InetSocketAddress handleUdpAddress() {
        throw new UnsupportedOperationException("being built");
    }

    public InetSocketAddress handleTcpAddress() {
        throw new UnsupportedOperationException("being built");
    }

    public InetSocketAddress httpAddress() {
        throw new UnsupportedOperationException("being built");
    }

    /** Shared with platform HTTP (registry, prefix add, import). */
    public Registrar registrar() {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }
}
