package io.waymark.gateway.session;

import io.waymark.gateway.packet.Publish;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The topic aliases of one connection, server to client: the topics used last have one. Event loop of the connection only.
 *
 * @see "MQTT 5.0 §3.3.2.3.4 Topic Alias"
 */
public final class OutboundAliases {
    /** An alias takes three octets itself. */
    private static final int TOPIC_LENGTH_MIN = 4;

    private final Map<String, Integer> aliases = new LinkedHashMap<>(4, 0.75f, true);
    private final int maximum;

    /** @param maximum highest alias, 0 = none */
    public OutboundAliases(int maximum) {
        this.maximum = maximum;
    }

    /** The PUBLISH with the alias of its topic: beside the topic the first time, instead of it from then on. */
    public Publish applied(Publish publish) {
        String topic = publish.topic();
        if (maximum == 0 || topic.length() < TOPIC_LENGTH_MIN) {
            return publish;
        }
        Integer known = aliases.get(topic);
        if (known != null) {
            return publish.withAlias("", known);
        }
        int alias = aliases.size() < maximum ? aliases.size() + 1 : takeFromEldest();
        aliases.put(topic, alias);
        return publish.withAlias(topic, alias);
    }

    private int takeFromEldest() {
        var eldest = aliases.entrySet().iterator();
        int alias = eldest.next().getValue();
        eldest.remove();
        return alias;
    }
}
