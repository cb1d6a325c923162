package io.waymark.gateway.packet;

import java.util.ArrayList;
import java.util.List;

/**
 * When messages are acknowledged: the first rule whose filter matches the topic decides, else the listener.
 *
 * @param mqtt of the plain listener
 * @param mqtts of the TLS listener
 * @param webSocket of MQTT over WebSocket
 * @param secureWebSocket of MQTT over WebSocket over TLS
 * @param rules in order
 */
public record AckRules(AckLevel mqtt, AckLevel mqtts, AckLevel webSocket, AckLevel secureWebSocket, List<Rule> rules) {
    /** Everything when it is on disk. */
    public static final AckRules SPOOL =
            new AckRules(AckLevel.SPOOL, AckLevel.SPOOL, AckLevel.SPOOL, AckLevel.SPOOL, List.of());

    /** Name of the user property by which CONNACK tells. */
    public static final String PROPERTY = "waymark-ack";

    /** Most rules CONNACK tells of. */
    private static final int TOLD_MAX = 16;

    /**
     * One rule.
     *
     * @param filter topic filter, not shared
     * @param level of the topics that match
     */
    public record Rule(String filter, AckLevel level) {
        /** Checks the filter. */
        public Rule {
            if (!Topics.isFilter(filter) || Topics.isShared(filter)) {
                throw new IllegalArgumentException(
                        "acknowledgement filter must be a topic filter but was \"" + filter + "\"");
            }
        }
    }

    /** Copies the rules. */
    public AckRules {
        rules = List.copyOf(rules);
    }

    /** What a listener does where no rule applies. */
    public AckLevel of(boolean secure, boolean overWebSocket) {
        if (overWebSocket) {
            return secure ? secureWebSocket : webSocket;
        }
        return secure ? mqtts : mqtt;
    }

    /** What applies to a topic. */
    public AckLevel of(String topic, AckLevel listener) {
        for (int i = 0; i < rules.size(); i++) {
            if (Filters.matches(rules.get(i).filter(), topic)) {
                return rules.get(i).level();
            }
        }
        return listener;
    }

    /** User properties for CONNACK, name and value in turn: the listener's level, then each rule as {@code LEVEL FILTER}. */
    public List<String> told(AckLevel listener) {
        List<String> properties = new ArrayList<>(List.of(PROPERTY, listener.label()));
        for (Rule rule : rules.subList(0, Math.min(TOLD_MAX, rules.size()))) {
            properties.add(PROPERTY);
            properties.add(rule.level().label() + " " + rule.filter());
        }
        return properties;
    }
}
