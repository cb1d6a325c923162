package io.waymark.gateway.session;

import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * The topic aliases of one connection, client to server. Event loop of the connection only.
 *
 * @see "MQTT 5.0 §3.3.2.3.4 Topic Alias"
 */
public final class TopicAliases {
    private final @Nullable String[] topics;

    /** @param maximum highest alias the server announced */
    public TopicAliases(int maximum) {
        topics = new @Nullable String[maximum];
    }

    /** The highest alias. */
    public int maximum() {
        return topics.length;
    }

    /** Why this PUBLISH is refused, or null; remembers the topic it binds. */
    public @Nullable ReasonCode refusal(Publish publish) {
        int alias = publish.topicAlias();
        if (alias == 0) {
            return null;
        }
        if (alias > topics.length) {
            return ReasonCode.TOPIC_ALIAS_INVALID;
        }
        if (!publish.topic().isEmpty()) {
            topics[alias - 1] = publish.topic();
        }
        return topics[alias - 1] == null ? ReasonCode.PROTOCOL_ERROR : null;
    }

    /** The PUBLISH with its topic name in place; only after {@link #refusal} returned null. */
    public Publish resolve(Publish publish) {
        if (publish.topicAlias() == 0 || !publish.topic().isEmpty()) {
            return publish;
        }
        String topic = topics[publish.topicAlias() - 1];
        if (topic == null) {
            throw new IllegalStateException("topic alias " + publish.topicAlias() + " is not bound");
        }
        return publish.withTopic(topic);
    }
}
