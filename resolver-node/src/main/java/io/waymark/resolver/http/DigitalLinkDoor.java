package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.DigitalLink;
import io.waymark.identifier.Gs1Key;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.http.Linkset.Context;
import io.waymark.resolver.link.ItemLinks;
import io.waymark.resolver.link.Link;
import io.waymark.resolver.link.LinkChoice;
import io.waymark.resolver.link.LinkTypes;
import io.waymark.resolver.link.LinkWish;
import io.waymark.resolver.link.Preferences;
import io.waymark.resolver.link.WebAddress;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.storage.record.RecordStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A resolver of GS1 Digital Links: {@code /01/{gtin}[/22/…][/10/…][/21/…]}, {@code /00/…}, {@code /414/…} and the other
 * keys, and EPCs as {@code /eh…} and {@code /ex…}. Records are found by alias, first of the whole key, then of ever broader
 * ones: these are the levels of an item. The answer is a redirect to one of its links or its linkset.
 *
 * @see "GS1 Digital Link URI Syntax 1.6"
 * @see "GS1-Conformant Resolver Standard 1.2"
 */
public final class DigitalLinkDoor {
    private static final List<String> KEYS = List.of(
            "00", "01", "253", "255", "401", "402", "414", "415", "417", "8003", "8004", "8006", "8010", "8013", "8017",
            "8018");
    private static final Pattern KEY_PATH = Pattern.compile("/(" + String.join("|", KEYS) + ")/.*");
    private static final Pattern COMPRESSED_PATH = Pattern.compile("/(eh[0-9a-fA-F]{12,}|ex[A-Za-z0-9_-]{12,})/?");
    /** Withdrawn in version 1.3 of the syntax; four digits tell them from handles. */
    private static final Pattern SHORT_NAME_PATH = Pattern.compile(
            "/(gtin|itip|gmn|cpid|gln|party|gsrnp|gsrn|gcn|sscc|gdti|ginc|gsin|grai|giai|payTo)/[0-9]{4}.*");

    private static final String LD_JSON = "application/ld+json";
    private static final String PLAIN_JSON = "application/json";
    private static final String HTML = "text/html";
    private static final List<String> LINKSET_FORMS = List.of(WebAnswer.LINKSET, LD_JSON, PLAIN_JSON, HTML);
    private static final Map<String, String> ABOUT = Map.of(
            "01", "pip",
            "8006", "pip",
            "8013", "pip",
            "414", "locationInfo");

    /** What is known of one level of the item asked for. */
    private record Level(Gs1Key key, Handle handle, ItemLinks links) {}

    /** A request, read. */
    private record Asked(WebRequest request, QueryString query, String stem, Gs1Key key, boolean compressed) {
        String linkType() {
            return query.first("linkType").orElse("");
        }

        Preferences accepts() {
            return Preferences.parse(request.header("accept"));
        }

        LinkWish wish() {
            return new LinkWish(accepts(), Preferences.parse(request.header("accept-language")), query.all("context"));
        }

        /** A key as a Digital Link of this node. */
        String link(Gs1Key of) {
            return request.origin() + stem + of.canonical().substring(DigitalLink.CANONICAL_STEM.length());
        }
    }

    private final RecordStore records;
    private final Resolver resolver;
    private final Consumer<Handle> witness;

    /**
     * @param records knows the aliases
     * @param resolver knows the records
     * @param witness told of the record each answer is taken from
     */
    public DigitalLinkDoor(RecordStore records, Resolver resolver, Consumer<Handle> witness) {
        this.witness = witness;
        this.records = records;
        this.resolver = resolver;
    }

    /** Whether the path is meant to be a Digital Link, and nothing else. */
    static boolean isDigitalLink(String rawPath) {
        return KEY_PATH.matcher(rawPath).matches()
                || COMPRESSED_PATH.matcher(rawPath).matches()
                || SHORT_NAME_PATH.matcher(rawPath).matches();
    }

    WebAnswer answer(WebRequest request) throws WebFault {
        Asked asked = read(request);
        List<Level> levels = levels(asked.key());
        levels.stream().findFirst().ifPresent(level -> witness.accept(level.handle()));
        WebAnswer answer = levels.isEmpty() ? unknown(asked) : answer(asked, levels);
        return answer.forAnyOrigin()
                .withHeader("access-control-expose-headers", "link, location")
                .withHeader("vary", "accept, accept-language");
    }

    private static Asked read(WebRequest request) throws WebFault {
        String path = request.rawPath();
        if (SHORT_NAME_PATH.matcher(path).matches()) {
            throw bad(path, "names such as gtin and lot were withdrawn, write /01/…/10/…");
        }
        QueryString query = QueryString.parse(request.rawQuery());
        try {
            DigitalLink link =
                    DigitalLink.parseTarget(path + (request.rawQuery().isEmpty() ? "" : '?' + request.rawQuery()));
            return new Asked(
                    request,
                    query,
                    link.stem(),
                    link.key(),
                    COMPRESSED_PATH.matcher(path).matches());
        } catch (MalformedIdentifierException e) {
            throw bad(path, String.valueOf(e.getMessage()));
        }
    }

    private static WebFault bad(String path, String why) {
        return new WebFault(400, "bad_digital_link", path + " is no GS1 Digital Link: " + why);
    }

    // --- levels

    /** What is registered for the key and for ever broader ones: serial, lot, GTIN. */
    private List<Level> levels(Gs1Key asked) {
        List<Gs1Key> keys = new ArrayList<>(List.of(asked));
        keys.addAll(asked.broader());
        List<Level> levels = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Gs1Key key : keys) {
            records.findByAlias(key.canonical())
                    .filter(handle -> seen.add(handle.canonical()))
                    .flatMap(handle -> level(key, handle))
                    .ifPresent(levels::add);
        }
        return levels;
    }

    private Optional<Level> level(Gs1Key key, Handle handle) {
        String about = ABOUT.containsKey(key.primary().ai())
                ? LinkTypes.VOCABULARY + ABOUT.get(key.primary().ai())
                : "about";
        return resolver.record(handle)
                .map(values -> values.stream().filter(HandleValue::isPublic).toList())
                .map(values -> new Level(key, handle, ItemLinks.of(values, about)));
    }

    // --- answers

    private WebAnswer answer(Asked asked, List<Level> levels) throws WebFault {
        String linkType = asked.linkType();
        if (linkType.equals("linkset") || linkType.equals("all")) {
            return linkset(200, asked, contexts(asked, levels));
        }
        if (!linkType.isEmpty()) {
            return ofType(asked, levels, linkType);
        }
        String favourite = asked.accepts().favourite(LINKSET_FORMS).orElse(HTML);
        return favourite.equals(HTML) ? main(asked, levels) : linkset(200, asked, contexts(asked, levels));
    }

    private static WebAnswer ofType(Asked asked, List<Level> levels, String linkType) throws WebFault {
        String relation = LinkTypes.expand(linkType).orElse(linkType);
        for (Level level : levels) {
            List<Link> links = LinkChoice.best(level.links().ofType(relation), asked.wish());
            if (links.size() == 1) {
                return redirect(asked, links.get(0));
            }
            if (!links.isEmpty()) {
                return linkset(300, asked, List.of(context(asked, level, links)));
            }
        }
        Set<String> types = new TreeSet<>();
        levels.forEach(l -> types.addAll(l.links().types()));
        throw new WebFault(
                404, "no_such_link", asked.link(asked.key()) + " has no link of type " + linkType + ", only " + types);
    }

    private WebAnswer main(Asked asked, List<Level> levels) {
        for (Level level : levels) {
            Optional<Link> link = LinkChoice.main(level.links(), asked.wish());
            if (link.isPresent()) {
                return redirect(asked, link.get());
            }
        }
        if (asked.accepts().names(HTML)) {
            String record = UriText.localPath(levels.get(0).handle().text());
            return withLinks(asked, WebAnswer.redirect(307, record + "?noredirect"), List.of());
        }
        return linkset(200, asked, contexts(asked, levels));
    }

    private static WebAnswer redirect(Asked asked, Link link) {
        String target = WebAddress.withQuery(link.href(), asked.request().rawQuery());
        return withLinks(asked, WebAnswer.redirect(307, WebAddress.forHeader(target)), List.of());
    }

    private static List<Context> contexts(Asked asked, List<Level> levels) {
        return levels.stream().map(l -> context(asked, l, withRecord(asked, l))).toList();
    }

    private static List<Link> withRecord(Asked asked, Level level) {
        String record = asked.request().origin() + "/api/handles/"
                + UriText.encodePath(level.handle().text());
        List<Link> links = new ArrayList<>(level.links().links());
        links.add(new Link("describedby", record, "Handle record", List.of(), PLAIN_JSON, List.of()));
        return links;
    }

    private static Context context(Asked asked, Level level, List<Link> links) {
        String description = level.links().description();
        return new Context(
                asked.link(level.key()), description.isEmpty() ? level.handle().text() : description, links);
    }

    /** Links in the form the client likes best. */
    private static WebAnswer linkset(int status, Asked asked, List<Context> contexts) {
        String form = asked.accepts().favourite(LINKSET_FORMS).orElse(WebAnswer.LINKSET);
        if (form.equals(HTML)) {
            Page.Reader reader = Page.Reader.of(asked.request(), asked.query());
            return withLinks(asked, WebAnswer.page(status, LinksPage.of(contexts, reader)), List.of());
        }
        ObjectNode json = form.equals(LD_JSON) ? Linkset.toJsonLd(contexts) : Linkset.toJson(contexts);
        String context =
                '<' + Linkset.CONTEXT + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"" + LD_JSON + '"';
        return withLinks(
                asked,
                WebAnswer.json(status, json, asked.query().flag("pretty", false))
                        .withContentType(form),
                form.equals(LD_JSON) ? List.of() : List.of(context));
    }

    private static WebAnswer withLinks(Asked asked, WebAnswer answer, List<String> more) {
        String here = asked.request().origin() + asked.stem() + path(asked.key());
        List<String> links = new ArrayList<>();
        links.add('<' + here + "?linkType=linkset>; rel=\"linkset\"; type=\"" + WebAnswer.LINKSET + '"');
        if (asked.compressed()) {
            links.add('<' + here + ">; rel=\"owl:sameAs\"");
        }
        links.addAll(more);
        return answer.withHeader("link", String.join(", ", links));
    }

    /** The key with all its qualifiers. */
    private static String path(Gs1Key key) {
        DigitalLink whole = new DigitalLink("", key, List.of(), "");
        return whole.uri();
    }

    private static WebAnswer unknown(Asked asked) throws WebFault {
        if (asked.accepts().favourite(LINKSET_FORMS).filter(HTML::equals).isEmpty()) {
            throw new WebFault(404, "not_found", "no record is known for " + asked.link(asked.key()));
        }
        Page.Reader reader = Page.Reader.of(asked.request(), asked.query());
        String title = reader.say("Nothing is known of this code", "未找到该编码的记录");
        return WebAnswer.page(404, Page.fault(title, asked.link(asked.key()), reader));
    }

    /**
     * What this node does as a GS1 resolver.
     *
     * @see "GS1-Conformant Resolver Standard 1.2 §3 Resolver description file"
     */
    WebAnswer description(WebRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", "Waymark");
        json.put("resolverRoot", request.origin());
        ArrayNode keys = json.putArray("supportedPrimaryKeys");
        KEYS.forEach(keys::add);
        json.putArray("supportedLinkType")
                .addObject()
                .put("namespace", LinkTypes.VOCABULARY)
                .put("prefix", LinkTypes.PREFIX);
        json.put("linkTypeDefaultCanBeLinkset", false);
        json.putArray("supportedContextValuesExternal")
                .addObject()
                .put("nameOfList", "ISO 3166-1 alpha-2")
                .put("url", "https://www.iso.org/iso-3166-country-codes.html");
        json.put("jsonLdContextLocation", Linkset.CONTEXT);
        json.put("validatesAIcombinations", true);
        return WebAnswer.json(200, json, false).forAnyOrigin();
    }
}
