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
 * <p>By page ({@code page}, {@code pageSize}), as the Handle System does, among the first {@value #COUNTED_MAX}; and without
 * bound by cursor: {@code after=HANDLE} gives those behind it, and every answer with more behind it says {@code next}. A page
 * costs what stands before it, a cursor does not.
 */
final class HandleListing {
    static final int PAGE_DEFAULT = 1_000;
    static final int PAGE_MAX = 10_000;
    /** As far as is counted for one answer. */
    static final int COUNTED_MAX = 100_000;

    private final RecordStore records;
    private final AdminCalls calls;

    HandleListing(RecordStore records, AdminCalls calls) {
        this.records = records;
        this.calls = calls;
    }

    /** Where a listing begins, and how long it may be. */
    private record Window(String prefix, int page, int size, Optional<Handle> after) {
        int from() {
            return page * size;
        }

        int to() {
            return from() + size;
        }
    }

    CompletableFuture<WebAnswer> list(ApiCall call) throws WebFault {
        call.known();
        String prefix = call.query()
                .first("prefix")
                .orElseThrow(() -> new WebFault(400, "bad_request", "prefix is missing, as in ?prefix=0.NA/88.118.8"));
        Window window = window(call.query(), prefix);
        return calls.later(() -> CompletableFuture.completedFuture(list(call, window)));
    }

    private WebAnswer list(ApiCall call, Window window) {
        Optional<Response.Failure> refusal = calls.of(call.caller())
                .whyNotList(window.prefix(), call.caller().identity());
        if (refusal.isPresent()) {
            return call.failure(refusal.get(), "");
        }
        return call.answer(
                200, window.after().isPresent() ? behind(window, window.after().get()) : page(window));
    }

    private ObjectNode behind(Window window, Handle after) {
        List<Handle> found = new ArrayList<>();
        records.list(suffix(window.prefix()), after.canonical(), window.size() + 1, found::add);
        boolean more = found.size() > window.size();
        return json(window, found.subList(0, Math.min(found.size(), window.size())), more);
    }

    private ObjectNode page(Window window) {
        List<Handle> found = new ArrayList<>();
        int[] count = {0};
        records.list(suffix(window.prefix()), "", COUNTED_MAX + 1, handle -> {
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

    private static String suffix(String prefixHandle) {
        return prefixHandle.substring(prefixHandle.indexOf('/') + 1);
    }

    private static Window window(QueryString query, String prefix) throws WebFault {
        int page = number(query, "page", 0, 0, COUNTED_MAX);
        int size = number(query, "pageSize", PAGE_DEFAULT, 1, PAGE_MAX);
        if ((long) (page + 1) * size > COUNTED_MAX) {
            throw new WebFault(
                    400,
                    "bad_request",
                    "pages end at handle " + COUNTED_MAX + "; go on with after= and the \"next\" of an answer");
        }
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
