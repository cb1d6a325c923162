package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import io.waymark.identifier.Gs1Key;
import io.waymark.identifier.Handle;
import io.waymark.identifier.Identifier;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognition;
import io.waymark.platform.bulk.RecordJson;
import io.waymark.resolver.http.HandleJson;
import io.waymark.storage.record.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a code is, and what is registered about it. */
@Description("What a code is, and what is registered about it.")
final class LookupService {
    private static final int CODE_LENGTH_MAX = 4096;

    private final CodeRecognizer recognizer;
    private final Optional<RecordStore> records;

    /**
     * @param records empty when this process runs no resolver
     */
    LookupService(CodeRecognizer recognizer, Optional<RecordStore> records) {
        this.recognizer = recognizer;
        this.records = records;
    }

    @Get("/api/v1/recognize")
    @Description("Which scheme a raw scan is of, its identity and its parts. Asks no store.")
    public HttpResponse recognize(@Param("code") @Default("") String code) {
        return Json.ok(toJson(code, recognition(code)));
    }

    @Get("/api/v1/lookup")
    @Blocking
    @Description("As recognize, and the public values of the record known for the code or for what contains it.")
    public HttpResponse lookup(@Param("code") @Default("") String code) {
        Recognition recognition = recognition(code);
        ObjectNode answer = toJson(code, recognition);
        records.flatMap(store -> known(store, recognition.identifier())).ifPresent(known -> {
            answer.put("handle", known.handle().text());
            answer.put("matched", known.matched().canonical());
            answer.set("values", known.values());
        });
        return Json.ok(answer);
    }

    /**
     * A record found.
     *
     * @param handle whose record it is
     * @param matched the identifier that led to it: the code's own, or the GTIN or lot above it
     * @param values the public values
     */
    private record Known(Handle handle, Identifier matched, ArrayNode values) {}

    private static Optional<Known> known(RecordStore store, Identifier identifier) {
        return upwards(identifier).stream()
                .flatMap(i -> handleOf(store, i).stream()
                        .flatMap(h -> store.find(h).stream()
                                .map(values ->
                                        new Known(h, i, HandleJson.valuesToJson(RecordJson.publicOnly(values))))))
                .findFirst();
    }

    private static Optional<Handle> handleOf(RecordStore store, Identifier identifier) {
        if (identifier instanceof Handle handle && store.find(handle).isPresent()) {
            return Optional.of(handle);
        }
        return store.findByAlias(identifier.canonical());
    }

    /** The identifier, and for GS1 what it is part of: serial, then lot, then the key alone. */
    static List<Identifier> upwards(Identifier identifier) {
        if (!(identifier instanceof Gs1Key key)) {
            return List.of(identifier);
        }
        List<Identifier> chain = new ArrayList<>();
        for (int n = key.elements().size(); n >= 1; n--) {
            chain.add(new Gs1Key(key.elements().subList(0, n)));
        }
        return chain;
    }

    private Recognition recognition(String code) {
        if (code.isBlank()) {
            throw ApiException.badRequest("missing_code", "the parameter code is missing or empty");
        }
        if (code.length() > CODE_LENGTH_MAX) {
            throw ApiException.badRequest(
                    "bad_code", "code must be at most " + CODE_LENGTH_MAX + " characters but has " + code.length());
        }
        try {
            return recognizer.recognize(code);
        } catch (MalformedIdentifierException e) {
            throw ApiException.badRequest("bad_code", String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode toJson(String code, Recognition recognition) {
        ObjectNode answer = Json.object()
                .put("code", code)
                .put("identifier", recognition.identifier().canonical())
                .put("scheme", recognition.identifier().scheme().name())
                .put("carrier", recognition.carrier().name());
        ArrayNode fields = answer.putArray("fields");
        for (Recognition.Field field : recognition.fields()) {
            fields.addObject()
                    .put("name", field.name())
                    .put("value", field.value())
                    .put("note", field.note());
        }
        return answer;
    }
}
