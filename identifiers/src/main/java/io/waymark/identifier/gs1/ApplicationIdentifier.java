package io.waymark.identifier.gs1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One application identifier (AI): what its value looks like and with which others it may stand.
 *
 * @param code two to four digits
 * @param title data title, for people
 * @param fixedLength whether the value's length follows from the AI's first two digits, so that no separator follows
 * @param linkAttribute whether it may stand in the query of a Digital Link
 * @param parts format of the value, in order
 * @param needs groups of alternatives; of each group one must be on the same item
 * @param excludes AIs (n: any digit) that must not be on the same item
 * @param qualifierOrders for primary keys of Digital Links the alternative sequences of qualifiers; null for others
 * @see "GS1 General Specifications §3"
 */
public record ApplicationIdentifier(
        String code,
        String title,
        boolean fixedLength,
        boolean linkAttribute,
        List<Part> parts,
        List<List<List<String>>> needs,
        List<String> excludes,
        @Nullable List<List<String>> qualifierOrders) {

    /** Copies the lists. */
    public ApplicationIdentifier {
        parts = List.copyOf(parts);
        needs = List.copyOf(needs);
        excludes = List.copyOf(excludes);
        qualifierOrders = qualifierOrders == null ? null : List.copyOf(qualifierOrders);
    }

    /** Finds an AI by all its digits, or null if GS1 assigned none. */
    public static @Nullable ApplicationIdentifier find(CharSequence code) {
        return ApplicationIdentifierTable.find(code, 0, code.length());
    }

    /** Finds the AI that an element string has at {@code at}, or null if the digits there are none. */
    public static @Nullable ApplicationIdentifier findAt(CharSequence text, int at) {
        int length = ApplicationIdentifierTable.lengthAt(text, at);
        return length == 0 ? null : ApplicationIdentifierTable.find(text, at, at + length);
    }

    /** Every assigned AI, in order. */
    public static List<ApplicationIdentifier> all() {
        return ApplicationIdentifierTable.all();
    }

    /** Whether it names a thing, and so may lead a Digital Link path. */
    public boolean isPrimaryKey() {
        return qualifierOrders != null;
    }

    /** Whether the AI may qualify this primary key. */
    public boolean isQualifiedBy(String qualifier) {
        return qualifierOrders != null && qualifierOrders.stream().anyMatch(order -> order.contains(qualifier));
    }

    /** Whether a check digit protects the value or a part of it. */
    public boolean hasCheckDigit() {
        return parts.stream().anyMatch(p -> p.rules().contains(ValueRule.CHECK));
    }

    /** Longest value. */
    public int maxLength() {
        return parts.stream().mapToInt(Part::max).sum();
    }

    /** Shortest value. */
    public int minLength() {
        return parts.stream().filter(p -> !p.optional()).mapToInt(Part::min).sum();
    }

    /** What is wrong with the value, or null if nothing is. */
    public @Nullable Violation check(String value) {
        int at = 0;
        for (Part part : parts) {
            if (at == value.length() && part.optional()) {
                return null;
            }
            int end = Math.min(value.length(), at + part.max());
            Violation violation = part.check(value, at, end);
            if (violation != null) {
                return violation;
            }
            at = end;
        }
        return at == value.length() ? null : tooLong(value);
    }

    private Violation tooLong(String value) {
        return new Violation(
                "must be at most " + maxLength() + " characters but \"" + value + "\" has " + value.length(),
                maxLength());
    }

    @Override
    public String toString() {
        return "AI " + code + " " + title;
    }

    /**
     * A stretch of a value.
     *
     * @param set its characters
     * @param min fewest characters
     * @param max most characters
     * @param optional whether the value may end before it
     * @param rules what else holds
     */
    public record Part(CharacterSet set, int min, int max, boolean optional, List<ValueRule> rules) {
        /** Copies the rules. */
        public Part {
            rules = List.copyOf(rules);
        }

        @Nullable
        Violation check(String value, int from, int to) {
            if (to - from < min) {
                String length = min == max ? min + " characters" : "at least " + min + " characters";
                return new Violation(
                        "must have " + length + " from place " + from + " but \"" + value + "\" has " + (to - from),
                        from);
            }
            int foreign = set.firstForeign(value, from, to);
            if (foreign >= 0) {
                return new Violation(
                        "must be " + describe(set) + " but has " + show(value.charAt(foreign)) + " at " + foreign
                                + " of \"" + value + "\"",
                        foreign);
            }
            return rules.isEmpty() ? null : checkRules(value, from, to);
        }

        private @Nullable Violation checkRules(String value, int from, int to) {
            String part = value.substring(from, to);
            for (ValueRule rule : rules) {
                if (!rule.accepts(part)) {
                    return new Violation(rule.demand() + hint(rule, part) + ", was \"" + part + "\"", from);
                }
            }
            return null;
        }

        private static String hint(ValueRule rule, String part) {
            return rule == ValueRule.CHECK ? " " + CheckDigit.of(part, 0, part.length() - 1) : "";
        }

        private static String describe(CharacterSet set) {
            return switch (set) {
                case N -> "digits";
                case X -> "characters of GS1 set 82";
                case Y -> "characters of GS1 set 39";
                case Z -> "base64url";
            };
        }

        private static String show(char c) {
            return c > 0x20 && c < 0x7f ? "'" + c + "'" : "U+" + Integer.toHexString(c);
        }
    }
}
