package io.waymark.resolver.http;

import io.waymark.identifier.DigitalLink;
import io.waymark.identifier.Gs1Key;
import io.waymark.identifier.Handle;
import io.waymark.identifier.Identifier;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognizer;
import io.waymark.identifier.Scheme;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.signature.SignatureReport;
import io.waymark.resolver.signature.SignatureVerifier;
import io.waymark.resolver.signature.Signatures;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.resolver.upstream.Question;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * {@code GET /{handle}}: a redirect to where the record leads, as Handle proxies do it, or a page of the record if it leads
 * nowhere or {@code ?noredirect} asks for it. Parameters: {@code type}, {@code index} (only such values), {@code locatt}
 * (which place of several), {@code urlappend}, {@code auth} (nothing remembered will do), {@code ignore_aliases}, {@code
 * lang} (of the page).
 */
public final class BrowserDoor {
    private static final int ALIASES_MAX = 8;

    private final Lookup lookup;
    private final Function<String, Optional<Handle>> codes;
    private final Signatures signatures;
    private final Redirects redirects;
    private final Executor workers;

    /**
     * @param codes finds the record that declares a canonical code
     * @param signatures says on pages who vouches
     * @param workers verify; may throw {@link RejectedExecutionException}
     */
    public BrowserDoor(
            Lookup lookup,
            Function<String, Optional<Handle>> codes,
            Signatures signatures,
            Redirects redirects,
            Executor workers) {
        this.lookup = lookup;
        this.codes = codes;
        this.signatures = signatures;
        this.redirects = redirects;
        this.workers = workers;
    }

    /** A request, read. */
    private record Asked(WebRequest request, QueryString query, ValueFilter filter, boolean noRedirect) {
        Page.Reader reader() {
            return Page.Reader.of(request, query);
        }

        boolean wantsPages() {
            return request.header("accept").contains("text/html");
        }
    }

    CompletableFuture<WebAnswer> answer(WebRequest request) throws WebFault {
        QueryString query = QueryString.parse(request.rawQuery());
        if (request.rawPath().equals("/")) {
            return CompletableFuture.completedFuture(start(request, query));
        }
        String handle = UriText.decode(request.rawPath().substring(1), false);
        Asked asked = new Asked(
                request, query, new ValueFilter(query.indexes(), query.all("type")), query.flag("noredirect", false));
        return resolve(asked, handle, new HashSet<>()).thenApply(a -> a.withHeader("vary", "accept, accept-language"));
    }

    // --- resolving

    private CompletableFuture<WebAnswer> resolve(Asked asked, String handle, Set<String> seen) {
        Question question = Question.overHttp(
                handle, ValueFilter.all(), Reader.ANYONE, true, asked.query().flag("auth", false));
        return lookup.find(question).thenCompose(found -> switch (found.kind()) {
            case VALUES -> found(asked, handle, ((Response.Values) found).values(), seen);
            case REFERRAL ->
                CompletableFuture.completedFuture(
                        ReferralDoor.answer(asked.request(), handle, (Response.Referral) found, asked.reader()));
            default -> CompletableFuture.completedFuture(fault(asked, handle, (Response.Failure) found));
        });
    }

    private CompletableFuture<WebAnswer> found(Asked asked, String handle, List<HandleValue> values, Set<String> seen) {
        boolean follow = !asked.noRedirect() && !asked.query().flag("ignore_aliases", false);
        Optional<String> alias = follow ? alias(values) : Optional.empty();
        if (alias.isPresent()) {
            return seen.add(Handle.foldAscii(handle)) && seen.size() <= ALIASES_MAX
                    ? resolve(asked, alias.get(), seen)
                    : CompletableFuture.completedFuture(circle(asked, handle));
        }
        List<HandleValue> wanted = values.stream().filter(asked.filter()::wants).toList();
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(
                    fault(asked, handle, new Response.Failure(ResponseCode.VALUES_NOT_FOUND, "")));
        }
        Optional<WebAnswer> redirect =
                asked.noRedirect() ? Optional.empty() : redirects.answer(asked.request(), asked.query(), wanted);
        return redirect.map(CompletableFuture::completedFuture).orElseGet(() -> page(asked, handle, wanted));
    }

    private static Optional<String> alias(List<HandleValue> values) {
        return values.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals("HS_ALIAS"))
                .map(HandleValue::dataText)
                .findFirst();
    }

    // --- pages

    private CompletableFuture<WebAnswer> page(Asked asked, String handle, List<HandleValue> values) {
        if (values.stream().noneMatch(SignatureVerifier::isSignature)) {
            return CompletableFuture.completedFuture(page(asked, handle, values, List.of()));
        }
        try {
            return CompletableFuture.supplyAsync(() -> page(asked, handle, values, reports(handle, values)), workers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(
                    WebDoor.fault(503, "busy", "too many signatures are being verified, try again")
                            .withHeader("retry-after", "1"));
        }
    }

    /** The whole record is judged, also if only some of it is shown. */
    private List<SignatureReport> reports(String handle, List<HandleValue> shown) {
        try {
            Handle parsed = Handle.parse(handle);
            return signatures.verify(parsed).orElseGet(() -> signatures.verify(parsed, shown));
        } catch (MalformedIdentifierException e) {
            return List.of(); // the name of a prefix without 0.NA
        }
    }

    private static WebAnswer page(Asked asked, String handle, List<HandleValue> values, List<SignatureReport> reports) {
        RecordPage page =
                new RecordPage(handle, values, reports, asked.request().origin(), asked.reader());
        return WebAnswer.page(200, page.html());
    }

    private WebAnswer start(WebRequest request, QueryString query) {
        Optional<String> asked = query.first("hdl").map(String::trim).filter(h -> !h.isEmpty());
        return asked.map(text -> WebAnswer.redirect(302, page(text)))
                .orElseGet(() -> WebAnswer.page(200, Page.start(Page.Reader.of(request, query))));
    }

    /** Where a handle or a code is looked at. */
    private String page(String text) {
        try {
            Identifier code = Recognizer.recognize(text).identifier();
            Optional<Handle> known = code.scheme() == Scheme.HANDLE ? Optional.empty() : codes.apply(code.canonical());
            if (known.isEmpty() && code instanceof Gs1Key key) {
                return new DigitalLink("", key, List.of(), "").uri() + "?linkType=linkset";
            }
            return recordPage(known.map(Handle::text).orElse(text));
        } catch (MalformedIdentifierException e) {
            return recordPage(text);
        }
    }

    private static String recordPage(String handle) {
        return UriText.localPath(handle) + "?noredirect";
    }

    // --- faults

    private static WebAnswer circle(Asked asked, String handle) {
        return fault(
                asked, handle, new Response.Failure(ResponseCode.ERROR, "its aliases lead in a circle or too far"));
    }

    private static WebAnswer fault(Asked asked, String handle, Response.Failure failure) {
        boolean bad = failure.code() == ResponseCode.INVALID_HANDLE;
        int status = bad ? 400 : 404;
        if (!asked.wantsPages()) {
            return WebAnswer.json(status, HandleJson.failureToJson(failure.code(), handle, failure.message()), false)
                    .forAnyOrigin();
        }
        Page.Reader reader = asked.reader();
        String title = bad
                ? reader.say("This is no handle", "这不是有效的标识")
                : reader.say("Nothing is known of this handle", "未找到该标识");
        String sentence = failure.message().isEmpty() ? handle : handle + " — " + failure.message();
        return WebAnswer.page(status, Page.fault(title, sentence, reader));
    }
}
