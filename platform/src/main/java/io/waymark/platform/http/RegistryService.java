package io.waymark.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import com.linecorp.armeria.server.annotation.Put;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.platform.bulk.RecordJson;
import io.waymark.resolver.admin.AdminSecret;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.http.HandleJson;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.storage.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Prefixes and handle records. */
@Description("Prefixes and handle records.")
final class RegistryService {
    private static final String HANDLES = "/api/v1/handles/";

    private final Registrar registrar;
    private final RecordStore records;
    private final OperatorOnly operators;
    private final Clock clock;

    RegistryService(Registrar registrar, RecordStore records, OperatorOnly operators, Clock clock) {
        this.registrar = registrar;
        this.records = records;
        this.operators = operators;
        this.clock = clock;
    }

    @Post("/api/v1/prefixes")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description(
            "Makes this node the home of a prefix: {\"prefix\", \"secret\"?}; or another node: {\"prefix\", \"site\"}.")
    public CompletableFuture<HttpResponse> addPrefix(AggregatedHttpRequest request) {
        ObjectNode body = Json.parseObject(request, Set.of("prefix", "secret", "site"));
        String prefix = Json.text(body, "prefix");
        if (body.has("site")) {
            return delegate(prefix, body);
        }
        Optional<String> given = Json.optionalText(body, "secret");
        String secret = given.orElseGet(AdminSecret::fresh);
        return registrar
                .homePrefix(prefix, secret.getBytes(StandardCharsets.UTF_8))
                .thenApply(outcome -> {
                    orRefuse(outcome);
                    ObjectNode answer = Json.object()
                            .put("prefix", prefix)
                            .put("prefixHandle", "0.NA/" + prefix)
                            .put("adminHandle", prefix + "/ADMIN")
                            .put("adminIndex", Registrar.SECRET_INDEX);
                    if (given.isEmpty()) {
                        answer.put("secret", secret);
                    }
                    return Json.answer(HttpStatus.CREATED, answer);
                });
    }

    private CompletableFuture<HttpResponse> delegate(String prefix, ObjectNode body) {
        if (body.has("secret")) {
            throw ApiException.badRequest("bad_field", "a delegated prefix has no secret here: its node keeps one");
        }
        return registrar.delegatePrefix(prefix, site(body.get("site"))).thenApply(outcome -> {
            boolean created = orRefuse(outcome).kind() == Outcome.Kind.CREATED;
            ObjectNode answer = Json.object().put("prefix", prefix).put("prefixHandle", "0.NA/" + prefix);
            addRoute(answer, prefix);
            return Json.answer(created ? HttpStatus.CREATED : HttpStatus.OK, answer);
        });
    }

    /** The site in the form the Handle System's REST API gives to the data of an HS_SITE value. */
    private SiteInfo site(JsonNode json) {
        ObjectNode value = Json.object().put("index", 1).put("type", SiteInfo.TYPE);
        value.putObject("data").put("format", "site").set("value", json);
        try {
            return SiteInfoCodec.decode(
                    HandleJson.valuesFromJson(value, clock).get(0).data());
        } catch (MalformedRecordException e) {
            throw ApiException.badRequest("bad_site", "site: " + e.getMessage());
        }
    }

    private void addRoute(ObjectNode answer, String prefix) {
        registrar.delegation(prefix).ifPresent(d -> {
            ArrayNode route = answer.putArray("delegatedTo");
            d.sites()
                    .forEach(s -> s.servers()
                            .forEach(server -> server.interfaces()
                                    .forEach(i -> route.add(server.inetAddress().getHostAddress()
                                            + ':'
                                            + i.port()
                                            + '/'
                                            + i.protocol().name().toLowerCase(Locale.ROOT)))));
        });
    }

    @Get("/api/v1/prefixes")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description("The prefixes this node is home to, and those it delegates, with the addresses of who serves them.")
    public HttpResponse prefixes() {
        ObjectNode answer = Json.object();
        ArrayNode prefixes = answer.putArray("prefixes");
        ArrayNode delegated = Json.object().arrayNode();
        for (String prefix : registrar.homedPrefixes()) {
            ObjectNode entry = Json.object().put("prefix", prefix);
            addRoute(entry, prefix);
            if (entry.has("delegatedTo")) {
                delegated.add(entry);
            }
            prefixes.add(prefix);
        }
        answer.set("delegated", delegated);
        return Json.ok(answer);
    }

    @Get("prefix:" + HANDLES)
    @Blocking
    @Description("A record: its public values, or with the operator's token all that an administrator may read.")
    public HttpResponse get(ServiceRequestContext ctx, AggregatedHttpRequest request) {
        Handle handle = handle(ctx);
        boolean operator = operators.isOperator(request.headers());
        List<HandleValue> values =
                records.find(handle).orElseThrow(() -> ApiException.notFound("there is no handle " + handle.text()));
        return Json.ok(HandleJson.toJson(
                handle.text(), operator ? RecordJson.forOperator(values) : RecordJson.publicOnly(values)));
    }

    @Put("prefix:" + HANDLES)
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description("Gives a handle these values: an array, {\"values\":[…]}, or one value.")
    public CompletableFuture<HttpResponse> put(
            ServiceRequestContext ctx,
            AggregatedHttpRequest request,
            @Param("overwrite") @Default("true") boolean overwrite) {
        Handle handle = handle(ctx);
        JsonNode body = Json.parse("the body", request.content().array());
        refuseOtherHandle(body, handle);
        return registrar.put(handle, values(body), overwrite).thenApply(outcome -> {
            boolean created = orRefuse(outcome).kind() == Outcome.Kind.CREATED;
            ObjectNode answer = Json.object()
                    .put("responseCode", ResponseCode.SUCCESS.code())
                    .put("handle", handle.text());
            return Json.answer(created ? HttpStatus.CREATED : HttpStatus.OK, answer);
        });
    }

    @Delete("prefix:" + HANDLES)
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description("Removes a record with its aliases.")
    public CompletableFuture<HttpResponse> delete(ServiceRequestContext ctx) {
        Handle handle = handle(ctx);
        return registrar.delete(handle).thenApply(outcome -> {
            orRefuse(outcome);
            return Json.ok(Json.object()
                    .put("responseCode", ResponseCode.SUCCESS.code())
                    .put("handle", handle.text()));
        });
    }

    private static Handle handle(ServiceRequestContext ctx) {
        try {
            return Handle.parse(RawPath.behind(ctx, HANDLES));
        } catch (MalformedIdentifierException e) {
            throw ApiException.badRequest("bad_handle", String.valueOf(e.getMessage()));
        }
    }

    private static void refuseOtherHandle(JsonNode body, Handle handle) {
        String named = body.path("handle").asText(handle.text());
        if (!Handle.foldAscii(named).equals(handle.canonical())) {
            throw ApiException.badRequest(
                    "bad_handle", "the path names " + handle.text() + " but the body names " + named);
        }
    }

    private List<HandleValue> values(JsonNode body) {
        try {
            return HandleJson.valuesFromJson(body, clock);
        } catch (MalformedRecordException e) {
            throw ApiException.badRequest("bad_value", String.valueOf(e.getMessage()));
        }
    }

    /** The outcome if something was done, else its refusal. */
    private static Outcome orRefuse(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            throw refusal(refused);
        }
        return outcome;
    }

    private static ApiException refusal(Outcome.Refused refused) {
        HttpStatus status = HttpStatus.valueOf(refused.code().httpStatus());
        return new ApiException(status, word(refused.code()), refused.message());
    }

    /** {@code HANDLE_NOT_FOUND} → {@code handle_not_found}. */
    static String word(ResponseCode code) {
        return code.name().toLowerCase(Locale.ROOT);
    }
}
