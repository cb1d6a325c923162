package io.waymark.resolver.upstream;

import io.waymark.identifier.Handle;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.upstream.Reply.Reason;
import io.waymark.resolver.upstream.Reply.Unanswered;
import io.waymark.resolver.wire.ClientCodec;
import io.waymark.resolver.wire.EnvelopeCodec;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One question on its way: server by server, on each a datagram, the datagram again, a connection; until one answers or
 * the time is over. Lives on the courier's thread.
 */
final class Flight {
    /** What flights share. */
    record Gear(
            UpstreamConfig config,
            Courier courier,
            Servers servers,
            RandomGenerator random,
            Clock clock,
            LongSupplier nanos) {}

    /** Requests stay valid half a day and some: how much more, nobody can foresee, nor their digests. */
    private static final int LIFE_SECONDS = 43_200;

    private static final int LIFE_SPREAD = 1 << 20;

    private final Gear gear;
    private final Handle handle;
    private final List<Hop> hops;
    private final long deadlineNanos;
    private final int requestId;
    private final byte[] request;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();

    Flight(Gear gear, Handle handle, List<Hop> hops, int recursionCount, boolean fresh) {
        this.gear = gear;
        this.handle = handle;
        this.hops = hops;
        this.deadlineNanos = gear.nanos().getAsLong() + gear.config().deadline().toNanos();
        this.requestId = gear.random().nextInt(1, Integer.MAX_VALUE);
        int flags = OpFlags.DEFAULT_REQUEST
                | OpFlags.REQUEST_DIGEST
                | (fresh ? OpFlags.AUTHORITATIVE : 0)
                | (hops.stream().anyMatch(hop -> hop.key().isPresent()) ? OpFlags.CERTIFIED : 0);
        this.request = ClientCodec.resolution(
                requestId,
                flags,
                (int) nowSeconds() + LIFE_SECONDS + gear.random().nextInt(LIFE_SPREAD),
                recursionCount + 1,
                handle.text(),
                List.of(),
                new int[0]);
    }

    /** Starts; the future never fails. */
    CompletableFuture<Reply> start() {
        hop(0, Reason.NO_ADDRESS);
        return reply;
    }

    private long nowSeconds() {
        return gear.clock().millis() / 1000;
    }

    private Duration left() {
        return Duration.ofNanos(deadlineNanos - gear.nanos().getAsLong());
    }

    private void hop(int number, Reason last) {
        if (number == hops.size() || left().isNegative()) {
            reply.complete(new Unanswered(last));
            return;
        }
        Hop hop = hops.get(number);
        Servers.Server server = gear.servers().of(hop.name());
        if (!gear.servers().hasRoom(server)) {
            hop(number + 1, Reason.BUSY);
        } else if (!gear.servers().begin(server, gear.nanos().getAsLong())) {
            hop(number + 1, Reason.BREAKER_OPEN);
        } else {
            Duration share = left().dividedBy(hops.size() - number);
            ask(hop, share).thenAccept(answer -> {
                boolean answered = answer instanceof Reply.Answered;
                gear.servers().ended(server, answered, gear.nanos().getAsLong());
                if (answer instanceof Unanswered none) {
                    hop(number + 1, none.reason());
                } else {
                    reply.complete(answer);
                }
            });
        }
    }

    private CompletableFuture<Reply> ask(Hop hop, Duration share) {
        boolean fits = request.length - EnvelopeCodec.BYTES <= EnvelopeCodec.SLICE_BYTES;
        if (hop.udp().isEmpty() || !fits) {
            return stream(hop, share, Reason.NO_ADDRESS);
        }
        Duration first = least(gear.config().attempt(), share.dividedBy(3));
        long beganNanos = gear.nanos().getAsLong();
        return read(hop, gear.courier().datagram(hop.udp().get(), requestId, request, first, first.multipliedBy(2)))
                .thenCompose(answer -> {
                    if (answer instanceof Unanswered none) {
                        Duration used = Duration.ofNanos(gear.nanos().getAsLong() - beganNanos);
                        return stream(hop, least(share, left()).minus(used), none.reason());
                    }
                    return CompletableFuture.completedFuture(answer);
                });
    }

    private CompletableFuture<Reply> stream(Hop hop, Duration time, Reason otherwise) {
        if (hop.tcp().isEmpty() || time.isNegative() || time.isZero()) {
            return CompletableFuture.completedFuture(new Unanswered(otherwise));
        }
        InetSocketAddress to = hop.tcp().get();
        return read(hop, gear.courier().stream(to, request, time));
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private CompletableFuture<Reply> read(Hop hop, CompletableFuture<byte[]> exchange) {
        return exchange.handle((frame, failure) -> failure == null
                ? Answers.read(
                        frame,
                        request,
                        requestId,
                        hop.key(),
                        handle,
                        gear.config().negativeTtl().toSeconds(),
                        nowSeconds())
                : new Unanswered(reason(failure)));
    }

    private static Reason reason(Throwable failure) {
        if (!(failure instanceof UpstreamException known)) {
            return Reason.UNREACHABLE;
        }
        return switch (known.kind()) {
            case TIMEOUT, TOO_LARGE -> Reason.TIMEOUT;
            case UNREACHABLE -> Reason.UNREACHABLE;
            case MALFORMED -> Reason.MALFORMED;
        };
    }
}
