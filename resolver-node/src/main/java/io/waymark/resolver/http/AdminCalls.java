package io.waymark.resolver.http;

import io.waymark.resolver.access.Caller;
import io.waymark.resolver.admin.Administration;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.Header;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Has operations carried out for callers of the web by the same code, under the same rules, as for clients of the binary
 * protocol. Reads and writes happen on the workers; when too many wait, the answer is 503.
 */
public final class AdminCalls {
    private final Administration administration;
    private final Administration forOperator;
    private final Executor workers;

    /**
     * @param administration judges by the records
     * @param forOperator lets {@link Caller#OPERATOR} do everything
     * @param workers bounded; may throw {@link RejectedExecutionException}
     */
    public AdminCalls(Administration administration, Administration forOperator, Executor workers) {
        this.administration = administration;
        this.forOperator = forOperator;
        this.workers = workers;
    }

    /** Whose rules hold for a caller. */
    Administration of(Caller caller) {
        return switch (caller.kind()) {
            case OPERATOR -> forOperator;
            case ADMINISTRATOR -> administration;
            case ANYONE -> throw new IllegalStateException("nobody in particular administers nothing");
        };
    }

    /** Carries out an operation. */
    CompletableFuture<Response> carryOut(Caller caller, Request request, int flags) {
        return later(() -> of(caller).carryOut(message(request, flags), caller.identity()));
    }

    /** Runs on the workers. The future fails with {@link RejectedExecutionException} if too many wait. */
    <T> CompletableFuture<T> later(Supplier<CompletableFuture<T>> work) {
        try {
            return CompletableFuture.supplyAsync(work, workers).thenCompose(f -> f);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The message a client of the binary protocol would have sent. */
    private static RequestMessage message(Request request, int flags) {
        return new RequestMessage(
                new Envelope(ProtocolVersion.NEWEST, 0, ProtocolVersion.NEWEST, 0, 0, 0, 0),
                new Header(0, 0, flags, 0, 0, 0, 0),
                request,
                new byte[0],
                Optional.empty());
    }
}
