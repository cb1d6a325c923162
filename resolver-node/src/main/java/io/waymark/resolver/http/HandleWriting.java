package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code PUT} and {@code DELETE /api/handles/{handle}}.
 *
 * <pre>
 * PUT                              the whole record; overwrite=false: only a new one; mintNewSuffix: the node completes the name
 * PUT ?index=various, ?index=1&amp;…  these values; overwrite=false: only new ones
 * DELETE                           the record
 * DELETE ?index=1&amp;…               these values
 * </pre>
 */
final class HandleWriting {
    private final AdminCalls calls;
    private final Clock clock;

    HandleWriting(AdminCalls calls, Clock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    CompletableFuture<WebAnswer> put(ApiCall call, String name) throws WebFault {
        call.known();
        boolean some = !call.query().all("index").isEmpty();
        List<HandleValue> values = values(call, name);
        if (some) {
            requireListed(call.query(), values);
        }
        OpCode operation = some ? OpCode.ADD_VALUE : OpCode.CREATE_HANDLE;
        int flags = call.query().flag("overwrite", true) ? OpFlags.OVERWRITE : 0;
        if (call.query().flag("mintNewSuffix", false)) {
            if (some) {
                throw new WebFault(400, "bad_request", "mintNewSuffix makes a new record, index changes an old one");
            }
            flags |= OpFlags.MINT;
        }
        return carryOut(call, name, new Request.WriteValues(operation, name, values), flags, some ? 200 : 201);
    }

    CompletableFuture<WebAnswer> delete(ApiCall call, String name) throws WebFault {
        call.known();
        List<Integer> indexes = call.query().indexes();
        Request request = indexes.isEmpty()
                ? new Request.NameOperation(OpCode.DELETE_HANDLE, name)
                : new Request.RemoveValues(name, indexes);
        return carryOut(call, name, request, 0, 200);
    }

    private CompletableFuture<WebAnswer> carryOut(ApiCall call, String name, Request request, int flags, int status) {
        return calls.carryOut(call.caller(), request, flags)
                .thenApply(response -> answer(call, name, response, status));
    }

    private static WebAnswer answer(ApiCall call, String name, Response response, int statusIfNew) {
        if (response.kind() == Response.Kind.FAILURE) {
            return call.failure((Response.Failure) response, name);
        }
        Response.Done done = (Response.Done) response;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.put("handle", done.handle().isEmpty() ? name : done.handle());
        return call.answer(done.overwritten() ? 200 : statusIfNew, json);
    }

    private List<HandleValue> values(ApiCall call, String name) throws WebFault {
        JsonNode body = JsonBody.of(call.request());
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
}
