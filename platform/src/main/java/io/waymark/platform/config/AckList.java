package io.waymark.platform.config;

import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.AckRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** When messages are acknowledged: by listener, and the list {@code gateway.ack} by topic. */
final class AckList {
    /** Fields of one entry. */
    static final Set<String> FIELDS = Set.of("filter", "level");

    private AckList() {}

    static AckRules read(SettingReader reader) {
        List<AckRules.Rule> rules = new ArrayList<>();
        List<Map<String, String>> entries = reader.list(Settings.ACKS);
        for (int i = 0; i < entries.size(); i++) {
            rule(Settings.ACKS + "[" + i + "]", entries.get(i), reader, rules);
        }
        return new AckRules(
                reader.get(GatewayListenerSettings.MQTT_ACK),
                reader.get(GatewayListenerSettings.MQTTS_ACK),
                reader.get(GatewayListenerSettings.WS_ACK),
                reader.get(GatewayListenerSettings.WSS_ACK),
                rules);
    }

    private static void rule(String key, Map<String, String> fields, SettingReader reader, List<AckRules.Rule> rules) {
        String filter = fields.getOrDefault("filter", "");
        String level = fields.getOrDefault("level", "spool");
        try {
            rules.add(new AckRules.Rule(filter, AckLevel.valueOf(level.toUpperCase(Locale.ROOT))));
        } catch (IllegalArgumentException e) {
            reader.problem(
                    key,
                    "must have a topic filter and a level of memory, spool or kafka but was \"" + filter + "\" and \""
                            + level + "\"");
        }
    }
}
