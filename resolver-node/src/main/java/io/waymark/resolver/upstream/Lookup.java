package io.waymark.resolver.upstream;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Delegation;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers resolutions, whatever door they came through, and counts them. What lives here is answered at once, on the
 * caller's thread; what another node is asked for, later, on another. Safe for any thread.
 */
public final class Lookup {
    private final Resolver resolver;
    private final Optional<Recursion> recursion;
    private final Optional<Statistics> statistics;

    /**
     * @param recursion asks other nodes, if that is allowed at all
     * @param statistics told how each resolution ended
     */
    public Lookup(Resolver resolver, Optional<Recursion> recursion, Optional<Statistics> statistics) {
        this.resolver = resolver;
        this.recursion = recursion;
        this.statistics = statistics;
    }

    /** Resolves. The future fails only for a fault of this node. */
    public CompletableFuture<Response> find(Question question) {
        Response local = resolver.resolve(question.handle(), question.filter(), question.reader());
        if (local.kind() == Response.Kind.REFERRAL && question.recursive() && recursion.isPresent()) {
            return elsewhere(question, (Response.Referral) local, recursion.get());
        }
        return CompletableFuture.completedFuture(counted(question, allowed(question, local)));
    }

    private CompletableFuture<Response> elsewhere(Question question, Response.Referral referral, Recursion recursion) {
        Optional<Delegation> delegation = delegation(question.handle()).filter(recursion::offers);
        if (delegation.isEmpty()) {
            return CompletableFuture.completedFuture(counted(question, allowed(question, referral)));
        }
        if (recursion.isTooFar(question.recursionCount())) {
            Response tooFar = new Response.Failure(
                    ResponseCode.RECURSION_COUNT_TOO_HIGH,
                    "the question was passed on " + question.recursionCount() + " times");
            return CompletableFuture.completedFuture(counted(question, tooFar));
        }
        Handle handle = new Handle(question.handle());
        return recursion
                .ask(delegation.get(), handle, question.recursionCount(), question.fresh())
                .thenApply(reply -> counted(question, answer(question, referral, reply)));
    }

    private Optional<Delegation> delegation(String name) {
        try {
            return resolver.elsewhere(Handle.parse(name));
        } catch (MalformedIdentifierException e) {
            return Optional.empty(); // the name of a prefix
        }
    }

    /** Who cannot be answered for is told where to ask himself, if he can. */
    private static Response answer(Question question, Response.Referral referral, Reply reply) {
        if (reply instanceof Reply.Answered answered) {
            return allowed(question, filtered(question, answered.response()));
        }
        if (question.mayBeReferred()) {
            return referral;
        }
        String why = ((Reply.Unanswered) reply).reason().name().toLowerCase(Locale.ROOT);
        return new Response.Failure(
                ResponseCode.SERVER_TOO_BUSY, "the node of " + referral.handle() + " was not reached: " + why, false);
    }

    private static Response filtered(Question question, Response response) {
        if (response.kind() != Response.Kind.VALUES) {
            return response;
        }
        List<HandleValue> wanted = ((Response.Values) response)
                .values().stream().filter(question.filter()::wants).toList();
        return wanted.isEmpty()
                ? new Response.Failure(ResponseCode.VALUES_NOT_FOUND, "", false)
                : new Response.Values(question.handle(), wanted, false);
    }

    private static Response allowed(Question question, Response response) {
        return response.kind() == Response.Kind.REFERRAL && !question.mayBeReferred()
                ? ((Response.Referral) response).withheld()
                : response;
    }

    /** Counts a resolution that came by another of the record's names. */
    public void found(Handle handle) {
        statistics.ifPresent(s -> s.lane().count(handle.text(), Measure.FOUND));
    }

    private Response counted(Question question, Response answer) {
        statistics.ifPresent(s -> s.lane().count(prefixed(question.handle()), measure(answer)));
        return answer;
    }

    /** Names without a slash mean prefix handles. */
    private static String prefixed(String name) {
        return name.indexOf('/') < 0 ? "0.NA/" : name;
    }

    private static Measure measure(Response answer) {
        return switch (answer.code()) {
            case SUCCESS -> Measure.FOUND;
            case HANDLE_NOT_FOUND, VALUES_NOT_FOUND -> Measure.NOT_FOUND;
            case SERVICE_REFERRAL, PREFIX_REFERRAL -> Measure.REFERRED;
            default -> Measure.REFUSED;
        };
    }
}
