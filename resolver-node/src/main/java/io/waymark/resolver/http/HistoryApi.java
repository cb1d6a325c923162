package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.storage.record.AsOf;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.Version;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The past of records: {@code GET /api/history/{handle}} and {@code GET /api/handles/{handle}?asOf=}. Nobody in particular
 * sees what a resolution would have shown him at the time, and not whether anything else was changed; who may read the record
 * now sees what he may read, and who changed it.
 */
final class HistoryApi {
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private final RecordStore records;
    private final AdminCalls calls;
    private final Clock clock;
    private final SiteRecord ownSite;

    HistoryApi(RecordStore records, AdminCalls calls, Clock clock, SiteRecord ownSite) {
        this.records = records;
        this.calls = calls;
        this.clock = clock;
        this.ownSite = ownSite;
    }

    /** The versions of a record, youngest first. */
    CompletableFuture<WebAnswer> list(ApiCall call, String name) throws WebFault {
        int limit = limit(call.query());
        long before = before(call.query());
        return asReader(call, name, (handle, reader) -> {
            List<Version> versions = records.history(handle, before, limit + 1);
            return versions.isEmpty() && before == Long.MAX_VALUE
                    ? notThere(call, name, "nothing is known of handle " + name)
                    : call.answer(200, json(name, versions, limit, reader));
        });
    }

    /** What a resolution would have answered at a time. */
    CompletableFuture<WebAnswer> resolve(ApiCall call, String name, ValueFilter filter, String time) throws WebFault {
        Instant at = instant(time);
        if (at.isAfter(clock.instant().plus(CLOCKS_APART))) {
            throw new WebFault(400, "bad_request", "asOf must not lie in the future but was " + time);
        }
        return asReader(call, name, (handle, reader) -> {
            AsOf found = records.findAsOf(handle, at);
            return switch (found.reach()) {
                case KNOWN ->
                    answer(
                            call,
                            name,
                            filter,
                            at,
                            served(handle, at, found.version().orElseThrow(), reader));
                case NEVER_YET -> notThere(call, name, "there was no handle " + name + " at " + at);
                case BEYOND_HISTORY -> notThere(call, name, "the history of " + name + " does not reach back to " + at);
            };
        });
    }

    /** As a resolution would have: prefix handles that named no site named this node's, as it was then. */
    private Optional<List<HandleValue>> served(Handle handle, Instant at, Version version, Reader reader) {
        if (!version.isThere()) {
            return Optional.empty();
        }
        Optional<SiteInfo> site = Homing.isPrefixHandle(handle) ? ownSite.asOf(at) : Optional.empty();
        List<HandleValue> values =
                site.map(s -> Resolver.withSite(version.values(), s)).orElse(version.values());
        return Optional.of(
                values.stream().filter(v -> Resolver.maySee(reader, v)).toList());
    }

    private static WebAnswer answer(
            ApiCall call, String name, ValueFilter filter, Instant at, Optional<List<HandleValue>> served) {
        if (served.isEmpty()) {
            return notThere(call, name, "there was no handle " + name + " at " + at);
        }
        List<HandleValue> values = served.get().stream().filter(filter::wants).toList();
        if (values.isEmpty()) {
            return call.failure(new Response.Failure(ResponseCode.VALUES_NOT_FOUND, ""), name);
        }
        ObjectNode json = HandleJson.toJson(name, values);
        json.put("asOf", at.toString());
        return call.answer(200, json);
    }

    // --- who reads

    private interface Reading {
        WebAnswer answer(Handle handle, Reader reader);
    }

    private CompletableFuture<WebAnswer> asReader(ApiCall call, String name, Reading reading) throws WebFault {
        Handle handle;
        try {
            handle = Resolver.parse(name);
        } catch (MalformedIdentifierException e) {
            throw WebFault.of(e);
        }
        Optional<Boolean> publicOnly = call.query().choice("publicOnly");
        if (publicOnly.orElse(!call.caller().isKnown())) {
            return later(() -> reading.answer(handle, Reader.ANYONE));
        }
        call.known();
        return later(() -> {
            ResponseCode verdict =
                    calls.of(call.caller()).mayRead(handle, call.caller().identity());
            if (verdict == ResponseCode.SUCCESS) {
                return reading.answer(handle, Reader.ADMINISTRATOR);
            }
            return publicOnly.isPresent()
                    ? call.failure(new Response.Failure(verdict, "not allowed to read"), name)
                    : reading.answer(handle, Reader.ANYONE);
        });
    }

    private <T> CompletableFuture<T> later(java.util.function.Supplier<T> work) {
        return calls.later(() -> CompletableFuture.completedFuture(work.get()));
    }

    // --- what he sees

    private static List<HandleValue> visible(Version version, Reader reader) {
        return version.values().stream().filter(v -> Resolver.maySee(reader, v)).toList();
    }

    private static ObjectNode json(String name, List<Version> versions, int limit, Reader reader) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.put("handle", name);
        ArrayNode list = json.putArray("versions");
        int shown = Math.min(limit, versions.size());
        for (int i = 0; i < shown; i++) {
            if (reader == Reader.ADMINISTRATOR || !looksLike(versions, i, i + 1)) {
                list.add(json(versions.get(i), reader));
            }
        }
        if (versions.size() > limit) {
            json.put("before", versions.get(limit - 1).sequence());
        }
        return json;
    }

    /** Whether anybody would have taken a version for the one before it. */
    private static boolean looksLike(List<Version> versions, int one, int before) {
        return before < versions.size()
                && versions.get(one).isThere() == versions.get(before).isThere()
                && visible(versions.get(one), Reader.ANYONE).equals(visible(versions.get(before), Reader.ANYONE));
    }

    private static ObjectNode json(Version version, Reader reader) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("time", Instant.ofEpochMilli(version.millis()).toString());
        json.put("action", version.action().word());
        json.put("sequence", version.sequence());
        if (reader == Reader.ADMINISTRATOR) {
            json.put("author", version.author().name());
        }
        if (version.isThere()) {
            json.set("values", HandleJson.valuesToJson(visible(version, reader)));
        }
        return json;
    }

    private static WebAnswer notThere(ApiCall call, String name, String why) {
        return call.failure(new Response.Failure(ResponseCode.HANDLE_NOT_FOUND, why), name);
    }

    // --- parameters

    private static int limit(QueryString query) throws WebFault {
        long limit = number(query, "limit", LIMIT_DEFAULT);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new WebFault(400, "bad_request", "limit must be in 1.." + LIMIT_MAX + " but was " + limit);
        }
        return (int) limit;
    }

    private static long before(QueryString query) throws WebFault {
        return number(query, "before", Long.MAX_VALUE);
    }

    private static long number(QueryString query, String name, long absent) throws WebFault {
        String text = query.first(name).orElse("");
        if (text.isEmpty()) {
            return absent;
        }
        return parsed(text, Long::parseLong, name + " must be a whole number but was " + text);
    }

    /** RFC 3339, or milliseconds since 1970 UTC. */
    private static Instant instant(String text) throws WebFault {
        String problem =
                "asOf must be a time such as 2026-11-22T08:00:00Z, or milliseconds since 1970, but was " + text;
        boolean millis = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (millis) {
            return Instant.ofEpochMilli(parsed(text, Long::parseLong, problem));
        }
        // a plus sign in a query means a space to those who did not escape it
        String time = text.replace(' ', '+');
        return parsed(time, t -> OffsetDateTime.parse(t).toInstant(), problem);
    }

    private static <T> T parsed(String text, Function<String, T> parser, String problem) throws WebFault {
        try {
            return parser.apply(text);
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new WebFault(400, "bad_request", problem);
        }
    }
}
