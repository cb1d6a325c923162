package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.access.Caller;
import io.waymark.resolver.admin.AdminSecret;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.storage.record.Author;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * {@code /api/prefixes}: which prefixes live here. Whether a single one does, everybody may ask, as everybody may resolve its
 * handle; the rest is for the node's administrators and its operator.
 */
final class PrefixesApi {

    private final Resolver resolver;
    private final Registrar registrar;
    private final AdminCalls calls;

    PrefixesApi(Resolver resolver, Registrar registrar, AdminCalls calls) {
        this.resolver = resolver;
        this.registrar = registrar.by(Author.OPERATOR); // others home as the binary protocol does
        this.calls = calls;
    }

    CompletableFuture<WebAnswer> all(ApiCall call) throws WebFault {
        Request request = new Request.NameOperation(OpCode.LIST_HOMED_PREFIXES, "/");
        return calls.carryOut(call.known(), request, 0).thenApply(response -> listed(call, response));
    }

    private static WebAnswer listed(ApiCall call, Response response) {
        if (response.kind() == Response.Kind.FAILURE) {
            return call.failure((Response.Failure) response, "");
        }
        ObjectNode json = success();
        ArrayNode prefixes = JsonNodeFactory.instance.arrayNode();
        Optional<Response.Names> names = Optional.of((Response.Names) response);
        while (names.isPresent()) {
            names.get().names().forEach(prefixes::add);
            names = names.get().next().map(Supplier::get);
        }
        json.put("totalCount", Integer.toString(prefixes.size()));
        json.set("prefixes", prefixes);
        return call.answer(200, json);
    }

    CompletableFuture<WebAnswer> one(ApiCall call, String name) throws WebFault {
        Handle prefixHandle = prefixHandle(name);
        return calls.later(() -> CompletableFuture.completedFuture(
                resolver.record(prefixHandle).isPresent()
                        ? call.answer(200, success().put("prefix", prefixHandle.text()))
                        : call.failure(
                                new Response.Failure(ResponseCode.HANDLE_NOT_FOUND, "the prefix does not live here"),
                                prefixHandle.text())));
    }

    /**
     * Serves a prefix from now on. Its administrator is the caller's own key; for the operator, who has none, a key is made
     * and told, or taken from {@code {"secret":"…"}}.
     */
    CompletableFuture<WebAnswer> home(ApiCall call, String name) throws WebFault {
        refuseForgery(call.request());
        Handle prefixHandle = prefixHandle(name);
        if (call.known().kind() == Caller.Kind.OPERATOR) {
            return homeWithSecret(call, prefixHandle);
        }
        Request request = new Request.NameOperation(OpCode.HOME_PREFIX, prefixHandle.text());
        return calls.carryOut(call.caller(), request, 0).thenApply(r -> done(call, prefixHandle, r, 201));
    }

    private CompletableFuture<WebAnswer> homeWithSecret(ApiCall call, Handle prefixHandle) throws WebFault {
        JsonNode body =
                call.request().body().length == 0 ? JsonNodeFactory.instance.objectNode() : JsonBody.of(call.request());
        String given = body.path("secret").asText("");
        String secret = given.isEmpty() ? AdminSecret.fresh() : given;
        ObjectNode json = success()
                .put("prefix", prefixHandle.text())
                .put("administrator", Registrar.SECRET_INDEX + ":" + prefixHandle.suffix() + "/ADMIN");
        if (given.isEmpty()) {
            json.put("secret", secret);
        }
        return calls.later(() -> registrar.homePrefix(prefixHandle.suffix(), secret.getBytes(StandardCharsets.UTF_8)))
                .thenApply(outcome -> outcome.kind() == Outcome.Kind.REFUSED
                        ? refused(call, prefixHandle, (Outcome.Refused) outcome)
                        : call.answer(201, json));
    }

    CompletableFuture<WebAnswer> unhome(ApiCall call, String name) throws WebFault {
        Handle prefixHandle = prefixHandle(name);
        Request request = new Request.NameOperation(OpCode.UNHOME_PREFIX, prefixHandle.text());
        return calls.carryOut(call.known(), request, 0).thenApply(r -> done(call, prefixHandle, r, 200));
    }

    /** A page of another origin can have a browser send its user's keys with a plain form, but not with JSON. */
    static void refuseForgery(WebRequest request) throws WebFault {
        if (!request.header("origin").isEmpty()
                && !request.header("content-type").startsWith("application/json")) {
            throw new WebFault(415, "not_json", "from a web page, Content-Type must be application/json");
        }
    }

    private static WebAnswer done(ApiCall call, Handle prefixHandle, Response response, int status) {
        return response.kind() == Response.Kind.FAILURE
                ? call.failure((Response.Failure) response, prefixHandle.text())
                : call.answer(status, success().put("prefix", prefixHandle.text()));
    }

    private static WebAnswer refused(ApiCall call, Handle prefixHandle, Outcome.Refused refused) {
        return call.failure(new Response.Failure(refused.code(), refused.message()), prefixHandle.text());
    }

    private static ObjectNode success() {
        return JsonNodeFactory.instance.objectNode().put("responseCode", ResponseCode.SUCCESS.code());
    }

    private static Handle prefixHandle(String name) throws WebFault {
        try {
            Handle handle = Resolver.parse(name);
            if (Homing.isPrefixHandle(handle)) {
                return handle;
            }
        } catch (MalformedIdentifierException e) {
            throw WebFault.of(e);
        }
        throw new WebFault(
                ResponseCode.INVALID_HANDLE, 400, "invalid_handle", "a prefix looks like 88.118.8 or 0.NA/88.118.8");
    }
}
