package io.waymark.resolver.link;

import io.waymark.resolver.link.Preferences.Range;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Which links suit a request best. Three questions are asked of them one after the other, media type, language and
 * context; each keeps the links that answer it best. A link that says nothing of a question suits everybody, but less than
 * one that was meant. Where no link suits, the question is dropped: something is better than nothing.
 *
 * @see "GS1-Conformant Resolver Standard 1.2 §2.6.3"
 * @see "RFC 4647 §3 Matching Language Tags"
 */
public final class LinkChoice {
    private static final double FOR_EVERYBODY = 0.01;

    private LinkChoice() {}

    /**
     * The best of some links of one type.
     *
     * @return all of them that cannot be told apart by the request; links to the same address count as one
     */
    public static List<Link> best(List<Link> links, LinkWish wish) {
        List<Link> byType = keepBest(links, l -> mediaType(l, wish));
        List<Link> byLanguage = keepBest(byType, l -> language(l, wish));
        List<Link> byContext = keepBest(byLanguage, l -> context(l, wish));
        return distinct(byContext);
    }

    /**
     * The link followed if no type is asked for: that of the {@link LinkTypes#DEFAULT_MULTI} links the request asks for by
     * language, media type or context and by nothing against it; else the default link.
     *
     * @return empty if the item has no default link
     */
    public static Optional<Link> main(ItemLinks item, LinkWish wish) {
        List<Link> asked = item.ofType(LinkTypes.DEFAULT_MULTI).stream()
                .filter(l -> contradictsNothing(l, wish) && isAskedFor(l, wish))
                .toList();
        List<Link> best = best(asked, wish);
        return best.size() == 1 ? Optional.of(best.get(0)) : item.main();
    }

    private static boolean contradictsNothing(Link l, LinkWish wish) {
        return mediaType(l, wish) > 0 && language(l, wish) > 0 && context(l, wish) > 0;
    }

    private static boolean isAskedFor(Link l, LinkWish wish) {
        boolean byType = !l.mediaType().isEmpty() && wish.mediaTypes().names(l.mediaType());
        boolean byLanguage = !l.languages().isEmpty() && !wish.languages().isEmpty();
        boolean byContext = !l.contexts().isEmpty() && !wish.contexts().isEmpty();
        return byType || byLanguage || byContext;
    }

    private static List<Link> keepBest(List<Link> links, ToDoubleFunction<Link> score) {
        double best = links.stream().mapToDouble(score).max().orElse(0);
        Predicate<Link> isBest = l -> score.applyAsDouble(l) >= best;
        return best > 0 ? links.stream().filter(isBest).toList() : links;
    }

    private static List<Link> distinct(List<Link> links) {
        List<String> addresses = links.stream().map(Link::href).distinct().toList();
        return addresses.size() == 1 ? links.subList(0, 1) : links;
    }

    private static double mediaType(Link l, LinkWish wish) {
        if (wish.mediaTypes().isEmpty()) {
            return 1;
        }
        return l.mediaType().isEmpty()
                ? Math.max(FOR_EVERYBODY, wish.mediaTypes().ofMediaType("*/*"))
                : wish.mediaTypes().ofMediaType(l.mediaType());
    }

    /** Without a wish, links for all languages come first. */
    private static double language(Link l, LinkWish wish) {
        if (l.languages().isEmpty()) {
            return wish.languages().isEmpty() ? 1 : FOR_EVERYBODY / 100;
        }
        if (wish.languages().isEmpty()) {
            return FOR_EVERYBODY;
        }
        return l.languages().stream()
                .mapToDouble(tag -> language(tag.toLowerCase(Locale.ROOT), wish.languages()))
                .max()
                .orElse(0);
    }

    /** The weight of the best range, less a little for every step away from the very tag. */
    private static double language(String tag, Preferences languages) {
        double best = 0;
        for (Range range : languages.ranges()) {
            if (range.name().equals(tag) && range.weight() == 0) {
                return 0;
            }
            best = Math.max(best, range.weight() * nearness(range.name(), tag));
        }
        return best;
    }

    private static double nearness(String range, String tag) {
        if (range.equals(tag)) {
            return 1;
        }
        if (range.equals("*")) {
            return FOR_EVERYBODY / 10;
        }
        if (tag.startsWith(range + '-')) {
            return 0.9999; // zh asked, zh-CN there
        }
        return range.startsWith(tag + '-') ? 0.999 : 0; // zh-CN asked, zh there
    }

    private static double context(Link l, LinkWish wish) {
        if (l.contexts().isEmpty()) {
            return wish.contexts().isEmpty() ? 1 : FOR_EVERYBODY;
        }
        if (wish.contexts().isEmpty()) {
            return FOR_EVERYBODY;
        }
        return l.contexts().stream().anyMatch(c -> isAny(c, wish.contexts())) ? 1 : 0;
    }

    private static boolean isAny(String context, List<String> wished) {
        return wished.stream().anyMatch(context::equalsIgnoreCase);
    }
}
