package io.waymark.resolver.link;

import java.util.List;

/**
 * A link of a record.
 *
 * @param relation what is at its end: a whole address such as {@code https://ref.gs1.org/voc/pip}, or a registered word
 *     such as {@code describedby}
 * @param href where it leads; {@link WebAddress#isWeb} holds
 * @param title for people, not empty
 * @param languages of what is there, as BCP 47 tags; empty if for all
 * @param mediaType of what is there; empty if not told
 * @param contexts where or for whom it is meant, for example countries; empty if everywhere
 */
public record Link(
        String relation, String href, String title, List<String> languages, String mediaType, List<String> contexts) {
    /** Copies the lists. */
    public Link {
        languages = List.copyOf(languages);
        contexts = List.copyOf(contexts);
    }

    /** A link for everybody. */
    public static Link plain(String relation, String href, String title) {
        return new Link(relation, href, title, List.of(), "", List.of());
    }
}
