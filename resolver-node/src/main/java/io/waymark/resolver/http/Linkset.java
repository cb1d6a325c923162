package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.resolver.link.Link;
import java.util.List;

/**
 * Links as GS1 and RFC 9264 write them: {@code {"linkset":[{"anchor":…,"itemDescription":…,"https://ref.gs1.org/voc/pip":
 * [{"href":…,"title":…}]}]}}.
 *
 * @see "RFC 9264 §4.2 JSON Document Format"
 * @see "GS1-Conformant Resolver Standard 1.2 §2.10"
 */
final class Linkset {
    /** Turns the document into JSON-LD. */
    static final String CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context";

    /**
     * What is linked from.
     *
     * @param anchor the item, as a Digital Link
     * @param description of the item, not empty
     * @param links from it
     */
    record Context(String anchor, String description, List<Link> links) {
        /** Copies the list. */
        Context {
            links = List.copyOf(links);
        }
    }

    private Linkset() {}

    /** The document. */
    static ObjectNode toJson(List<Context> contexts) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode linkset = document.putArray("linkset");
        contexts.forEach(c -> linkset.add(toJson(c)));
        return document;
    }

    /** The document as JSON-LD. */
    static ObjectNode toJsonLd(List<Context> contexts) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("@context", CONTEXT);
        document.setAll(toJson(contexts));
        return document;
    }

    private static ObjectNode toJson(Context context) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("anchor", context.anchor());
        json.put("itemDescription", context.description());
        for (Link link : context.links()) {
            ArrayNode same = json.get(link.relation()) instanceof ArrayNode a ? a : json.putArray(link.relation());
            same.add(toJson(link));
        }
        return json;
    }

    private static ObjectNode toJson(Link link) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("href", link.href());
        json.put("title", link.title());
        if (!link.mediaType().isEmpty()) {
            json.put("type", link.mediaType());
        }
        if (!link.languages().isEmpty()) {
            link.languages().forEach(json.putArray("hreflang")::add);
        }
        if (!link.contexts().isEmpty()) {
            link.contexts().forEach(json.putArray("context")::add);
        }
        return json;
    }
}
