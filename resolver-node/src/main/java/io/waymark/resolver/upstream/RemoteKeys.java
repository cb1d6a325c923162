package io.waymark.resolver.upstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.admin.Authenticator;
import io.waymark.resolver.admin.ForeignKeys;
import io.waymark.resolver.admin.SourceCounts;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Delegation;
import io.waymark.resolver.resolve.Delegation.Scope;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Public keys of identities under prefixes that other nodes serve. Who claims such an identity makes this node ask the site that
 * the prefix handle here names; of prefixes unknown here the root, if there is one, is asked first who serves them. An answer
 * counts only if the site asked signed it with the key in its site record, which the answer before it, or this node's own
 * records and configuration, brought. Safe for any thread.
 */
public final class RemoteKeys implements ForeignKeys {
    private static final int IN_FLIGHT_MAX = 64;
    private static final int PER_SOURCE_MAX = 4;
    /** From the root downwards, as often as this. */
    private static final int REFERRALS_MAX = 3;

    private final Resolver resolver;
    private final Recursion recursion;
    private final Optional<HandleValue> root;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final SourceCounts sources = new SourceCounts(PER_SOURCE_MAX);
    private final MeterRegistry metrics;

    /**
     * @param resolver knows who serves which prefix
     * @param recursion asks
     * @param root knows who serves the others
     */
    public RemoteKeys(Resolver resolver, Recursion recursion, Optional<SiteInfo> root, MeterRegistry metrics) {
        this.resolver = resolver;
        this.recursion = recursion;
        this.root = root.map(site -> HandleValue.of(1, SiteInfo.TYPE, SiteInfoCodec.encode(site), 0));
        this.metrics = metrics;
    }

    @Override
    public CompletableFuture<List<HandleValue>> of(Handle identity, InetAddress source) {
        if (Homing.isPrefixHandle(identity) || !recursion.offersIdentitiesOf(identity.prefix())) {
            return CompletableFuture.completedFuture(List.of());
        }
        Optional<Delegation> known = resolver.elsewhere(identity).filter(Recursion::isAnswerable);
        if (known.isEmpty() && root.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (!enter(source)) {
            return CompletableFuture.completedFuture(counted("busy", List.of()));
        }
        return known.map(d -> CompletableFuture.completedFuture(known))
                .orElseGet(() -> service(identity.prefixHandle()))
                .thenCompose(service -> service.map(d -> keys(d, identity))
                        .orElseGet(() -> CompletableFuture.completedFuture(counted("unanswered", List.of()))))
                .whenComplete((keys, failure) -> leave(source));
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

    // --- who serves the prefix

    private CompletableFuture<Optional<Delegation>> service(Handle prefixHandle) {
        return service(Homing.told(prefixHandle, root.stream().toList(), Scope.HANDLES), REFERRALS_MAX);
    }

    private CompletableFuture<Optional<Delegation>> service(Delegation asked, int referrals) {
        return recursion
                .askForIdentity(asked, asked.prefixHandle())
                .thenCompose(reply -> reply instanceof Reply.Answered answered
                        ? told(asked.prefixHandle(), answered.response(), referrals)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    private CompletableFuture<Optional<Delegation>> told(Handle prefixHandle, Response response, int referrals) {
        if (response.kind() == Response.Kind.VALUES) {
            return CompletableFuture.completedFuture(
                    Optional.of(Homing.told(prefixHandle, ((Response.Values) response).values(), Scope.HANDLES)));
        }
        if (response.kind() == Response.Kind.REFERRAL && referrals > 0) {
            Scope scope = response.code() == ResponseCode.PREFIX_REFERRAL ? Scope.DERIVED_PREFIXES : Scope.HANDLES;
            return service(Homing.told(prefixHandle, ((Response.Referral) response).values(), scope), referrals - 1);
        }
        return CompletableFuture.completedFuture(Optional.empty());
    }

    // --- the keys

    private CompletableFuture<List<HandleValue>> keys(Delegation service, Handle identity) {
        return recursion.askForIdentity(service, identity).thenApply(this::keys);
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
