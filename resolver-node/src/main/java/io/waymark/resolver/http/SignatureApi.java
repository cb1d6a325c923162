package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.signature.SignatureReport;
import io.waymark.resolver.signature.Signatures;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/**
 * {@code GET /api/signatures/{handle}} says what the signatures in a record are worth and why; {@code POST} signs it with
 * the node's key ({@code index}, repeatable: only these values; {@code days}: how long it holds).
 */
public final class SignatureApi {
    static final String PATH = "/api/signatures/";
    private static final String BEARER = "Bearer ";
    private static final String METHODS = "GET, HEAD, POST, OPTIONS";

    private final Signatures signatures;
    private final Predicate<String> isOperatorToken;
    private final Executor workers;

    /**
     * @param isOperatorToken decides in constant time
     * @param workers verify; may throw {@link RejectedExecutionException}
     */
    public SignatureApi(Signatures signatures, Predicate<String> isOperatorToken, Executor workers) {
        this.signatures = signatures;
        this.isOperatorToken = isOperatorToken;
        this.workers = workers;
    }

    CompletableFuture<WebAnswer> answer(WebRequest request) throws WebFault {
        if (request.method().equals("OPTIONS")) {
            return CompletableFuture.completedFuture(WebDoor.preflight(METHODS));
        }
        QueryString query = QueryString.parse(request.rawQuery());
        Handle handle = handle(UriText.decode(request.rawPath().substring(PATH.length()), false));
        return switch (request.method()) {
            case "GET" -> whenIdle(handle, () -> CompletableFuture.supplyAsync(() -> verify(handle, query), workers));
            case "POST" -> {
                requireOperator(request);
                Signatures.Wish wish = new Signatures.Wish(handle, new HashSet<>(query.indexes()), life(query));
                yield whenIdle(
                        handle,
                        () -> signatures
                                .sign(wish, current -> Optional.empty())
                                .thenApply(o -> signed(handle, o, query)));
            }
            default ->
                throw new WebFault(405, "method_not_allowed", request.method() + " is not offered; use " + METHODS);
        };
    }

    private static Handle handle(String name) throws WebFault {
        try {
            return Handle.parse(name);
        } catch (MalformedIdentifierException e) {
            throw new WebFault(ResponseCode.INVALID_HANDLE, 400, "invalid_handle", String.valueOf(e.getMessage()));
        }
    }

    private static Duration life(QueryString query) throws WebFault {
        String days = query.first("days").orElse(String.valueOf(Signatures.LIFE.toDays()));
        long most = Signatures.LIFE_MAX.toDays();
        if (!days.matches("[0-9]{1,4}") || Integer.parseInt(days) < 1 || Integer.parseInt(days) > most) {
            throw new WebFault(400, "bad_request", "days must be in 1.." + most + " but was " + days);
        }
        return Duration.ofDays(Integer.parseInt(days));
    }

    private void requireOperator(WebRequest request) throws WebFault {
        String authorization = request.header("authorization");
        boolean operator = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && isOperatorToken.test(authorization.substring(BEARER.length()).trim());
        if (!operator) {
            throw new WebFault(
                    ResponseCode.AUTHENTICATION_NEEDED,
                    401,
                    "unauthorized",
                    "signing needs an operator's token: Authorization: Bearer …");
        }
    }

    private interface Work {
        CompletableFuture<WebAnswer> start();
    }

    private static CompletableFuture<WebAnswer> whenIdle(Handle handle, Work work) {
        try {
            return work.start().exceptionallyCompose(e -> {
                boolean busy = e instanceof CompletionException && e.getCause() instanceof RejectedExecutionException;
                return busy ? CompletableFuture.completedFuture(busy(handle)) : CompletableFuture.failedFuture(e);
            });
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(busy(handle));
        }
    }

    private static WebAnswer busy(Handle handle) {
        ObjectNode json = HandleJson.failureToJson(
                ResponseCode.SERVER_TOO_BUSY, handle.text(), "too much is waiting to be signed or verified, try again");
        return WebAnswer.json(503, json, false).withHeader("retry-after", "1").forAnyOrigin();
    }

    private static WebAnswer signed(Handle handle, Outcome outcome, QueryString query) {
        if (outcome.kind() == Outcome.Kind.REFUSED) {
            Outcome.Refused refused = (Outcome.Refused) outcome;
            ObjectNode json = HandleJson.failureToJson(refused.code(), handle.text(), refused.message());
            return finish(refused.code().httpStatus(), json, query);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.put("handle", handle.text());
        return finish(200, json, query);
    }

    private WebAnswer verify(Handle handle, QueryString query) {
        Optional<List<SignatureReport>> reports = signatures.verify(handle);
        if (reports.isEmpty()) {
            return finish(404, HandleJson.failureToJson(ResponseCode.HANDLE_NOT_FOUND, handle.text(), ""), query);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.put("handle", handle.text());
        ArrayNode array = json.putArray("signatures");
        reports.get().forEach(r -> array.add(toJson(r)));
        return finish(200, json, query);
    }

    private static ObjectNode toJson(SignatureReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("index", report.index());
        json.put("good", report.isGood());
        json.put("issuer", report.issuer());
        report.life().issuedAt().ifPresent(t -> json.put("issued", time(t)));
        report.life().notBefore().ifPresent(t -> json.put("notBefore", time(t)));
        report.life().expires().ifPresent(t -> json.put("expires", time(t)));
        putIndexes(json, "verified", report.verified());
        putIndexes(json, "changed", report.changed());
        putIndexes(json, "missing", report.missing());
        putIndexes(json, "unsigned", report.unsigned());
        ArrayNode faults = json.putArray("faults");
        report.faults().forEach(faults::add);
        return json;
    }

    private static void putIndexes(ObjectNode json, String name, List<Integer> indexes) {
        ArrayNode array = json.putArray(name);
        indexes.forEach(array::add);
    }

    /** A signature may name any number of seconds. */
    static String time(long seconds) {
        long most = Instant.MAX.getEpochSecond();
        return Instant.ofEpochSecond(Math.max(-most, Math.min(most, seconds))).toString();
    }

    private static WebAnswer finish(int status, ObjectNode json, QueryString query) {
        return WebAnswer.json(status, json, query.flag("pretty", false)).forAnyOrigin();
    }
}
