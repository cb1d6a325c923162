package io.waymark.resolver.http;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.link.WebAddress;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.resolver.upstream.Question;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /{handle}}: a redirect to the record's URL, as Handle proxies do it, or a page of the record if it has none or
 * {@code ?noredirect} asks for it. Parameters: {@code type}, {@code index}, {@code urlappend}, {@code lang}.
 */
public final class BrowserDoor {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
    private static final int MAX_LIFE_SECONDS = 172_800;

    private final Lookup lookup;
    private final Clock clock;

    /**
     * @param clock tells until when a redirect may be cached
     */
    public BrowserDoor(Lookup lookup, Clock clock) {
        this.lookup = lookup;
        this.clock = clock;
    }

    CompletableFuture<WebAnswer> answer(WebRequest request) throws WebFault {
        QueryString query = QueryString.parse(request.rawQuery());
        Language language = Language.of(request, query);
        if (request.rawPath().equals("/")) {
            return CompletableFuture.completedFuture(start(query, language));
        }
        String handle = UriText.decode(request.rawPath().substring(1), false);
        ValueFilter filter = new ValueFilter(query.indexes(), query.all("type"));
        return lookup.find(Question.overHttp(handle, filter, Reader.ANYONE, true, query.flag("auth", false)))
                .thenApply(found -> resolved(request, query, handle, found.response(), language));
    }

    private WebAnswer resolved(
            WebRequest request, QueryString query, String handle, Response response, Language language) {
        if (response.kind() == Response.Kind.REFERRAL) {
            return ReferralDoor.answer(request, handle, (Response.Referral) response, language);
        }
        if (response.kind() != Response.Kind.VALUES) {
            return fault(request, handle, (Response.Failure) response, language);
        }
        List<HandleValue> values = ((Response.Values) response).values();
        Optional<HandleValue> link = main(values);
        return link.isPresent() && !query.flag("noredirect", false)
                ? redirect(link.get(), query)
                : WebAnswer.page(200, Page.record(handle, values, language));
    }

    private static Optional<HandleValue> main(List<HandleValue> values) {
        return values.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals("URL") && WebAddress.isWeb(v.dataText()))
                .min(java.util.Comparator.comparingInt(HandleValue::index));
    }

    private static WebAnswer start(QueryString query, Language language) {
        Optional<String> asked = query.first("hdl").map(String::trim).filter(h -> !h.isEmpty());
        return asked.map(handle -> WebAnswer.redirect(302, '/' + UriText.encodePath(handle) + "?noredirect"))
                .orElseGet(() -> WebAnswer.page(200, Page.start(language)));
    }

    private WebAnswer redirect(HandleValue link, QueryString query) {
        String address = link.dataText() + query.first("urlappend").orElse("");
        String target = WebAddress.isWeb(address) ? address : link.dataText();
        return WebAnswer.redirect(302, WebAddress.forHeader(target))
                .withHeader("expires", HTTP_DATE.format(expiry(link)))
                .forAnyOrigin();
    }

    private Instant expiry(HandleValue link) {
        Instant now = clock.instant();
        Instant latest = now.plusSeconds(MAX_LIFE_SECONDS);
        Instant end = link.ttl().absolute()
                ? Instant.ofEpochSecond(link.ttl().seconds())
                : now.plusSeconds(link.ttl().seconds());
        return end.isBefore(latest) ? end : latest;
    }

    private static WebAnswer fault(WebRequest request, String handle, Response.Failure failure, Language language) {
        boolean bad = failure.code() == ResponseCode.INVALID_HANDLE;
        int status = bad ? 400 : 404;
        if (!request.header("accept").contains("text/html")) {
            return WebAnswer.json(status, HandleJson.failureToJson(failure.code(), handle, failure.message()), false)
                    .forAnyOrigin();
        }
        String title = bad
                ? language.of("This is no handle", "这不是有效的标识")
                : language.of("Nothing is known of this handle", "未找到该标识");
        return WebAnswer.page(status, Page.fault(title, bad ? failure.message() : handle, language));
    }
}
