package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client that says who he is once per connection (operation 2001) and then goes on under a session number he chose.
 * Nothing but the connection vouches for its later requests, so a login never leaves its {@link Origin}. Safe for any thread.
 */
final class Login {
    private final int sessionId;
    private final ValueReference claimed;
    private final long bornNanos;
    private final AtomicReference<Pending.@Nullable Challenge> challenge;
    private volatile @Nullable ValueReference proven;

    /**
     * @param challenge not kept by {@link Pending}: it is answered on this connection or not at all
     */
    Login(Pending.Challenge challenge, ValueReference claimed) {
        this.sessionId = challenge.id();
        this.claimed = claimed;
        this.bornNanos = challenge.bornNanos();
        this.challenge = new AtomicReference<>(challenge);
    }

    int sessionId() {
        return sessionId;
    }

    /** Who the client said he is. */
    ValueReference claimed() {
        return claimed;
    }

    /** The challenge, once. */
    Optional<Pending.Challenge> take(long nowNanos) {
        return Optional.ofNullable(challenge.getAndSet(null)).filter(c -> !Pending.isExpired(c, nowNanos));
    }

    /** He proved it. */
    void prove(ValueReference identity) {
        proven = identity;
    }

    /** Who he proved to be. */
    Optional<ValueReference> identity() {
        return Optional.ofNullable(proven);
    }

    boolean isExpired(long nowNanos) {
        return nowNanos - bornNanos > Session.LIFE_NANOS_MAX;
    }
}
