package io.waymark.resolver.upstream;

import io.waymark.identifier.Handle;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers resolutions, whatever door they came through, and counts them. What lives here is answered at once, on the
 * caller's thread. Safe for any thread.
 */
public final class Lookup {
    private final Resolver resolver;
    private final Optional<Statistics> statistics;

    /**
     * @param statistics told how each resolution ended
     */
    public Lookup(Resolver resolver, Optional<Statistics> statistics) {
        this.resolver = resolver;
        this.statistics = statistics;
    }

    /** Resolves. The future fails only for a fault of this node. */
    public CompletableFuture<Found> find(Question question) {
        Response local = resolver.resolve(question.handle(), question.filter(), question.reader());
        Response answer = local.kind() == Response.Kind.REFERRAL && !question.mayBeReferred()
                ? ((Response.Referral) local).withheld()
                : local;
        count(question, answer);
        return CompletableFuture.completedFuture(new Found(answer, true));
    }

    /** Counts a resolution that came by another of the record's names. */
    public void found(Handle handle) {
        statistics.ifPresent(s -> s.lane().count(handle.text(), Measure.FOUND));
    }

    private void count(Question question, Response answer) {
        statistics.ifPresent(s -> s.lane().count(prefixed(question.handle()), measure(answer)));
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
