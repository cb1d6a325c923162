package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.access.Admission;
import io.waymark.resolver.access.Caller;
import io.waymark.resolver.access.Verdict;
import io.waymark.resolver.admin.NodeKey;
import io.waymark.resolver.admin.Proofs;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.signature.Signatures;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.storage.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * The Handle System's JSON REST API. What anybody may read is answered on the caller's thread; who says who he is, is checked
 * first.
 *
 * <pre>
 * /api/handles/{handle}                GET, PUT, DELETE; POST is GET with the parameters in the body
 * /api/handles?prefix=0.NA/P           GET: the handles under a prefix
 * /api/history/{handle}                GET: what a record was, and is
 * /api/resolutions                     POST: many handles at once
 * /api/prefixes, /api/prefixes/{P}     GET; POST homes, DELETE unhomes
 * /api/site                            GET
 * /api/sessions, /api/sessions/this    POST; GET, PUT, DELETE
 * /api/verifications/{index:handle}    GET
 * /api/signatures/{handle}             GET; POST signs
 * /api/openapi.json                    GET: all of this, for programs
 * </pre>
 *
 * <p>With {@code cert} in its query every answer is signed: {@link AnswerSignature}.
 */
public final class HandleApi {
    private static final String PATH = "/api/";
    private static final String HANDLES = "/api/handles/";
    /** Parameters that ask for nothing but the record as it is. */
    private static final Pattern PLAIN_QUERY = Pattern.compile("((type|index|pretty|callback)(=[^&]*)?(&|$))*");

    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final RecordStore records;
    private final SiteRecord site;
    private final Admission admission;
    private final Refusals refusals;
    private final HandleReading reading;
    private final HistoryApi history;
    private final BatchReading batches;
    private final HandleWriting writing;
    private final HandleListing listing;
    private final PrefixesApi prefixes;
    private final SessionsApi sessions;
    private final VerificationsApi verifications;
    private final SignaturesApi signatures;
    private final AnswerSignature signature;

    /** Takes the parts. */
    public HandleApi(
            Lookup lookup,
            Resolver resolver,
            RecordStore records,
            Registrar registrar,
            SiteRecord site,
            Admission admission,
            AdminCalls calls,
            Signatures signatures,
            NodeKey key,
            Proofs proofs,
            Clock clock) {
        this.records = records;
        this.site = site;
        this.admission = admission;
        this.refusals = new Refusals(admission);
        this.history = new HistoryApi(records, calls, clock, site);
        this.reading = new HandleReading(lookup, calls, history);
        this.batches = new BatchReading(lookup, calls);
        this.writing = new HandleWriting(calls, clock);
        this.listing = new HandleListing(records, calls);
        this.prefixes = new PrefixesApi(resolver, registrar, calls);
        this.sessions = new SessionsApi(admission, refusals, calls);
        this.signatures = new SignaturesApi(signatures, calls);
        this.signature = new AnswerSignature(key, proofs, clock);
        this.verifications = new VerificationsApi(admission, refusals);
    }

    /** Whether this is a plain look, by nobody in particular, at a record that is in memory. */
    boolean isQuick(WebRequest request) {
        String path = request.rawPath();
        return request.isGet()
                && path.startsWith(HANDLES)
                && PLAIN_QUERY.matcher(request.rawQuery()).matches()
                && request.header("authorization").isEmpty()
                && isInMemory(path.substring(HANDLES.length()));
    }

    private boolean isInMemory(String name) {
        try {
            return records.isInMemory(Resolver.parse(UriText.decode(name, false)));
        } catch (WebFault | MalformedIdentifierException e) {
            return true; // is told so without looking
        }
    }

    CompletableFuture<WebAnswer> answer(WebRequest request) {
        if (request.method().equals("OPTIONS")) {
            return done(WebDoor.preflight(METHODS));
        }
        try {
            ApiCall call = new ApiCall(request, query(request), Caller.ANYONE);
            return call.query().flag("cert", false) ? signed(call, identified(call)) : identified(call);
        } catch (WebFault e) {
            return done(refusals.answer(new ApiCall(request, QueryString.NONE, Caller.ANYONE), e));
        }
    }

    /** A POST that asks something carries its parameters in its body, where addresses would be too long. */
    private static QueryString query(WebRequest request) throws WebFault {
        boolean form = request.method().equals("POST")
                && request.header("content-type").startsWith(FORM)
                && endpoint(request).equals("handles");
        String body = form ? new String(request.body(), StandardCharsets.UTF_8) : "";
        return QueryString.parse(request.rawQuery() + '&' + body);
    }

    /** Signed by the node, whatever it says; only that too many wait to be signed is said without. */
    private CompletableFuture<WebAnswer> signed(ApiCall call, CompletableFuture<WebAnswer> answer) {
        return answer.thenCompose(plain -> unlessBusy(call, signature.sign(call.request(), plain)));
    }

    private CompletableFuture<WebAnswer> identified(ApiCall call) {
        boolean nobody = endpoint(call.request()).equals("sessions")
                || call.request().header("authorization").isEmpty();
        return nobody ? routed(call) : admitted(call);
    }

    private CompletableFuture<WebAnswer> admitted(ApiCall call) {
        String header = call.request().header("authorization");
        return admission.judge(header, call.request().connection()).thenCompose(verdict -> switch (verdict.kind()) {
            case REFUSED -> done(refusals.answer(call, (Verdict.Refused) verdict));
            case ADMITTED -> routed(new ApiCall(call.request(), call.query(), ((Verdict.Admitted) verdict).caller()));
        });
    }

    private CompletableFuture<WebAnswer> routed(ApiCall call) {
        try {
            if (call.caller().isKnown() && call.callback().isPresent()) {
                throw new WebFault(
                        400, "bad_request", "callback is for what anybody may read; drop it, or the credentials");
            }
            return unlessBusy(call, route(call));
        } catch (WebFault e) {
            return done(refusals.answer(call, e));
        }
    }

    private CompletableFuture<WebAnswer> unlessBusy(ApiCall call, CompletableFuture<WebAnswer> answer) {
        return answer.exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof RejectedExecutionException) {
                return busy(call);
            }
            throw new CompletionException(cause);
        });
    }

    private WebAnswer busy(ApiCall call) {
        return refusals.answer(
                call,
                new Verdict.Refused(ResponseCode.SERVER_TOO_BUSY, 503, "too many requests are waiting, try again"));
    }

    private CompletableFuture<WebAnswer> route(ApiCall call) throws WebFault {
        String rest = rest(call.request());
        return switch (endpoint(call.request())) {
            case "handles" -> rest.isEmpty() ? list(call) : handle(call, decoded(rest));
            case "history" -> history(call, decoded(rest));
            case "resolutions" -> batch(call, rest);
            case "prefixes" -> prefixes(call, decoded(rest));
            case "site" -> reading(call, rest, siteJson());
            case "signatures" -> signatures(call, decoded(rest));
            case "openapi.json" -> reading(call, rest, OpenApi.document());
            case "sessions" -> sessions.answer(call, isThis(call.request(), rest));
            case "verifications" ->
                call.request().isGet()
                        ? verifications.verify(call, decoded(rest))
                        : done(notAllowed(call.request(), "GET, HEAD, OPTIONS"));
            default -> throw unknown(call.request());
        };
    }

    private CompletableFuture<WebAnswer> handle(ApiCall call, String name) throws WebFault {
        return switch (call.request().method()) {
            case "GET", "POST" -> reading.get(call, name);
            case "PUT" -> writing.put(call, name);
            case "DELETE" -> writing.delete(call, name);
            default -> done(notAllowed(call.request(), METHODS));
        };
    }

    private CompletableFuture<WebAnswer> list(ApiCall call) throws WebFault {
        return switch (call.request().method()) {
            case "GET", "POST" -> listing.list(call);
            default -> done(notAllowed(call.request(), "GET, HEAD, POST, OPTIONS"));
        };
    }

    private CompletableFuture<WebAnswer> history(ApiCall call, String name) throws WebFault {
        if (name.isEmpty()) {
            throw unknown(call.request());
        }
        return call.request().isGet()
                ? history.list(call, name)
                : done(notAllowed(call.request(), "GET, HEAD, OPTIONS"));
    }

    private CompletableFuture<WebAnswer> batch(ApiCall call, String rest) throws WebFault {
        if (!rest.isEmpty()) {
            throw unknown(call.request());
        }
        return call.request().method().equals("POST")
                ? batches.resolve(call)
                : done(notAllowed(call.request(), "POST, OPTIONS"));
    }

    private CompletableFuture<WebAnswer> prefixes(ApiCall call, String name) throws WebFault {
        if (name.isEmpty()) {
            return call.request().isGet() ? prefixes.all(call) : done(notAllowed(call.request(), "GET, HEAD, OPTIONS"));
        }
        return switch (call.request().method()) {
            case "GET" -> prefixes.one(call, name);
            case "POST" -> prefixes.home(call, name);
            case "DELETE" -> prefixes.unhome(call, name);
            default -> done(notAllowed(call.request(), "GET, HEAD, POST, DELETE, OPTIONS"));
        };
    }

    private CompletableFuture<WebAnswer> signatures(ApiCall call, String name) throws WebFault {
        return switch (call.request().method()) {
            case "GET" -> signatures.verify(call, name);
            case "POST" -> signatures.sign(call, name);
            default -> done(notAllowed(call.request(), SignaturesApi.METHODS));
        };
    }

    private static CompletableFuture<WebAnswer> reading(ApiCall call, String rest, JsonNode json) throws WebFault {
        if (!rest.isEmpty()) {
            throw unknown(call.request());
        }
        return done(call.request().isGet() ? call.answer(200, json) : notAllowed(call.request(), "GET, HEAD, OPTIONS"));
    }

    private ObjectNode siteJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.set("site", SiteJson.toJson(site.current()));
        return json;
    }

    // --- addresses

    /** Of {@code /api/handles/88.118.8/x}: {@code handles}. */
    private static String endpoint(WebRequest request) {
        String path = request.rawPath();
        int slash = path.indexOf('/', PATH.length());
        return path.length() <= PATH.length() ? "" : path.substring(PATH.length(), slash < 0 ? path.length() : slash);
    }

    /** Of {@code /api/handles/88.118.8/x}: {@code 88.118.8/x}, encoded as it came. */
    private static String rest(WebRequest request) {
        int slash = request.rawPath().indexOf('/', PATH.length());
        return slash < 0 ? "" : request.rawPath().substring(slash + 1);
    }

    private static String decoded(String path) throws WebFault {
        return UriText.decode(path, false);
    }

    private static boolean isThis(WebRequest request, String rest) throws WebFault {
        if (!rest.isEmpty() && !rest.equals("this")) {
            throw unknown(request);
        }
        return !rest.isEmpty();
    }

    private static WebFault unknown(WebRequest request) {
        return new WebFault(404, "not_found", "Unknown HTTP API endpoint " + request.rawPath());
    }

    static WebAnswer notAllowed(WebRequest request, String methods) {
        return ApiCall.forPages(
                        WebDoor.fault(405, "method_not_allowed", request.method() + " is not offered; use " + methods))
                .withHeader("allow", methods);
    }

    private static CompletableFuture<WebAnswer> done(WebAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
