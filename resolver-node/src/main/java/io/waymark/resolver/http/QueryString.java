package io.waymark.resolver.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a query.
 *
 * @param values in order of appearance
 */
record QueryString(Map<String, List<String>> values) {
    /**
     * Reads a query.
     *
     * @param raw without the question mark
     * @throws WebFault 400 if an escape is broken
     */
    static QueryString parse(String raw) throws WebFault {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String part : raw.split("&")) {
            int equals = part.indexOf('=');
            String name = UriText.decode(equals < 0 ? part : part.substring(0, equals), true);
            String value = equals < 0 ? "" : UriText.decode(part.substring(equals + 1), true);
            if (!name.isEmpty()) {
                values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            }
        }
        return new QueryString(values);
    }

    /** No parameters. */
    static final QueryString NONE = new QueryString(Map.of());

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** On if given empty, {@code yes} or {@code true}. */
    boolean flag(String name, boolean absent) {
        return choice(name).orElse(absent);
    }

    /** As {@link #flag}; empty if it is not given. */
    Optional<Boolean> choice(String name) {
        return first(name).map(v -> v.isEmpty() || v.equalsIgnoreCase("yes") || v.equalsIgnoreCase("true"));
    }

    /** Repeated {@code index} parameters. */
    List<Integer> indexes() throws WebFault {
        List<Integer> indexes = new ArrayList<>();
        for (String text : all("index")) {
            indexes.add(index(text));
        }
        return indexes;
    }

    static int index(String text) throws WebFault {
        try {
            int index = Integer.parseInt(text);
            if (index >= 1) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw badIndex(text);
        }
        throw badIndex(text);
    }

    private static WebFault badIndex(String text) {
        return new WebFault(400, "bad_request", "index must be in 1.." + Integer.MAX_VALUE + " but was " + text);
    }
}
