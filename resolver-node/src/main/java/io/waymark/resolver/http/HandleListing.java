package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.storage.record.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/handles?prefix=0.NA/P}: the handles under a prefix, in order of their folded names.
 *
 * <p>By page ({@code page}, {@code pageSize}), as the Handle System does, counted up to {@value #COUNTED_MAX}; and by cursor:
 * {@code after=HANDLE} gives those behind it, and every answer with more behind it says {@code next}. Pages may be turned one
 * after the other as far as the list goes; who jumps far waits until what stands before is passed over.
 */
final class HandleListing {
    static final int PAGE_DEFAULT = 1_000;
    static final int PAGE_MAX = 10_000;
    /** As far as is counted for one answer. */
    static final int COUNTED_MAX = 100_000;

    private final RecordStore records;
    private final AdminCalls calls;
    private final PagePlaces places;

    HandleListing(RecordStore records, AdminCalls calls) {
        this.records = records;
        this.calls = calls;
        this.places = new PagePlaces(records, calls);
    }

    /** Where a listing begins, and how long it may be. */
    private record Window(String prefix, int page, int size, Optional<Handle> after) {
        long from() {
            return (long) page * size;
        }

        long to() {
            return from() + size;
        }

        String bare() {
            return prefix.substring(prefix.indexOf('/') + 1);
        }
    }

    CompletableFuture<WebAnswer> list(ApiCall call) throws WebFault {
        call.known();
        String prefix = call.query()
                .first("prefix")
                .orElseThrow(() -> new WebFault(400, "bad_request", "prefix is missing, as in ?prefix=0.NA/88.118.8"));
        Window window = window(call.query(), prefix);
        return calls.later(() -> list(call, window));
    }

    private CompletableFuture<WebAnswer> list(ApiCall call, Window window) {
        Optional<Response.Failure> refusal = calls.of(call.caller())
                .whyNotList(window.prefix(), call.caller().identity());
        if (refusal.isPresent()) {
            return done(call.failure(refusal.get(), ""));
        }
        if (window.after().isPresent()) {
            return done(call.answer(200, behind(window, window.after().get().canonical())));
        }
        return window.to() <= COUNTED_MAX
                ? done(call.answer(200, page(window)))
                : places.find(window.bare(), window.from())
                        .thenCompose(place -> calls.later(() -> done(call.answer(200, farPage(window, place)))));
    }

    private static CompletableFuture<WebAnswer> done(WebAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private ObjectNode behind(Window window, String afterFolded) {
        List<Handle> found = new ArrayList<>();
        records.list(window.bare(), afterFolded, window.size() + 1, found::add);
        boolean more = found.size() > window.size();
        return json(window, found.subList(0, Math.min(found.size(), window.size())), more);
    }

    /** What stands before it is not counted again, but where the list ends, its length is known. */
    private ObjectNode farPage(Window window, PagePlaces.Place place) {
        ObjectNode json = place.end() ? json(window, List.of(), false) : behind(window, place.afterFolded());
        long reached = place.offset() + json.path("handles").size();
        if (json.has("next")) {
            json.put("totalCountAtLeast", Long.toString(reached));
            String last = new Handle(json.path("next").asText()).canonical();
            places.remember(window.bare(), new PagePlaces.Place(reached, last, false));
        } else {
            json.put("totalCount", Long.toString(reached));
        }
        return json.put("page", window.page());
    }

    private ObjectNode page(Window window) {
        List<Handle> found = new ArrayList<>();
        int[] count = {0};
        records.list(window.bare(), "", COUNTED_MAX + 1, handle -> {
            if (count[0] >= window.from() && count[0] < window.to()) {
                found.add(handle);
            }
            count[0]++;
        });
        ObjectNode json = json(window, found, count[0] > window.to());
        if (count[0] > COUNTED_MAX) {
            json.put("totalCountAtLeast", Integer.toString(COUNTED_MAX));
        } else {
            json.put("totalCount", Integer.toString(count[0]));
        }
        return json.put("page", window.page());
    }

    private static ObjectNode json(Window window, List<Handle> handles, boolean more) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.put("prefix", window.prefix());
        json.put("pageSize", window.size());
        ArrayNode names = json.putArray("handles");
        handles.forEach(handle -> names.add(handle.text()));
        if (more) {
            json.put("next", handles.get(handles.size() - 1).text());
        }
        return json;
    }

    private static Window window(QueryString query, String prefix) throws WebFault {
        int page = number(query, "page", 0, 0, Integer.MAX_VALUE);
        int size = number(query, "pageSize", PAGE_DEFAULT, 1, PAGE_MAX);
        try {
            Optional<Handle> after = query.first("after").isPresent()
                    ? Optional.of(Handle.parse(query.first("after").get()))
                    : Optional.empty();
            return new Window(Resolver.parse(prefix).text(), page, size, after);
        } catch (MalformedIdentifierException e) {
            throw WebFault.of(e);
        }
    }

    private static int number(QueryString query, String name, int absent, int min, int max) throws WebFault {
        Optional<String> text = query.first(name);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw outOfBounds(name, min, max, text.get());
        }
        throw outOfBounds(name, min, max, text.get());
    }

    private static WebFault outOfBounds(String name, int min, int max, String was) {
        return new WebFault(400, "bad_request", name + " must be in " + min + ".." + max + " but was " + was);
    }
}
