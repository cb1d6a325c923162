package io.waymark.gateway.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A packet as names and values, as a scenario writes it: {@code publish topic=a qos=1}. A name may come several times.
 *
 * @param type the first word
 * @param values by name
 */
record Fields(String type, Map<String, List<String>> values) {
    static Fields of(String type) {
        return new Fields(type, new TreeMap<>());
    }

    static Fields parse(String text) {
        String[] words = text.strip().split(" +");
        Fields fields = of(words[0]);
        for (int i = 1; i < words.length; i++) {
            int at = words[i].indexOf('=');
            if (at < 0) {
                throw new AssertionError("\"" + words[i] + "\" in \"" + text + "\" must be name=value");
            }
            fields.add(words[i].substring(0, at), words[i].substring(at + 1));
        }
        return fields;
    }

    void add(String name, Object value) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(String.valueOf(value));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    String get(String name, String otherwise) {
        return has(name) ? values.get(name).get(0) : otherwise;
    }

    int number(String name, int otherwise) {
        return has(name) ? Integer.decode(get(name, "")) : otherwise;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(type);
        values.forEach((name, all) ->
                all.forEach(value -> text.append(' ').append(name).append('=').append(value)));
        return text.toString();
    }
}
