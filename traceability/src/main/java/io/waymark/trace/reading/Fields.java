package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object under forgiving names: case, {@code _}, {@code -} and blanks do not matter, so that
 * {@code deviceTime}, {@code device_time} and {@code DEVICE-TIME} are one. Of fields that fall together the first counts.
 */
final class Fields {
    private final Map<String, JsonNode> byName = new HashMap<>();

    Fields(JsonNode object) {
        object.properties().forEach(e -> byName.putIfAbsent(fold(e.getKey()), e.getValue()));
    }

    static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && c != '-' && c != ' ') {
                folded.append(c);
            }
        }
        return folded.toString().toLowerCase(Locale.ROOT);
    }

    /** The first of the names that is there and not null. */
    @Nullable
    JsonNode first(String... names) {
        for (String name : names) {
            JsonNode value = byName.get(name);
            if (value != null && !value.isNull()) {
                return value;
            }
        }
        return null;
    }

    /** The first of the names that holds text or a number, trimmed of blanks, not empty. */
    @Nullable
    String text(String... names) {
        for (String name : names) {
            JsonNode value = byName.get(name);
            String text = value == null ? null : scalar(value);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** Text or number as text without surrounding blanks (control characters such as GS stay); null for the rest. */
    static @Nullable String scalar(JsonNode value) {
        if (!value.isTextual() && !value.isNumber()) {
            return null;
        }
        String text = stripBlanks(value.asText());
        return text.isEmpty() ? null : text;
    }

    /** Like trim, but GS and its relatives, which are data in element strings, stay. */
    static String stripBlanks(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\r' || c == '\n' || c == '\t';
    }
}
