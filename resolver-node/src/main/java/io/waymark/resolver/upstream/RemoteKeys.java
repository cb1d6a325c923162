package io.waymark.resolver.upstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.admin.Authenticator;
import io.waymark.resolver.admin.ForeignKeys;
import io.waymark.resolver.admin.SourceCounts;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.resolve.Delegation;
import io.waymark.resolver.resolve.Resolver;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Public keys of identities under prefixes this node delegated. Who claims such an identity makes this node ask the site that
 * the prefix handle here names, and nobody else; an answer counts only if that site signed it with the key it has there. Safe for any thread.
 */
public final class RemoteKeys implements ForeignKeys {
    private static final int IN_FLIGHT_MAX = 64;
    private static final int PER_SOURCE_MAX = 4;

    private final Resolver resolver;
    private final Recursion recursion;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final SourceCounts sources = new SourceCounts(PER_SOURCE_MAX);
    private final MeterRegistry metrics;

    /**
     * @param resolver knows who serves which prefix
     * @param recursion asks
     */
    public RemoteKeys(Resolver resolver, Recursion recursion, MeterRegistry metrics) {
        this.resolver = resolver;
        this.recursion = recursion;
        this.metrics = metrics;
    }

    @Override
    public CompletableFuture<List<HandleValue>> of(Handle identity, InetAddress source) {
        Optional<Delegation> delegation = resolver.elsewhere(identity).filter(recursion::offersIdentities);
        if (delegation.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (!enter(source)) {
            return CompletableFuture.completedFuture(counted("busy", List.of()));
        }
        return recursion.askForIdentity(delegation.get(), identity).thenApply(reply -> {
            leave(source);
            return keys(reply);
        });
    }

    private boolean enter(InetAddress source) {
        if (!sources.enter(source)) {
            return false;
        }
        if (inFlight.incrementAndGet() > IN_FLIGHT_MAX) {
            leave(source);
            return false;
        }
        return true;
    }

    private void leave(InetAddress source) {
        inFlight.decrementAndGet();
        sources.leave(source);
    }

    /** Of another node's values the public keys only: a secret key anybody can read proves nothing. */
    private List<HandleValue> keys(Reply reply) {
        if (!(reply instanceof Reply.Answered answered)) {
            return counted("unanswered", List.of());
        }
        if (answered.response().kind() != Response.Kind.VALUES) {
            return counted("none", List.of());
        }
        List<HandleValue> keys = ((Response.Values) answered.response())
                .values().stream()
                        .filter(v -> Handle.foldAscii(v.type()).equals(Authenticator.PUBLIC_KEY))
                        .toList();
        return counted(keys.isEmpty() ? "none" : "found", keys);
    }

    private List<HandleValue> counted(String outcome, List<HandleValue> keys) {
        Counter.builder("waymark.resolver.identities.remote")
                .description("Keys of identities that live at other nodes: asked for, or too many were")
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
        return keys;
    }
}
