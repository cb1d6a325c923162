package io.waymark.resolver.link;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What links are for. Types of the GS1 Web Vocabulary are written {@code gs1:pip} or as whole addresses in its present or
 * its former name space; inside, and in answers, they are whole addresses in the present one.
 *
 * @see "GS1-Conformant Resolver Standard 1.2 §2.14"
 */
public final class LinkTypes {
    /** The vocabulary's name space. */
    public static final String VOCABULARY = "https://ref.gs1.org/voc/";
    /** Short for {@link #VOCABULARY}. */
    public static final String PREFIX = "gs1:";
    /** The one link followed when nothing in the request says otherwise. */
    public static final String DEFAULT = VOCABULARY + "defaultLink";
    /** Links followed instead of the default when the request asks for their language, media type or context. */
    public static final String DEFAULT_MULTI = VOCABULARY + "defaultLinkMulti";

    private static final String FORMER_VOCABULARY = "https://gs1.org/voc/";
    /** The schema for linksets takes no other relations. */
    private static final Pattern RELATION = Pattern.compile("[a-z-]{1,64}|https?://[a-zA-Z0-9./_]{1,200}");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._]{1,64}");
    private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    private static final Map<String, String> TITLES = Map.of(
            "pip", "Product information",
            "dpp", "Digital product passport",
            "epcis", "EPCIS repository",
            "epil", "Electronic patient information leaflet",
            "smpc", "Summary of product characteristics",
            "faqs", "Frequently asked questions",
            "defaultLink", "More about this item");

    private LinkTypes() {}

    /**
     * The whole address of a type as somebody wrote it.
     *
     * @return empty if it is no type a linkset can hold
     */
    public static Optional<String> expand(String written) {
        if (written.startsWith(PREFIX)) {
            String name = written.substring(PREFIX.length());
            return NAME.matcher(name).matches() ? Optional.of(VOCABULARY + name) : Optional.empty();
        }
        if (written.startsWith(FORMER_VOCABULARY)) {
            return expand(PREFIX + written.substring(FORMER_VOCABULARY.length()));
        }
        return RELATION.matcher(written).matches() ? Optional.of(written) : Optional.empty();
    }

    /** The short form, {@code gs1:pip}, where there is one. */
    public static String shortened(String relation) {
        return relation.startsWith(VOCABULARY) ? PREFIX + relation.substring(VOCABULARY.length()) : relation;
    }

    /** What a link is called whose record gives it no title: its type's name in words. */
    public static String title(String relation) {
        String name = relation.substring(relation.lastIndexOf('/') + 1);
        String known = TITLES.get(name);
        if (known != null) {
            return known;
        }
        String words =
                WORD_START.matcher(name).replaceAll(" ").replace('-', ' ').toLowerCase(java.util.Locale.ROOT);
        return words.isEmpty() ? relation : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
