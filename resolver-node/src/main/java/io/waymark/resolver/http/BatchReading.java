package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.resolver.upstream.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code POST /api/resolutions}: many handles in one request, for whoever scanned a pallet. Public values; handles of other
 * nodes get their referral, since one slow node must not hold up the answers about all others.
 *
 * <pre>
 * {"handles":["88.118.8/A","88.118.8/B"],"type":["URL"],"index":[1]}
 * {"responseCode":1,"results":[ as GET /api/handles/{handle}, in order ],"next":1}
 * </pre>
 *
 * <p>{@code next} is there if the answer was large enough already: the position of the first handle to ask for again.
 */
final class BatchReading {
    static final int HANDLES_MAX = 1000;
    /** Beyond this no further handle is resolved for the same answer. */
    static final int ANSWER_OCTETS = 4 << 20;

    /** What a value takes in JSON besides its data, roughly. */
    private static final int VALUE_OCTETS = 128;

    private static final int FILTERS_MAX = 64;

    private final Lookup lookup;
    private final AdminCalls calls;

    BatchReading(Lookup lookup, AdminCalls calls) {
        this.lookup = lookup;
        this.calls = calls;
    }

    CompletableFuture<WebAnswer> resolve(ApiCall call) throws WebFault {
        Batch batch = batch(JsonBody.of(call.request()));
        return calls.later(
                () -> CompletableFuture.completedFuture(call.answer(ResponseCode.SUCCESS.httpStatus(), answer(batch))));
    }

    /** What is asked. */
    private record Batch(List<String> handles, ValueFilter filter) {}

    private static Batch batch(JsonNode body) throws WebFault {
        try {
            JsonPlace root = new JsonPlace("body", body);
            root.requireObject();
            List<Integer> indexes = new ArrayList<>();
            for (JsonPlace index : elements(root.optional("index"), FILTERS_MAX)) {
                indexes.add(index.intIn(1, Integer.MAX_VALUE));
            }
            List<String> handles = texts(root.required("handles"), HANDLES_MAX);
            return new Batch(handles, new ValueFilter(indexes, texts(root.optional("type"), FILTERS_MAX)));
        } catch (MalformedRecordException e) {
            throw new WebFault(400, "bad_request", String.valueOf(e.getMessage()));
        }
    }

    private static List<JsonPlace> elements(JsonPlace array, int max) throws MalformedRecordException {
        if (array.absent()) {
            return List.of();
        }
        List<JsonPlace> elements = array.elements();
        if (elements.size() > max) {
            throw new MalformedRecordException(
                    array.path() + " must have at most " + max + " entries but had " + elements.size());
        }
        return elements;
    }

    private static List<String> texts(JsonPlace array, int max) throws MalformedRecordException {
        List<String> texts = new ArrayList<>();
        for (JsonPlace element : elements(array, max)) {
            texts.add(element.text());
        }
        return texts;
    }

    private ObjectNode answer(Batch batch) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        ArrayNode results = json.putArray("results");
        long octets = 0;
        for (String handle : batch.handles()) {
            if (octets > ANSWER_OCTETS) {
                json.put("next", results.size());
                break;
            }
            Response response = find(handle, batch.filter());
            octets += size(response);
            results.add(HandleReading.json(response, handle));
        }
        return json;
    }

    /** At once: a question that is not to be passed on is answered by what lives here. */
    private Response find(String handle, ValueFilter filter) {
        return lookup.find(new Question(handle, filter, Reader.ANYONE, true, false, false, 0))
                .join();
    }

    private static long size(Response response) {
        return response.kind() == Response.Kind.VALUES
                ? ((Response.Values) response)
                        .values().stream().mapToLong(BatchReading::size).sum()
                : VALUE_OCTETS;
    }

    private static long size(HandleValue value) {
        return (long) VALUE_OCTETS + value.data().length;
    }
}
