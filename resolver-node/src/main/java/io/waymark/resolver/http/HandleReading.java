package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.resolver.upstream.Question;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/handles/{handle}}. Who is somebody sees what he may, the rest sees what is public; {@code publicOnly}
 * given says which of both is wanted, and then nobody gets less than he asked for without being told.
 */
final class HandleReading {
    private final Lookup lookup;
    private final AdminCalls calls;
    private final HistoryApi history;

    HandleReading(Lookup lookup, AdminCalls calls, HistoryApi history) {
        this.lookup = lookup;
        this.calls = calls;
        this.history = history;
    }

    CompletableFuture<WebAnswer> get(ApiCall call, String name) throws WebFault {
        List<Integer> indexes = call.query().indexes();
        List<String> types = call.query().all("type");
        ValueFilter filter = new ValueFilter(indexes, types);
        Optional<String> asOf = call.query().first("asOf");
        if (asOf.isPresent()) {
            return history.resolve(call, name, filter, asOf.get());
        }
        Optional<Boolean> publicOnly = call.query().choice("publicOnly");
        if (publicOnly.orElse(!call.caller().isKnown())) {
            return asAnyone(call, name, filter);
        }
        return calls.carryOut(call.known(), new Request.Resolution(name, indexes, types), 0)
                .thenCompose(response -> isDenied(response) && publicOnly.isEmpty()
                        ? asAnyone(call, name, filter)
                        : CompletableFuture.completedFuture(answer(call, name, response)));
    }

    private static boolean isDenied(Response response) {
        return response.code() == ResponseCode.INVALID_ADMIN
                || response.code() == ResponseCode.INSUFFICIENT_PERMISSIONS;
    }

    private CompletableFuture<WebAnswer> asAnyone(ApiCall call, String name, ValueFilter filter) {
        boolean mayBeReferred = !call.query().flag("doNotRefer", false);
        boolean fresh = call.query().flag("auth", false);
        return lookup.find(Question.overHttp(name, filter, Reader.ANYONE, mayBeReferred, fresh))
                .thenApply(found -> answer(call, name, found));
    }

    private static WebAnswer answer(ApiCall call, String name, Response response) {
        return response.kind() == Response.Kind.FAILURE
                ? call.failure((Response.Failure) response, name)
                : call.answer(response.code().httpStatus(), json(response, name));
    }

    /** What a resolution found, or why it found nothing. */
    static ObjectNode json(Response response, String name) {
        if (response.kind() == Response.Kind.VALUES) {
            return HandleJson.toJson(name, ((Response.Values) response).values());
        }
        if (response.kind() == Response.Kind.REFERRAL) {
            return HandleJson.referralToJson((Response.Referral) response, name);
        }
        Response.Failure failure = (Response.Failure) response;
        return HandleJson.failureToJson(failure.code(), name, failure.message());
    }
}
