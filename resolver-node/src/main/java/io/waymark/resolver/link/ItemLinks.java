package io.waymark.resolver.link;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The links of one item.
 *
 * <p>Three kinds of values are links: {@value LinkSetValue#TYPE} (JSON, with attributes), {@code gs1:pip} and the like (an
 * address, whose type is the value's), and {@code URL} (an address). The default link is the {@code gs1:defaultLink} of the
 * {@code LINKSET} or value with the lowest index that has one; where none has, the {@code URL} with the lowest index.
 *
 * @param description what the item is called; empty if its record does not say
 * @param links the default link first, if there is one; no two of type {@link LinkTypes#DEFAULT}
 */
public record ItemLinks(String description, List<Link> links) {
    private static final Set<String> NAMES = Set.of("TITLE", "NAME", "DESC", "DESCRIPTION");
    private static final int MAX_NAME = 200;

    /** Copies the list. */
    public ItemLinks {
        links = List.copyOf(links);
    }

    /**
     * Reads a record's links. What is no link, or breaks its form, is passed over.
     *
     * @param values those the reader may see
     * @param about the type a default link has besides, if no other link leads where it does and none is of this type
     */
    public static ItemLinks of(List<HandleValue> values, String about) {
        List<HandleValue> ordered = values.stream()
                .sorted(Comparator.comparingInt(HandleValue::index))
                .toList();
        String description = "";
        List<Link> links = new ArrayList<>();
        for (HandleValue v : ordered) {
            LinkSetValue.Content content = content(v);
            links.addAll(content.links());
            description = description.isEmpty() ? content.description() : description;
        }
        Optional<Link> main = links.stream()
                .filter(l -> l.relation().equals(LinkTypes.DEFAULT))
                .findFirst()
                .or(() -> url(ordered).map(v -> Link.plain(LinkTypes.DEFAULT, v.dataText(), LinkTypes.title(about))));
        links.removeIf(l -> l.relation().equals(LinkTypes.DEFAULT));
        main.ifPresent(link -> addDefault(link, about, links));
        return new ItemLinks(description.isEmpty() ? name(ordered) : description, links);
    }

    /** A default link is a bare title and address; what it is about is told by a second link of another type. */
    private static void addDefault(Link link, String about, List<Link> links) {
        boolean told = links.stream().anyMatch(l -> l.href().equals(link.href()));
        boolean taken = links.stream().anyMatch(l -> l.relation().equals(about));
        if (!told) {
            String relation = taken ? "about" : about;
            links.add(
                    0,
                    new Link(relation, link.href(), link.title(), link.languages(), link.mediaType(), link.contexts()));
        }
        links.add(0, Link.plain(LinkTypes.DEFAULT, link.href(), link.title()));
    }

    private static LinkSetValue.Content content(HandleValue v) {
        if (Handle.foldAscii(v.type()).equals(LinkSetValue.TYPE)) {
            try {
                return LinkSetValue.decode(v.data());
            } catch (MalformedRecordException e) {
                return new LinkSetValue.Content("", List.of()); // registered before this node checked it
            }
        }
        boolean typed = v.type().startsWith(LinkTypes.PREFIX) && WebAddress.isWeb(v.dataText());
        return new LinkSetValue.Content(
                "",
                typed
                        ? LinkTypes.expand(v.type()).map(r -> Link.plain(r, v.dataText(), LinkTypes.title(r))).stream()
                                .toList()
                        : List.of());
    }

    private static Optional<HandleValue> url(List<HandleValue> ordered) {
        return ordered.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals("URL") && WebAddress.isWeb(v.dataText()))
                .findFirst();
    }

    private static String name(List<HandleValue> ordered) {
        return ordered.stream()
                .filter(v -> NAMES.contains(Handle.foldAscii(v.type())))
                .map(HandleValue::dataText)
                .filter(text -> !text.isBlank() && text.length() <= MAX_NAME)
                .findFirst()
                .orElse("");
    }

    /** The default link. */
    public Optional<Link> main() {
        return ofType(LinkTypes.DEFAULT).stream().findFirst();
    }

    /** The links of a type, in order. */
    public List<Link> ofType(String relation) {
        return links.stream().filter(l -> l.relation().equals(relation)).toList();
    }

    /** The types there are, in short form. */
    public Set<String> types() {
        Set<String> types = new TreeSet<>();
        links.forEach(l -> types.add(LinkTypes.shortened(l.relation())));
        return types;
    }
}
