package io.waymark.resolver.link;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client prefers, as {@code Accept} and {@code Accept-Language} say it: ranges with weights.
 *
 * @param ranges heaviest first, else in the order written; those of weight 0 last
 * @see "RFC 9110 §12.4.2 Quality Values"
 */
public record Preferences(List<Range> ranges) {
    private static final int MAX_RANGES = 32;
    private static final int MAX_LENGTH = 2000;

    /**
     * One range.
     *
     * @param name in lower case, without parameters: {@code text/html}, {@code zh-cn}, {@code *}
     * @param weight 0 … 1; 0 = unwanted
     */
    public record Range(String name, double weight) {}

    /** Copies the list. */
    public Preferences {
        ranges = List.copyOf(ranges);
    }

    /** Reads a header; what cannot be read is passed over, and so is all beyond {@value #MAX_RANGES} ranges. */
    public static Preferences parse(String header) {
        List<Range> ranges = new ArrayList<>();
        String read = header.length() > MAX_LENGTH ? header.substring(0, MAX_LENGTH) : header;
        for (String part : read.split(",", MAX_RANGES + 1)) {
            // with a limit, or ";" would have no pieces at all
            String[] pieces = part.trim().split(";", -1);
            String name = pieces[0].trim().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && ranges.size() < MAX_RANGES) {
                ranges.add(new Range(name, weight(pieces)));
            }
        }
        ranges.sort(Comparator.comparingDouble(Range::weight).reversed());
        return new Preferences(ranges);
    }

    private static double weight(String[] pieces) {
        for (int i = 1; i < pieces.length; i++) {
            String piece = pieces[i].trim();
            if (piece.regionMatches(true, 0, "q=", 0, 2)) {
                try {
                    double weight = Double.parseDouble(piece.substring(2));
                    return Double.isNaN(weight) ? 1 : Math.max(0, Math.min(1, weight));
                } catch (NumberFormatException e) {
                    return 1;
                }
            }
        }
        return 1;
    }

    /** Whether the client says nothing. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How welcome a media type is, by the most specific range it falls under; 0 if it is not. */
    public double ofMediaType(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        String family = type.substring(0, type.indexOf('/') + 1) + '*';
        for (String name : List.of(type, family, "*/*")) {
            for (Range range : ranges) {
                if (range.name().equals(name)) {
                    return range.weight();
                }
            }
        }
        return 0;
    }

    /** The offered media type the client names and likes best; empty if he names none of them. */
    public Optional<String> favourite(List<String> offered) {
        return ranges.stream()
                .filter(r -> r.weight() > 0 && offered.contains(r.name()))
                .map(Range::name)
                .findFirst();
    }

    /** Whether a range other than {@code *}{@code /*} names the media type. */
    public boolean names(String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        String family = type.substring(0, type.indexOf('/') + 1) + '*';
        return ranges.stream()
                .anyMatch(r ->
                        r.weight() > 0 && (r.name().equals(type) || r.name().equals(family)));
    }
}
