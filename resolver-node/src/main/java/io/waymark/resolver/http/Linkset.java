package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.HandleValue;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A record's links as GS1 and RFC 9264 write them. A value of type {@code URL} is the default link; one of type {@code
 * gs1:pip}, {@code gs1:certificationInfo}, … is a link of that type.
 *
 * @see "RFC 9264 §4.2 JSON Document Format"
 * @see "GS1-Conformant Resolver Standard 1.2"
 */
final class Linkset {
    static final String VOCABULARY = "https://gs1.org/voc/";
    private static final String PREFIX = "gs1:";

    private Linkset() {}

    /**
     * The document.
     *
     * @param anchor the Digital Link the links are about
     * @param recordAddress where the whole record is
     */
    static ObjectNode toJson(String anchor, String recordAddress, List<HandleValue> values) {
        ObjectNode context = JsonNodeFactory.instance.objectNode();
        context.put("anchor", anchor);
        Links.main(values).ifPresent(v -> add(context, VOCABULARY + "defaultLink", v.dataText(), "default"));
        values.stream()
                .sorted(Comparator.comparingInt(HandleValue::index))
                .filter(v -> isTyped(v) && Links.isWebAddress(v.dataText()))
                .forEach(v -> add(context, VOCABULARY + v.type().substring(PREFIX.length()), v.dataText(), v.type()));
        context.withArray("describedby")
                .addObject()
                .put("href", recordAddress)
                .put("type", "application/json")
                .put("title", "Handle record");
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putArray("linkset").add(context);
        return document;
    }

    private static void add(ObjectNode context, String relation, String address, String title) {
        context.withArray('/' + relation.replace("~", "~0").replace("/", "~1"))
                .addObject()
                .put("href", address)
                .put("title", title);
    }

    /** The link of a type, written {@code gs1:pip} or as the vocabulary's whole address. */
    static Optional<HandleValue> ofType(List<HandleValue> values, String linkType) {
        String wanted = linkType.startsWith(VOCABULARY) ? PREFIX + linkType.substring(VOCABULARY.length()) : linkType;
        if (wanted.equals("gs1:defaultLink")) {
            return Links.main(values);
        }
        return values.stream()
                .filter(v -> isTyped(v) && v.type().equals(wanted) && Links.isWebAddress(v.dataText()))
                .min(Comparator.comparingInt(HandleValue::index));
    }

    /** The types a client may ask for. */
    static Set<String> types(List<HandleValue> values) {
        Set<String> types = new TreeSet<>();
        values.stream().filter(Linkset::isTyped).forEach(v -> types.add(v.type()));
        Links.main(values).ifPresent(v -> types.add("gs1:defaultLink"));
        return types;
    }

    private static boolean isTyped(HandleValue v) {
        return v.type().startsWith(PREFIX) && v.type().length() > PREFIX.length();
    }
}
