package io.waymark.platform.config;

import io.waymark.trace.TraceConfig.ReadPointRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The list {@code trace.read-points}: what a read at a device or topic means. */
final class ReadPoints {
    /** Fields of one entry. */
    static final Set<String> FIELDS =
            Set.of("match", "read-point", "biz-location", "biz-step", "disposition", "action");

    private static final Set<String> ACTIONS = Set.of("ADD", "OBSERVE", "DELETE");

    private ReadPoints() {}

    static List<ReadPointRule> read(SettingReader reader) {
        List<ReadPointRule> rules = new ArrayList<>();
        List<Map<String, String>> entries = reader.list(Settings.READ_POINTS);
        for (int i = 0; i < entries.size(); i++) {
            rules.add(rule(entries.get(i), Settings.READ_POINTS + "[" + i + "]", reader));
        }
        return rules;
    }

    private static ReadPointRule rule(Map<String, String> fields, String key, SettingReader reader) {
        for (String required : List.of("match", "read-point", "biz-step")) {
            if (!fields.containsKey(required)) {
                reader.problem(key + " needs " + required);
            }
        }
        String action = fields.getOrDefault("action", "OBSERVE");
        if (!ACTIONS.contains(action)) {
            reader.problem(key + ".action", "must be ADD, OBSERVE or DELETE but was \"" + action + "\"");
        }
        return new ReadPointRule(
                fields.getOrDefault("match", ""),
                fields.getOrDefault("read-point", ""),
                fields.getOrDefault("biz-location", ""),
                fields.getOrDefault("biz-step", ""),
                fields.getOrDefault("disposition", ""),
                action);
    }
}
