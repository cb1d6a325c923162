package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the public keys of identities are found that live at other nodes. Safe for any thread. */
@FunctionalInterface
public interface ForeignKeys {
    /** Nobody who lives elsewhere is known. */
    ForeignKeys NONE = (identity, source) -> CompletableFuture.completedFuture(List.of());

    /**
     * The public values of an identity's record.
     *
     * @param identity whose record does not live here
     * @param source who claims to be it, so that one source cannot take the places of all others
     * @return none if there are none, or this node does not ask, or got no answer it believes. Never fails, takes seconds at
     *     most, and keeps no thread waiting
     */
    CompletableFuture<List<HandleValue>> of(Handle identity, InetAddress source);
}
