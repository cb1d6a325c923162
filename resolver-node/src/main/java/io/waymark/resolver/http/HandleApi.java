package io.waymark.resolver.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.admin.Edits;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.resolver.upstream.Question;
import io.waymark.storage.record.Author;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The Handle System's JSON REST API: {@code GET, PUT, DELETE /api/handles/{handle}} and {@code GET /api/site}. Writing
 * takes an operator's bearer token.
 */
public final class HandleApi {
    private static final String HANDLES = "/api/handles/";
    private static final String METHODS = "GET, HEAD, PUT, DELETE, OPTIONS";
    private static final String BEARER = "Bearer ";
    private static final int MAX_NESTING = 32;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Lookup lookup;
    private final Registrar registrar;
    private final SiteRecord site;
    private final Predicate<String> isOperatorToken;
    private final Executor workers;
    private final Clock clock;

    /**
     * @param isOperatorToken decides in constant time
     * @param workers run what reads before it writes; may throw {@link RejectedExecutionException}
     */
    public HandleApi(
            Lookup lookup,
            Registrar registrar,
            SiteRecord site,
            Predicate<String> isOperatorToken,
            Executor workers,
            Clock clock) {
        this.lookup = lookup;
        this.registrar = registrar.by(Author.OPERATOR);
        this.site = site;
        this.isOperatorToken = isOperatorToken;
        this.workers = workers;
        this.clock = clock;
    }

    CompletableFuture<WebAnswer> answer(WebRequest request) throws WebFault {
        String path = request.rawPath();
        if (request.method().equals("OPTIONS")) {
            return done(WebDoor.preflight(METHODS));
        }
        QueryString query = QueryString.parse(request.rawQuery());
        if (path.equals("/api/site") && request.method().equals("GET")) {
            return done(siteAnswer(query));
        }
        if (!path.startsWith(HANDLES) || path.length() == HANDLES.length()) {
            throw new WebFault(404, "not_found", "Unknown HTTP API endpoint " + path);
        }
        String name = UriText.decode(path.substring(HANDLES.length()), false);
        return switch (request.method()) {
            case "GET" -> get(request, query, name);
            case "PUT" -> put(request, query, name);
            case "DELETE" -> delete(request, query, name);
            default ->
                throw new WebFault(405, "method_not_allowed", request.method() + " is not offered; use " + METHODS);
        };
    }

    private WebAnswer siteAnswer(QueryString query) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.set("site", SiteJson.toJson(site.current()));
        return finish(200, json, query);
    }

    // --- reading

    private CompletableFuture<WebAnswer> get(WebRequest request, QueryString query, String name) throws WebFault {
        ValueFilter filter = new ValueFilter(query.indexes(), query.all("type"));
        Reader reader = !query.flag("publicOnly", true) && isOperator(request) ? Reader.ADMINISTRATOR : Reader.ANYONE;
        boolean mayBeReferred = !query.flag("doNotRefer", false);
        boolean fresh = query.flag("auth", false);
        return lookup.find(Question.overHttp(name, filter, reader, mayBeReferred, fresh))
                .thenApply(found -> resolved(found.response(), query, name));
    }

    private static WebAnswer resolved(Response response, QueryString query, String name) {
        if (response.kind() == Response.Kind.VALUES) {
            return finish(200, HandleJson.toJson(name, ((Response.Values) response).values()), query);
        }
        if (response.kind() == Response.Kind.REFERRAL) {
            Response.Referral referral = (Response.Referral) response;
            return finish(referral.code().httpStatus(), HandleJson.referralToJson(referral, name), query);
        }
        return failure((Response.Failure) response, query, name);
    }

    private static WebAnswer failure(Response.Failure failure, QueryString query, String name) {
        // a resolution that finds nothing to show has succeeded in the eyes of this API
        int status = failure.code() == ResponseCode.VALUES_NOT_FOUND
                ? 200
                : failure.code().httpStatus();
        return finish(status, HandleJson.failureToJson(failure.code(), name, failure.message()), query);
    }

    // --- writing

    private CompletableFuture<WebAnswer> put(WebRequest request, QueryString query, String name) throws WebFault {
        requireOperator(request);
        Handle handle = handle(query.flag("mintNewSuffix", false) ? name + UUID.randomUUID() : name);
        List<HandleValue> values = values(request, name);
        boolean overwrite = query.flag("overwrite", true);
        if (query.all("index").isEmpty()) {
            return written(handle, query, () -> registrar.put(handle, values, overwrite));
        }
        requireListed(query, values);
        return written(
                handle,
                query,
                () -> registrar.change(
                        handle,
                        now -> Edits.add(registrar.rules(), handle, now, values, overwrite, registrar.nowSeconds())));
    }

    private CompletableFuture<WebAnswer> delete(WebRequest request, QueryString query, String name) throws WebFault {
        requireOperator(request);
        Handle handle = handle(name);
        List<Integer> indexes = query.indexes();
        return indexes.isEmpty()
                ? written(handle, query, () -> registrar.delete(handle))
                : written(
                        handle,
                        query,
                        () -> registrar.change(handle, now -> Edits.remove(registrar.rules(), handle, now, indexes)));
    }

    private CompletableFuture<WebAnswer> written(
            Handle handle, QueryString query, Supplier<CompletableFuture<Outcome>> write) {
        try {
            return CompletableFuture.supplyAsync(write, workers)
                    .thenCompose(outcome -> outcome)
                    .thenApply(outcome -> outcomeAnswer(handle, outcome, query));
        } catch (RejectedExecutionException e) {
            ObjectNode busy = HandleJson.failureToJson(
                    ResponseCode.SERVER_TOO_BUSY, handle.text(), "too many changes are waiting, try again");
            return done(finish(503, busy, query).withHeader("retry-after", "1"));
        }
    }

    private static WebAnswer outcomeAnswer(Handle handle, Outcome outcome, QueryString query) {
        return switch (outcome.kind()) {
            case CREATED -> finish(201, success(handle), query);
            case REPLACED, DELETED -> finish(200, success(handle), query);
            case REFUSED -> {
                Outcome.Refused refused = (Outcome.Refused) outcome;
                ObjectNode json = HandleJson.failureToJson(refused.code(), handle.text(), refused.message());
                yield finish(refused.code().httpStatus(), json, query);
            }
        };
    }

    private static ObjectNode success(Handle handle) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.put("handle", handle.text());
        return json;
    }

    private List<HandleValue> values(WebRequest request, String name) throws WebFault {
        JsonNode body = parse(request.body());
        String named = body.path("handle").asText(name);
        if (!Handle.foldAscii(named).equals(Handle.foldAscii(name))) {
            throw new WebFault(400, "bad_request", "body is for handle " + named + " but the address says " + name);
        }
        try {
            return HandleJson.valuesFromJson(body, clock);
        } catch (MalformedRecordException e) {
            throw new WebFault(ResponseCode.INVALID_VALUE, 400, "invalid_value", String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode parse(byte[] body) throws WebFault {
        try {
            JsonNode json = JSON.readTree(body);
            if (!json.isMissingNode()) {
                return json;
            }
        } catch (JacksonException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new WebFault(400, "bad_json", "body is not JSON" + place + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new WebFault(400, "bad_json", "body is not JSON: " + e.getMessage());
        }
        throw new WebFault(400, "bad_json", "body is empty");
    }

    /** With {@code index=various} any indexes may be written, else those listed. */
    private static void requireListed(QueryString query, List<HandleValue> values) throws WebFault {
        if (query.all("index").contains("various")) {
            return;
        }
        List<Integer> listed = query.indexes();
        for (HandleValue v : values) {
            if (!listed.contains(v.index())) {
                throw new WebFault(
                        400, "bad_request", "body has index " + v.index() + " but the address lists " + listed);
            }
        }
    }

    private static Handle handle(String name) throws WebFault {
        try {
            return Handle.parse(name);
        } catch (MalformedIdentifierException e) {
            throw new WebFault(ResponseCode.INVALID_HANDLE, 400, "invalid_handle", String.valueOf(e.getMessage()));
        }
    }

    private void requireOperator(WebRequest request) throws WebFault {
        if (!isOperator(request)) {
            throw new WebFault(
                    ResponseCode.AUTHENTICATION_NEEDED,
                    401,
                    "unauthorized",
                    "writing needs an operator's token: Authorization: Bearer …");
        }
    }

    private boolean isOperator(WebRequest request) {
        String authorization = request.header("authorization");
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && isOperatorToken.test(authorization.substring(BEARER.length()).trim());
    }

    // --- form

    private static CompletableFuture<WebAnswer> done(WebAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** {@code callback=name} wraps the answer for script tags; the name is scrubbed, so that it can be nothing else. */
    private static WebAnswer finish(int status, JsonNode json, QueryString query) {
        WebAnswer answer =
                WebAnswer.json(status, json, query.flag("pretty", false)).forAnyOrigin();
        String callback = query.first("callback").orElse("").replaceAll("[^A-Za-z0-9_$]", "");
        if (callback.isEmpty()) {
            return answer;
        }
        String script = callback + '(' + new String(answer.body(), StandardCharsets.UTF_8) + ");";
        return new WebAnswer(
                200, "application/javascript;charset=UTF-8", script.getBytes(StandardCharsets.UTF_8), answer.headers());
    }
}
