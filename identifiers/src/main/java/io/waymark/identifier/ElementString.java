package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.gs1.ApplicationIdentifier;
import io.waymark.identifier.gs1.CharacterSet;
import io.waymark.identifier.gs1.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a GS1 barcode holds: application identifiers and their values, each valid by itself.
 *
 * <p>Two ways of writing: as scanned, where values of variable length end at FNC1 (the GS character, 1D), and for
 * people, {@code (01)09506000134352(21)6789}, where a parenthesis of a value is written {@code \(}.
 *
 * @param elements in the order scanned; the same AI may come again with the same value
 * @see "GS1 General Specifications §7.8"
 */
public record ElementString(List<Element> elements) {
    /** FNC1 as scanners transmit it between elements. */
    public static final char SEPARATOR = '\u001d';
    /** The longest text looked at; no symbol holds more. */
    public static final int MAX_LENGTH = 8192;

    /** Symbology identifiers (ISO/IEC 15424) that announce an element string. */
    private static final Set<String> SYMBOLOGIES = Set.of("]C1", "]e0", "]d2", "]Q3", "]J1");
    /** Keys whose serial is optional; a digital signature needs it. */
    private static final Set<String> SERIALISED_WHEN_SIGNED = Set.of("253", "255", "8003");

    /** Copies the list. */
    public ElementString {
        elements = List.copyOf(elements);
    }

    /**
     * Reads either way of writing, with or without a symbology identifier in front.
     *
     * @throws MalformedIdentifierException if an AI is not assigned, a value breaks its format, or an AI comes twice
     *     with different values
     */
    public static ElementString parse(String raw) throws MalformedIdentifierException {
        if (raw.length() > MAX_LENGTH) {
            throw new MalformedIdentifierException(
                    "element string must be at most " + MAX_LENGTH + " characters but was " + raw.length(), MAX_LENGTH);
        }
        int start = hasSymbology(raw) ? 3 : 0;
        List<Element> elements = raw.startsWith("(", start) ? readBracketed(raw, start) : readScanned(raw, start);
        if (elements.isEmpty()) {
            throw new MalformedIdentifierException("element string is empty", 0);
        }
        refuseContradictions(elements);
        return new ElementString(elements);
    }

    /** Whether the scan says by its symbology identifier that it is an element string. */
    static boolean hasSymbology(String raw) {
        return raw.length() >= 3 && SYMBOLOGIES.contains(raw.substring(0, 3));
    }

    private static List<Element> readScanned(String raw, int start) throws MalformedIdentifierException {
        List<Element> elements = new ArrayList<>();
        int at = skipSeparator(raw, start);
        while (at < raw.length()) {
            ApplicationIdentifier ai = ApplicationIdentifier.findAt(raw, at);
            if (ai == null) {
                throw unknown(raw, at);
            }
            int from = at + ai.code().length();
            int separator = raw.indexOf(SEPARATOR, from);
            int end = separator < 0 ? raw.length() : separator;
            if (ai.fixedLength()) {
                end = Math.min(end, from + ai.maxLength());
            }
            elements.add(element(ai, raw.substring(from, end), from));
            at = skipSeparator(raw, end);
        }
        return elements;
    }

    private static int skipSeparator(String raw, int at) {
        return at < raw.length() && raw.charAt(at) == SEPARATOR ? at + 1 : at;
    }

    private static List<Element> readBracketed(String raw, int start) throws MalformedIdentifierException {
        List<Element> elements = new ArrayList<>();
        int at = start;
        while (at < raw.length()) {
            int close = closingOf(raw, at);
            if (close < 0) {
                throw new MalformedIdentifierException(
                        "expected an application identifier in parentheses at " + at + " of \"" + raw + "\"", at);
            }
            ApplicationIdentifier ai = ApplicationIdentifier.find(raw.subSequence(at + 1, close));
            if (ai == null) {
                throw unknown(raw, at + 1);
            }
            StringBuilder value = new StringBuilder();
            at = readValue(raw, close + 1, value);
            elements.add(element(ai, value.toString(), close + 1));
        }
        return elements;
    }

    /** Index of the parenthesis that closes the AI opened at {@code at}, or -1 if none is opened there. */
    private static int closingOf(String raw, int at) {
        if (at >= raw.length() || raw.charAt(at) != '(') {
            return -1;
        }
        int close = raw.indexOf(')', at);
        boolean digits = close >= at + 3 && close <= at + 5 && CharacterSet.N.firstForeign(raw, at + 1, close) < 0;
        return digits ? close : -1;
    }

    private static int readValue(String raw, int from, StringBuilder value) {
        int at = from;
        while (at < raw.length() && closingOf(raw, at) < 0) {
            boolean escaped = raw.startsWith("\\(", at);
            value.append(raw.charAt(escaped ? at + 1 : at));
            at += escaped ? 2 : 1;
        }
        return at;
    }

    private static MalformedIdentifierException unknown(String raw, int at) {
        String there = raw.substring(at, Math.min(raw.length(), at + 4));
        return new MalformedIdentifierException("no GS1 application identifier begins \"" + there + "\", at " + at, at);
    }

    /** Checks a value; the AI must be assigned. */
    static Element element(ApplicationIdentifier ai, String value, int position) throws MalformedIdentifierException {
        Violation violation = ai.check(value);
        if (violation != null) {
            throw new MalformedIdentifierException(ai + " " + violation.message(), position + violation.position());
        }
        return new Element(ai.code(), value);
    }

    private static void refuseContradictions(List<Element> elements) throws MalformedIdentifierException {
        Map<String, String> seen = new HashMap<>();
        for (Element e : elements) {
            String former = seen.put(e.ai(), e.value());
            if (former != null && !former.equals(e.value())) {
                throw new MalformedIdentifierException(
                        "AI " + e.ai() + " comes twice, with \"" + former + "\" and \"" + e.value() + "\"", -1);
            }
        }
    }

    /** The value of an AI, if it is there. */
    public Optional<String> value(String ai) {
        return elements.stream()
                .filter(e -> e.ai().equals(ai))
                .map(Element::value)
                .findFirst();
    }

    /**
     * What the symbol is on: its first key and those qualifiers of it that are there. Empty if it holds only
     * attributes.
     */
    public Optional<Gs1Key> key() {
        for (Element e : elements) {
            ApplicationIdentifier ai = ApplicationIdentifier.find(e.ai());
            List<List<String>> orders = ai == null ? null : ai.qualifierOrders();
            if (orders != null) {
                return Optional.of(new Gs1Key(qualified(e, orders)));
            }
        }
        return Optional.empty();
    }

    private List<Element> qualified(Element key, List<List<String>> orders) {
        List<Element> qualified = new ArrayList<>();
        qualified.add(key);
        for (String ai : chooseOrder(orders)) {
            value(ai).ifPresent(v -> qualified.add(new Element(ai, v)));
        }
        return qualified;
    }

    /** The sequence whose finest qualifier is there: 235 beats 10, 21 beats 235. Else the first. */
    private List<String> chooseOrder(List<List<String>> orders) {
        for (List<String> order : orders) {
            if (!order.isEmpty() && value(order.get(order.size() - 1)).isPresent()) {
                return order;
            }
        }
        return orders.get(0);
    }

    /**
     * What is wrong with the combination of AIs: one that must not stand with another, or misses one it needs. To be
     * asked of all symbols of an item together, so {@link #parse} does not.
     */
    public Optional<String> associationProblem() {
        Set<String> present = new HashSet<>();
        elements.forEach(e -> present.add(e.ai()));
        for (Element e : elements) {
            ApplicationIdentifier ai = ApplicationIdentifier.find(e.ai());
            String problem = ai == null ? null : problem(ai, present);
            if (problem != null) {
                return Optional.of(problem);
            }
        }
        return present.contains("8030") ? unserialised() : Optional.empty();
    }

    private static @Nullable String problem(ApplicationIdentifier ai, Set<String> present) {
        for (String pattern : ai.excludes()) {
            for (String other : present) {
                if (!other.equals(ai.code()) && matches(other, pattern)) {
                    return ai + " must not stand with AI " + other;
                }
            }
        }
        for (List<List<String>> alternatives : ai.needs()) {
            if (alternatives.stream().noneMatch(all -> all.stream().allMatch(p -> anyMatches(present, p)))) {
                return ai + " needs one of " + alternatives;
            }
        }
        return null;
    }

    private Optional<String> unserialised() {
        for (Element e : elements) {
            ApplicationIdentifier ai = ApplicationIdentifier.find(e.ai());
            boolean bare = ai != null
                    && SERIALISED_WHEN_SIGNED.contains(e.ai())
                    && e.value().length() == ai.minLength();
            if (bare) {
                return Optional.of(ai + " needs a serial because AI 8030 signs it");
            }
        }
        return Optional.empty();
    }

    private static boolean anyMatches(Set<String> present, String pattern) {
        return present.stream().anyMatch(ai -> matches(ai, pattern));
    }

    /** Whether the AI is of the pattern, in which n stands for any digit. */
    private static boolean matches(String ai, String pattern) {
        if (ai.length() != pattern.length()) {
            return false;
        }
        for (int i = 0; i < ai.length(); i++) {
            if (pattern.charAt(i) != 'n' && pattern.charAt(i) != ai.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The elements as a scanner transmits them, without symbology identifier. */
    public String scanned() {
        StringBuilder out = new StringBuilder();
        boolean separate = false;
        for (Element e : elements) {
            if (separate) {
                out.append(SEPARATOR);
            }
            out.append(e.ai()).append(e.value());
            ApplicationIdentifier ai = ApplicationIdentifier.find(e.ai());
            separate = ai == null || !ai.fixedLength();
        }
        return out.toString();
    }

    /** The elements for people. */
    public String bracketed() {
        StringBuilder out = new StringBuilder();
        for (Element e : elements) {
            out.append('(').append(e.ai()).append(')').append(e.value().replace("(", "\\("));
        }
        return out.toString();
    }
}
