package io.waymark.resolver.admin;

import io.waymark.resolver.message.ResponseCode;
import io.waymark.storage.record.AliasTakenException;
import io.waymark.storage.record.OutboxFullException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Tells a store's refusals, which the caller can do something about, from its faults. */
final class StoreFailures {
    private StoreFailures() {}

    static CompletableFuture<Outcome> refusal(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (isAboutOneRecord(cause)) {
            return refused(ResponseCode.VALUE_ALREADY_EXISTS, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof OutboxFullException) {
            return refused(ResponseCode.SERVER_TOO_BUSY, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof RejectedExecutionException) {
            return refused(ResponseCode.SERVER_TOO_BUSY, "too many changes are waiting to be written, try again");
        }
        return CompletableFuture.failedFuture(cause);
    }

    /** Whether the failure is that another record holds an alias, so that other changes of the commit are innocent. */
    static boolean isAboutOneRecord(Throwable failure) {
        return unwrap(failure) instanceof AliasTakenException;
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static CompletableFuture<Outcome> refused(ResponseCode code, String message) {
        return CompletableFuture.completedFuture(new Outcome.Refused(code, message));
    }
}
