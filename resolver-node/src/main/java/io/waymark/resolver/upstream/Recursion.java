package io.waymark.resolver.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.resolve.Delegation;
import io.waymark.resolver.upstream.AnswerCache.Purpose;
import io.waymark.resolver.upstream.Reply.Reason;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks the nodes of delegated prefixes: for all public values of a handle, so that one answer serves every filter. The
 * same question on its way already is not asked again; what was answered is remembered. Safe for any thread; nobody is
 * kept waiting but by a future.
 */
public final class Recursion implements AutoCloseable {
    private static final int IDENTITY_SECONDS_MAX = 300;

    private record FlightKey(AnswerCache.Key question, boolean fresh) {}

    private final UpstreamConfig config;
    private final Flight.Gear gear;
    private final AnswerCache cache;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final UpstreamMeters meters;

    /** The courier's thread only. */
    private final Map<FlightKey, CompletableFuture<Reply>> flights = new HashMap<>();

    /**
     * @param courier closed by {@link #close}
     */
    public Recursion(UpstreamConfig config, Courier courier, MeterRegistry metrics, Clock clock) {
        this.config = config;
        Servers servers = new Servers(config.inFlightPerServerMax());
        this.gear = new Flight.Gear(config, courier, servers, new SecureRandom(), clock, System::nanoTime);
        this.cache = new AnswerCache(config.cacheBytes(), System::nanoTime);
        this.meters = new UpstreamMeters(metrics, cache, servers, inFlight);
    }

    /** Whether the handles of this delegation are asked for elsewhere, if whoever asks wishes. */
    boolean offers(Delegation delegation) {
        return isAnswerable(delegation)
                && config.allows(delegation.prefixHandle().suffix());
    }

    /** Whether keys of a prefix's identities are fetched. */
    boolean offersIdentitiesOf(String prefix) {
        return config.knowsIdentitiesOf(prefix);
    }

    /** Whether it is known whom to ask. */
    static boolean isAnswerable(Delegation delegation) {
        return delegation.scope() == Delegation.Scope.HANDLES
                && !delegation.sites().isEmpty();
    }

    /** Whether a question passed on so often goes no further. */
    boolean isTooFar(int recursionCount) {
        return recursionCount >= config.recursionMax();
    }

    /**
     * Asks.
     *
     * @param fresh whether what was remembered will not do
     * @return never fails
     */
    CompletableFuture<Reply> ask(Delegation delegation, Handle handle, int recursionCount, boolean fresh) {
        return ask(delegation, handle, recursionCount, fresh, Purpose.RESOLUTION);
    }

    /**
     * Asks for an identity's record. Only what is signed with the key in the site record counts, and it is remembered for {@value
     * #IDENTITY_SECONDS_MAX} seconds at most, so that a key taken back there is soon worth nothing here.
     *
     * @return never fails
     */
    CompletableFuture<Reply> askForIdentity(Delegation delegation, Handle handle) {
        return ask(delegation, handle, 0, false, Purpose.IDENTITY);
    }

    private CompletableFuture<Reply> ask(
            Delegation delegation, Handle handle, int recursionCount, boolean fresh, Purpose purpose) {
        AnswerCache.Key key = new AnswerCache.Key(handle.canonical(), fingerprint(delegation.values()), purpose);
        Optional<Response> remembered = fresh ? Optional.empty() : cache.get(key);
        if (remembered.isPresent()) {
            meters.cached();
            return CompletableFuture.completedFuture(new Reply.Answered(remembered.get(), 0));
        }
        if (inFlight.incrementAndGet() > config.inFlightMax()) {
            inFlight.decrementAndGet();
            return refused();
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            gear.courier().execute(() -> board(delegation, handle, recursionCount, new FlightKey(key, fresh), reply));
        } catch (RejectedExecutionException e) {
            inFlight.decrementAndGet();
            return refused();
        }
        return reply;
    }

    private CompletableFuture<Reply> refused() {
        Reply busy = new Reply.Unanswered(Reason.BUSY);
        meters.count(busy);
        return CompletableFuture.completedFuture(busy);
    }

    private void board(
            Delegation delegation,
            Handle handle,
            int recursionCount,
            FlightKey key,
            CompletableFuture<Reply> passenger) {
        CompletableFuture<Reply> flight = flights.get(key);
        if (flight == null) {
            flight = depart(delegation, handle, recursionCount, key);
        } else {
            meters.joined();
        }
        flight.thenAccept(reply -> {
            inFlight.decrementAndGet();
            passenger.complete(reply);
        });
    }

    private CompletableFuture<Reply> depart(Delegation delegation, Handle handle, int recursionCount, FlightKey key) {
        long beganNanos = gear.nanos().getAsLong();
        List<Hop> hops = Hop.to(
                handle,
                delegation.sites(),
                config.targets(),
                signatures(key.question().purpose()));
        // what is done on landing is part of the future: whoever waits for it must find the answer remembered
        CompletableFuture<Reply> flight = new Flight(gear, handle, hops, recursionCount, key.fresh())
                .start()
                .thenApply(reply -> landed(key, reply, gear.nanos().getAsLong() - beganNanos));
        if (!flight.isDone()) {
            flights.put(key, flight);
        }
        return flight;
    }

    private Reply landed(FlightKey key, Reply reply, long nanos) {
        flights.remove(key);
        meters.ended(reply, nanos);
        if (reply instanceof Reply.Answered answered) {
            cache.put(key.question(), answered.response(), life(key.question().purpose(), answered));
        }
        return reply;
    }

    private SignaturePolicy signatures(Purpose purpose) {
        return purpose == Purpose.IDENTITY ? SignaturePolicy.REQUIRED : config.signatures();
    }

    private static long life(Purpose purpose, Reply.Answered answered) {
        return purpose == Purpose.IDENTITY
                ? Math.min(IDENTITY_SECONDS_MAX, answered.lifeSeconds())
                : answered.lifeSeconds();
    }

    private static long fingerprint(List<HandleValue> values) {
        long hash = 17;
        for (HandleValue v : values) {
            hash = 1_000_003 * hash + Arrays.hashCode(v.data()) * 31L + v.data().length;
        }
        return hash;
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        gear.courier().close();
    }
}
