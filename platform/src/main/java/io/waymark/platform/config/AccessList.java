package io.waymark.platform.config;

import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.access.AccessRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The list {@code gateway.access}: who may publish and subscribe where. */
final class AccessList {
    /** Fields of one entry. */
    static final Set<String> FIELDS = Set.of("group", "effect", "scope", "filter");

    private AccessList() {}

    static List<AccessRule> read(SettingReader reader) {
        List<AccessRule> rules = new ArrayList<>();
        List<Map<String, String>> entries = reader.list(Settings.ACCESS);
        for (int i = 0; i < entries.size(); i++) {
            String key = Settings.ACCESS + "[" + i + "]";
            Map<String, String> fields = entries.get(i);
            AccessRule rule = new AccessRule(
                    fields.getOrDefault("group", AccessRule.EVERY_GROUP),
                    word(AccessRule.Effect.class, fields.getOrDefault("effect", "allow"), key + ".effect", reader),
                    word(AccessRule.Scope.class, fields.getOrDefault("scope", "all"), key + ".scope", reader),
                    fields.getOrDefault("filter", ""));
            checkFilter(rule, key, reader);
            rules.add(rule);
        }
        return rules;
    }

    private static void checkFilter(AccessRule rule, String key, SettingReader reader) {
        try {
            new AccessRules(List.of(rule));
        } catch (IllegalArgumentException e) {
            reader.problem(key + ".filter", "must be a topic filter but was \"" + rule.filter() + "\"");
        }
    }

    private static <E extends Enum<E>> E word(Class<E> type, String text, String key, SettingReader reader) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            reader.problem(key, "must be " + String.join(" or ", words(type)) + " but was \"" + text + "\"");
            return type.getEnumConstants()[0];
        }
    }

    private static <E extends Enum<E>> List<String> words(Class<E> type) {
        List<String> words = new ArrayList<>();
        for (E each : type.getEnumConstants()) {
            words.add(each.name().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
