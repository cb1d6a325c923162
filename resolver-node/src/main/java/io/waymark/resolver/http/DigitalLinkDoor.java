package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.DigitalLink;
import io.waymark.identifier.Gs1Key;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.storage.record.RecordStore;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * GS1 Digital Links: {@code /01/{gtin}[/22/…][/10/…][/21/…]}, {@code /00/…}, {@code /414/…} and the other keys. The record
 * is found by alias, first of the whole key, then of ever broader ones. The answer is a redirect to its URL, its linkset,
 * or its record as JSON.
 *
 * @see "GS1 Digital Link URI Syntax 1.6"
 * @see "GS1-Conformant Resolver Standard 1.2"
 */
public final class DigitalLinkDoor {
    private static final List<String> KEYS = List.of(
            "00", "01", "253", "255", "401", "402", "414", "415", "417", "8003", "8004", "8006", "8010", "8013", "8017",
            "8018");
    private static final Pattern KEY_PATH = Pattern.compile("/(" + String.join("|", KEYS) + ")/.+");
    private static final Pattern COMPRESSED_PATH = Pattern.compile("/(eh[0-9a-f]{24,}|ex[A-Za-z0-9_-]{16,})/?");

    private record Found(Gs1Key key, Handle handle, List<HandleValue> values) {}

    private final RecordStore records;
    private final Resolver resolver;

    /**
     * @param records knows the aliases
     * @param resolver knows the records
     */
    public DigitalLinkDoor(RecordStore records, Resolver resolver) {
        this.records = records;
        this.resolver = resolver;
    }

    /** Whether the path can be nothing but a Digital Link. */
    static boolean isDigitalLink(String rawPath) {
        return KEY_PATH.matcher(rawPath).matches()
                || COMPRESSED_PATH.matcher(rawPath).matches();
    }

    WebAnswer answer(WebRequest request) throws WebFault {
        QueryString query = QueryString.parse(request.rawQuery());
        Gs1Key asked = parse(request.rawPath());
        Optional<Found> found = find(asked);
        if (found.isEmpty()) {
            return unknown(request, query, asked);
        }
        return answer(request, query, asked, found.get())
                .forAnyOrigin()
                .withHeader("link", linkHeader(request, asked))
                .withHeader("vary", "accept");
    }

    private static Gs1Key parse(String rawPath) throws WebFault {
        String path = rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath;
        try {
            return DigitalLink.parseTarget(path).key();
        } catch (MalformedIdentifierException e) {
            throw new WebFault(400, "bad_digital_link", path + " is no GS1 Digital Link: " + e.getMessage());
        }
    }

    /** The record of the key, or of the nearest broader key that has one: serial, lot, GTIN. */
    private Optional<Found> find(Gs1Key asked) {
        for (int elements = asked.elements().size(); elements > 0; elements--) {
            Gs1Key key = new Gs1Key(asked.elements().subList(0, elements));
            Optional<Found> found = records.findByAlias(key.canonical()).flatMap(handle -> load(key, handle));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Found> load(Gs1Key key, Handle handle) {
        return resolver.record(handle)
                .map(values -> values.stream().filter(HandleValue::isPublic).toList())
                .map(values -> new Found(key, handle, values));
    }

    private static WebAnswer answer(WebRequest request, QueryString query, Gs1Key asked, Found found) throws WebFault {
        String linkType = query.first("linkType").orElse("");
        if (linkType.equals("linkset") || linkType.equals("all") || request.prefers(WebAnswer.LINKSET)) {
            return linkset(request, asked, found);
        }
        if (!linkType.isEmpty()) {
            HandleValue link = Linkset.ofType(found.values(), linkType)
                    .orElseThrow(() -> new WebFault(
                            404,
                            "no_such_link",
                            asked.canonical() + " has no link of type " + linkType + ", only "
                                    + Linkset.types(found.values())));
            return redirect(link, request.rawQuery());
        }
        if (request.prefers("application/json")) {
            return WebAnswer.json(200, record(asked, found), false);
        }
        Optional<HandleValue> link = Links.main(found.values());
        return link.isPresent()
                ? redirect(link.get(), request.rawQuery())
                : WebAnswer.page(200, Page.record(found.handle().text(), found.values(), Language.of(request, query)));
    }

    private static WebAnswer redirect(HandleValue link, String rawQuery) {
        return WebAnswer.redirect(307, Links.forHeader(Links.withQuery(link.dataText(), rawQuery)));
    }

    private static WebAnswer linkset(WebRequest request, Gs1Key asked, Found found) {
        String record = request.origin() + "/api/handles/"
                + UriText.encodePath(found.handle().text());
        return WebAnswer.json(200, Linkset.toJson(asked.canonical(), record, found.values()), false)
                .withContentType(WebAnswer.LINKSET);
    }

    private static ObjectNode record(Gs1Key asked, Found found) {
        ObjectNode json = HandleJson.toJson(found.handle().text(), found.values());
        json.put("identifier", asked.canonical());
        json.put("matched", found.key().canonical());
        return json;
    }

    private static String linkHeader(WebRequest request, Gs1Key asked) {
        String path = asked.canonical().substring(DigitalLink.CANONICAL_STEM.length());
        return '<' + request.origin() + path + "?linkType=linkset>; rel=\"linkset\"; type=\"" + WebAnswer.LINKSET
                + "\", <" + asked.canonical() + ">; rel=\"owl:sameAs\"";
    }

    private static WebAnswer unknown(WebRequest request, QueryString query, Gs1Key asked) throws WebFault {
        if (!request.prefers("text/html") && !request.header("accept").contains("text/html")) {
            throw new WebFault(404, "not_found", "no record is known for " + asked.canonical());
        }
        Language language = Language.of(request, query);
        String title = language.of("Nothing is known of this code", "未找到该编码的记录");
        return WebAnswer.page(404, Page.fault(title, asked.canonical(), language))
                .forAnyOrigin();
    }

    /** What this node does as a GS1 resolver. */
    WebAnswer description(WebRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", "Waymark");
        json.put("resolverRoot", request.origin());
        ArrayNode keys = json.putArray("supportedPrimaryKeys");
        KEYS.forEach(keys::add);
        json.put("linkTypeDefaultCanBeLinkset", false);
        json.putArray("supportedLinkType")
                .addObject()
                .put("namespace", Linkset.VOCABULARY)
                .put("prefix", "gs1:");
        return WebAnswer.json(200, json, false).forAnyOrigin();
    }
}
