package io.waymark.platform.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the known name somebody probably meant. */
final class Nearest {
    private Nearest() {}

    /** {@code "; did you mean X?"}, or nothing when no name is near. */
    static String suggestion(String said, List<String> known) {
        return nearest(said, known).map(k -> "; did you mean " + k + "?").orElse("");
    }

    private static Optional<String> nearest(String said, List<String> known) {
        Optional<String> tail =
                known.stream().filter(k -> k.endsWith("." + said)).min(Comparator.comparingInt(String::length));
        return tail.isPresent() ? tail : byDistance(said, known);
    }

    private static Optional<String> byDistance(String said, List<String> known) {
        int bound = Math.max(3, said.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt((String k) -> distance(said, k)).thenComparing(Comparator.naturalOrder()))
                .filter(k -> distance(said, k) <= bound);
    }

    /** Levenshtein: insertions, deletions and replacements that turn one into the other. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
