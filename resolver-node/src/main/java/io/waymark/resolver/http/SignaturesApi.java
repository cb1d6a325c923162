package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.access.Caller;
import io.waymark.resolver.admin.Administration;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.signature.SignatureReport;
import io.waymark.resolver.signature.Signatures;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/signatures/{handle}} says what the signatures in a record are worth and why; {@code POST} signs it with
 * the node's key ({@code index}, repeatable: only these values; {@code days}: how long it holds). Signing is for who may add
 * and change values of the record.
 */
final class SignaturesApi {
    static final String METHODS = "GET, HEAD, POST, OPTIONS";

    private final Signatures signatures;
    private final AdminCalls calls;

    SignaturesApi(Signatures signatures, AdminCalls calls) {
        this.signatures = signatures;
        this.calls = calls;
    }

    CompletableFuture<WebAnswer> verify(ApiCall call, String name) throws WebFault {
        Handle handle = handle(name);
        return calls.later(() -> CompletableFuture.completedFuture(reported(call, handle)));
    }

    CompletableFuture<WebAnswer> sign(ApiCall call, String name) throws WebFault {
        Handle handle = handle(name);
        Caller caller = call.known();
        PrefixesApi.refuseForgery(call.request());
        Signatures.Wish wish =
                new Signatures.Wish(handle, new HashSet<>(call.query().indexes()), life(call.query()));
        Administration administration = calls.of(caller);
        return signatures
                .sign(
                        wish,
                        administration.author(caller.identity()),
                        current -> administration.whyNotWrite(handle, current, caller.identity()))
                .thenApply(outcome -> signed(call, handle, outcome));
    }

    private static Handle handle(String name) throws WebFault {
        try {
            return Handle.parse(name);
        } catch (MalformedIdentifierException e) {
            throw WebFault.of(e);
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

    private static WebAnswer signed(ApiCall call, Handle handle, Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.REFUSED) {
            Outcome.Refused refused = (Outcome.Refused) outcome;
            return call.failure(new Response.Failure(refused.code(), refused.message()), handle.text());
        }
        return call.answer(200, success(handle));
    }

    private WebAnswer reported(ApiCall call, Handle handle) {
        Optional<List<SignatureReport>> reports = signatures.verify(handle);
        if (reports.isEmpty()) {
            return call.failure(new Response.Failure(ResponseCode.HANDLE_NOT_FOUND, ""), handle.text());
        }
        ObjectNode json = success(handle);
        ArrayNode array = json.putArray("signatures");
        reports.get().forEach(r -> array.add(toJson(r)));
        return call.answer(200, json);
    }

    private static ObjectNode success(Handle handle) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("responseCode", ResponseCode.SUCCESS.code())
                .put("handle", handle.text());
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
    private static String time(long seconds) {
        long most = Instant.MAX.getEpochSecond();
        return Instant.ofEpochSecond(Math.max(-most, Math.min(most, seconds))).toString();
    }
}
